"""A permission that a hospital gave Jordan as a file; it waits to be checked."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

from carecoord import zones
from carecoord.demo.story import Stage
from consents import actions as consents
from consents.access.imported import whose
from consents.fhir import codes
from consents.fhir.reading import read
from patients.models import Patient
from providers.models import Party


def bring_in(stage: Stage, jordan: Patient) -> None:
    """Read two days ago; it names a kind that is unknown here."""
    raw = json.dumps(_file(stage, jordan, stage.parties["pcp"]))
    consents.keep_imported(
        patient=jordan,
        file=read(raw, whose=whose(jordan)),
        digest=sha256(raw.encode()).hexdigest(),
        by=jordan.account,
        at=stage.ago(2),
    )


def _file(stage: Stage, jordan: Patient, doctor: Party) -> dict[str, Any]:
    until = zones.today(stage.now + timedelta(days=200), jordan.time_zone)
    rule = {
        "type": "permit",
        "period": {"end": until.isoformat()},
        "actor": [
            {
                "role": _concept(codes.PARTICIPATION, codes.RECIPIENT),
                "reference": {
                    "type": "Practitioner",
                    "identifier": {
                        "system": codes.URI,
                        "value": f"urn:uuid:{doctor.pk}",
                    },
                    "display": doctor.name,
                },
            }
        ],
        "purpose": [{"system": codes.REASON, "code": "TREAT"}],
        "class": [
            {"system": codes.RESOURCE_TYPES, "code": name}
            for name in ("Condition", "AllergyIntolerance", "Immunization")
        ],
    }
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": _concept(codes.SCOPE, codes.PRIVACY),
        "category": [_concept(codes.ACT, "IDSCL")],
        "patient": {"display": jordan.name},
        "policyRule": _concept(codes.ACT, codes.NOTHING_BUT),
        "provision": {"provision": [rule]},
    }


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
