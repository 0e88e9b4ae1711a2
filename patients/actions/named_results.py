"""A result that tells of a medicine is kept from whoever the medicine is kept from.

Whichever came first, and whatever becomes of the line: a result follows the lineage of
a standing line of its ingredient, or of a clinician's entry where no line stands. Who
may not see that one sees no result that tells of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction

from carecoord.models import User
from consents import actions as consents
from consents import gate
from consents.models import ItemDeny
from patients import interactions
from patients.models import (
    MedicationRequest,
    MedicationStatement,
    Patient,
    TestResult,
)
from patients.monitoring import book

Line = MedicationStatement | MedicationRequest


def tells_of(result: TestResult) -> frozenset[str]:
    """The ingredients that its name says, and those that its test is made for."""
    test = book().tests.get(result.test)
    made_for = test.tells_of if test else frozenset()
    return interactions.ingredients_of(result.name) | made_for


def lines_told_by(result: TestResult) -> list[Line]:
    """What tells of the same medicines: standing lines first, newest first."""
    named = tells_of(result)
    lines = _lines(result.patient) if named else []
    return [line for line in lines if _of(line) & named]


def follow(item: TestResult, lines: Sequence[Line]) -> None:
    """Lineage of the first, labels of all; not saved."""
    item.lineage = lines[0].lineage
    item.labels |= reduce(or_, (line.labels for line in lines))
    item.part2_origin |= any(line.part2_origin for line in lines)


@transaction.atomic
def take_along(*, patient: Patient, by: User, at: datetime) -> None:
    """After any change of what the list calls its medicines, and of who may see one:
    each result follows.

    One that is kept from somebody has a past of its own, which must not be lost. Once
    what it tells of is kept from anybody too, it stays with the patient alone, who can
    show it again; until then nothing of it changes, and nobody is told by that.
    """
    results = TestResult.objects.filter(patient=patient, entered_in_error_at=None)
    naming = [row for row in results if tells_of(row)]
    lines = _lines(patient) if naming else []
    for result in naming:
        named = tells_of(result)
        told_by = [line for line in lines if _of(line) & named]
        if not told_by or result.lineage in {line.lineage for line in told_by}:
            continue
        is_kept = _is_kept_back(result)
        if is_kept and not any(_is_private(line) for line in told_by):
            continue
        gate.bump(patient.pk)
        if is_kept:
            result.lineage = result.pk
        else:
            follow(result, told_by)
        result._history_user, result._history_date = by, at
        result.save(update_fields=["lineage", "labels", "part2_origin"])
        if is_kept:
            consents.keep_back(item=result, by=by, at=at)


def _lines(patient: Patient) -> list[Line]:
    lines = MedicationStatement.objects.standing().filter(patient=patient)
    entries = MedicationRequest.objects.filter(
        patient=patient, entered_in_error_at=None
    )
    newest = ("-recorded_at", "-pk")
    return [*lines.order_by(*newest), *entries.order_by(*newest)]


def _of(line: Line) -> frozenset[str]:
    return interactions.ingredients_of(f"{line.name} {line.brand}")


def _is_private(line: Line) -> bool:
    return bool(line.labels) or _is_kept_back(line)


def _is_kept_back(item: TestResult | Line) -> bool:
    return ItemDeny.objects.filter(
        patient_id=item.patient_id, lineage=item.lineage, lifted_at=None
    ).exists()
