"""A result of a test: by the patient, or by a clinician of the team as its author.

Entered once; a wrong one is marked as a mistake and entered again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction

from carecoord import zones
from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES
from consents.models import ItemDeny
from patients import interactions
from patients.actions.record import entered_by_mistake
from patients.models import MedicationStatement, Patient, TestResult
from providers.models import Party


@dataclass(frozen=True)
class Result:
    """What the report says. `test` is a key of the book; `name` its words, always."""

    test: str
    name: str
    done_date: date
    value: str = ""
    unit: str = ""
    words: str = ""
    usual: str = ""
    ordered_by: str = ""
    place: str = ""


@transaction.atomic
def add(
    *,
    patient: Patient,
    result: Result,
    key: uuid.UUID,
    author: Party | None,
    by: User,
    at: datetime,
) -> TestResult:
    """A new result. `key` is the form's own: sent twice, it is saved once."""
    gate.lock(patient.pk)
    existing = TestResult.objects.filter(pk=key).first()
    if existing and existing.patient_id == patient.pk:
        return existing
    item = TestResult(
        id=uuid.uuid4() if existing else key,
        patient=patient,
        author=author,
        recorded_by=by,
        recorded_at=at,
        occurred_at=min(at, zones.start_of(result.done_date, patient.time_zone)),
        **{"categories": CATEGORIES["measures"], **_of_medicine(patient, result)},
        **vars(result),
    )
    item.lineage = item.lineage or item.id
    item._history_user, item._history_date = by, at
    item.save(force_insert=True)
    return item


def _of_medicine(patient: Patient, result: Result) -> dict[str, Any]:
    """Where the name tells of a medicine: who may see it is as for the medicine.

    Of several lines the one that is kept from somebody, and the labels of all.
    """
    named = interactions.ingredients_of(result.name)
    if not named:
        return {}
    categories = CATEGORIES.mask("measures", "medications")
    lines = [
        line
        for line in MedicationStatement.objects.standing()
        .filter(patient=patient)
        .order_by("-recorded_at", "-pk")
        if interactions.ingredients_of(f"{line.name} {line.brand}") & named
    ]
    if not lines:
        return {"categories": categories}
    kept = set(
        ItemDeny.objects.filter(
            patient=patient,
            lifted_at=None,
            lineage__in=[line.lineage for line in lines],
        ).values_list("lineage", flat=True)
    )
    chosen = next((line for line in lines if line.lineage in kept), lines[0])
    return {
        "categories": categories,
        "labels": reduce(or_, (line.labels for line in lines)),
        "lineage": chosen.lineage,
        "part2_origin": any(line.part2_origin for line in lines),
    }


__all__ = ["Result", "add", "entered_by_mistake"]
