"""Forms of the record; one module a noun. Nothing is preselected, nothing required
in the browser: what is missing is said after the form is sent.
"""
