"""An imported value as text and back, so that a proposal keeps all that the file said.

Amounts stay exact: a decimal is written as its digits, never as a float.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from patients.dosage import DayDose, DoseStep
from patients.fhir import (
    Coding,
    ImportedAllergy,
    ImportedCondition,
    ImportedMedicine,
    NoneStatement,
    PartialDate,
)

Imported = ImportedMedicine | ImportedAllergy | ImportedCondition | NoneStatement
One = TypeVar("One", ImportedMedicine, ImportedAllergy, ImportedCondition)
TYPES = {
    "medicine": ImportedMedicine,
    "allergy": ImportedAllergy,
    "condition": ImportedCondition,
    "none": NoneStatement,
}
NAMES = {kind: name for name, kind in TYPES.items()}
DATES = ("started_date", "ended_date", "recorded_date", "onset_date")


def encode(imported: Imported) -> str:
    """The whole value, with the name of its type."""
    return json.dumps(
        {"is": NAMES[type(imported)], "value": asdict(imported)}, default=_plain
    )


def _plain(value: Any) -> dict[str, str]:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    raise TypeError(f"{type(value).__name__} has no place in a proposal.")


def decode(content: str) -> Imported:
    """What `encode` wrote. Raises KeyError or TypeError for anything else."""
    stored = json.loads(content, object_hook=_rich)
    kind = TYPES[stored["is"]]
    return kind(**_fields(stored["value"]))


def decode_as(kind: type[One], content: str) -> One:
    """The same for an item of that kind. Raises KeyError or TypeError."""
    found = decode(content)
    if not isinstance(found, kind):
        raise TypeError(f"This is no {kind.__name__}.")
    return found


def _rich(value: dict[str, Any]) -> Any:
    if value.keys() == {"decimal"}:
        return Decimal(value["decimal"])
    if value.keys() == {"day"}:
        return date.fromisoformat(value["day"])
    return value


def _fields(value: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one
        for name, one in value.items()
    }
    for name in DATES:
        if fields.get(name):
            fields[name] = PartialDate(**fields[name])
    if "codings" in fields:
        fields["codings"] = tuple(Coding(**one) for one in fields["codings"])
    for name in ("dosage", "dosage_in_words"):
        if name in fields:
            fields[name] = fields[name] | _varying(fields[name])
    return fields


def _varying(dosage: dict[str, Any]) -> dict[str, Any]:
    """The parts of a dose that are lists: steps, and days that differ."""
    days = [day | {"days": tuple(day["days"])} for day in dosage["days"]]
    return {
        "steps": tuple(DoseStep(**step) for step in dosage["steps"]),
        "days": tuple(DayDose(**day) for day in days),
    }
