"""A result of a test: by the patient, or by a clinician of the team as its author.

Entered once; a wrong one is marked as a mistake and entered again.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from carecoord import form_keys, zones
from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES
from patients.actions.named_results import (
    Line,
    follow,
    leave_to_patient,
    lines_told_by,
    tells_of,
)
from patients.actions.record import entered_by_mistake
from patients.models import Patient, TestResult
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
    labels: int = 0,
    part2_origin: bool = False,
) -> TestResult:
    """A new result. `key` is the form's own: sent twice, it is saved once.

    Raises FormUsedError for a form that was saved before with other answers.
    """
    gate.lock(patient.pk)
    of = [TestResult._meta.label, patient]
    said = [result, labels, part2_origin]
    made = form_keys.item_id(key, of=of, by=by, at=at, said=said)
    if saved := form_keys.saved_with(TestResult._base_manager.all(), made):
        return saved
    item = TestResult(
        id=made,
        patient=patient,
        author=author,
        recorded_by=by,
        recorded_at=at,
        occurred_at=min(at, zones.start_of(result.done_date, patient.time_zone)),
        categories=CATEGORIES["measures"],
        labels=labels,
        part2_origin=part2_origin,
        **vars(result),
    )
    item.lineage = item.id
    lines = _as_its_medicine(item)
    if lines:
        follow(item, lines)
    item._history_user, item._history_date = by, at
    item.save(force_insert=True)
    if item.kept_for:
        leave_to_patient(item=item, by=by, at=at)
    return item


def _as_its_medicine(item: TestResult) -> list[Line]:
    """Where it tells of medicines: who may see it is as for these."""
    if not tells_of(item):
        return []
    item.categories = CATEGORIES.mask("measures", "medications")
    return lines_told_by(item)


__all__ = ["Result", "add", "entered_by_mistake"]
