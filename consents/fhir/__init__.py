"""Permissions to and from other systems: FHIR R4 Consent (docs/fhir-consent.md).

What is written says exactly what the rule does. What is read is never wider than the
file, and opens nothing: it is a draft for the pages where the patient signs.
"""
