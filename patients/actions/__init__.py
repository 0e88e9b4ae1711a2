"""Every write to the record: keyword-only, atomic, versioned, attributed.

Import the module of the noun, so that the call reads as a sentence:
`medicines.change_dose(…)`, `allergies.add(…)`, `timeline.record_event(…)`.
"""
