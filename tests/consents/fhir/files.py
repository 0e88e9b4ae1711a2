"""Permissions as other systems send them, and one wrong thing at a time."""

import json
from copy import deepcopy
from typing import Any

from consents.fhir.reading import File, read
from consents.fhir.rules import Whose

ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
PART = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
TYPES = "http://hl7.org/fhir/resource-types"
LOINC = "http://loinc.org"


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def coding(system: str, *names: str) -> list[dict[str, str]]:
    return [{"system": system, "code": name} for name in names]


def actor(reference: dict[str, Any], role: str = "IRCP") -> dict[str, Any]:
    return {"role": coded(PART, role), "reference": reference}


DOCTOR = {"reference": "#dr", "display": "Dr. Pia Ortiz"}


def permit(**more: Any) -> dict[str, Any]:
    """Diagnoses and allergies, for one doctor, for treatment, until 2027."""
    found = {
        "type": "permit",
        "period": {"start": "2026-01-01", "end": "2027-03-01"},
        "actor": [actor(DOCTOR)],
        "purpose": coding(REASON, "TREAT"),
        "class": coding(TYPES, "Condition", "AllergyIntolerance"),
    }
    return {key: value for key, value in (found | more).items() if value is not None}


def consent(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {
        "resourceType": "Consent",
        "status": "active",
        "scope": coded(
            "http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"
        ),
        "category": [coded(ACT, "IDSCL")],
        "contained": [
            {
                "resourceType": "Practitioner",
                "id": "dr",
                "identifier": [
                    {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}
                ],
                "name": [{"text": "Dr. Pia Ortiz"}],
            }
        ],
        "patient": {"reference": "Patient/77", "display": "Amina Diallo"},
        "policyRule": coded(ACT, "OPTOUT"),
        "provision": {"provision": list(rules or [permit()])},
    }
    found = deepcopy(found | more)
    return {key: value for key, value in found.items() if value is not None}


AMINA = Whose("11111111-1111-4111-8111-111111111111", "Amina Diallo", None)


def text(value: Any) -> str:
    return json.dumps(value)


def reading(value: Any, whose: Whose = AMINA) -> File:
    return read(text(value), whose=whose)
