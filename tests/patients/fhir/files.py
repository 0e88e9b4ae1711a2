"""The real records that stand beside the project, and small ones made here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from patients.fhir import ImportedBundle, ImportedMedicine, read

ROOT = Path(__file__).resolve().parents[3]
REAL = ROOT.parent / "shared" / "data" / "fhir"


def real_files() -> list[Path]:
    """Every real bundle; an empty list is turned into a failure by the tests."""
    return sorted(REAL.glob("*/*.json"))


def real(name: str) -> ImportedBundle:
    """One real bundle by the start of its file name."""
    found = [path for path in real_files() if path.name.startswith(name)]
    assert found, (
        f"The real records are not beside the project: {REAL} has no {name}. "
        "Put the shared data there."
    )
    return read(found[0].read_bytes(), source_name=found[0].name)


def bundle(*resources: dict[str, Any], kind: str = "collection") -> dict[str, Any]:
    """A bundle of resources, each with its `fullUrl` if it has an id."""
    entries = [
        {
            "fullUrl": f"https://example.org/{one['resourceType']}/{one.get('id', n)}",
            "resource": one,
        }
        for n, one in enumerate(resources)
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def read_value(value: Any) -> ImportedBundle:
    """Read a value as if it had come as a file."""
    return read(json.dumps(value), source_name="made here")


def statement(**fields: Any) -> dict[str, Any]:
    """An active MedicationStatement of sertraline 50 mg unless told otherwise."""
    name = {"text": "sertraline 50 MG Oral Tablet"}
    return {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "active",
        "medicationCodeableConcept": name,
    } | fields


def request(**fields: Any) -> dict[str, Any]:
    """The same as an order."""
    return statement(intent="order") | {"resourceType": "MedicationRequest"} | fields


def medicine(**fields: Any) -> ImportedMedicine:
    """The one medicine that a statement with these fields becomes."""
    return read_value(bundle(statement(**fields))).medicines[0]


def dosed(
    dosage: dict[str, Any] | list[Any], *, name: str = "sertraline 50 MG Oral Tablet"
) -> ImportedMedicine:
    """A medicine with this FHIR dosage."""
    listed = dosage if isinstance(dosage, list) else [dosage]
    return medicine(dosage=listed, medicationCodeableConcept={"text": name})


def amount(value: float, unit: str) -> list[dict[str, Any]]:
    """A `doseAndRate` with one quantity."""
    return [{"doseQuantity": {"value": value, "unit": unit}}]


def repeat(**fields: Any) -> dict[str, Any]:
    """A Timing with this repeat."""
    return {"repeat": fields}
