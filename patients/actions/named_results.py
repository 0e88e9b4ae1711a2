"""A result that names a medicine is kept from whoever the medicine is kept from.

Whichever came first: a result entered later looks for its line (results.py), and a line
entered or renamed later takes along the results that were there before it.
"""

from __future__ import annotations

from datetime import datetime

from carecoord.models import User
from consents import actions as consents
from consents import gate
from consents.models import ItemDeny
from patients import interactions
from patients.models import MedicationStatement, TestResult


def take_along(*, line: MedicationStatement, by: User, at: datetime) -> None:
    """Earlier results that name this medicine follow its line from now on.

    One that is kept from somebody already has a past of its own, which must not be
    lost: it stays with the patient alone, who can show it again.
    """
    named = interactions.ingredients_of(f"{line.name} {line.brand}")
    for result in _earlier(line) if named else ():
        if not interactions.ingredients_of(result.name) & named:
            continue
        if _is_kept_back(result):
            consents.keep_back(item=result, by=by, at=at)
        else:
            _follow(result, line, by=by, at=at)


def _earlier(line: MedicationStatement) -> list[TestResult]:
    """The standing results that follow no line yet."""
    rows = TestResult.objects.filter(
        patient_id=line.patient_id, entered_in_error_at=None
    )
    return [row for row in rows if row.lineage == row.pk]


def _is_kept_back(result: TestResult) -> bool:
    return ItemDeny.objects.filter(
        patient_id=result.patient_id, lineage=result.lineage, lifted_at=None
    ).exists()


def _follow(
    result: TestResult, line: MedicationStatement, *, by: User, at: datetime
) -> None:
    gate.bump(line.patient_id)
    result.lineage = line.lineage
    result.labels |= line.labels
    result.part2_origin |= line.part2_origin
    result._history_user, result._history_date = by, at
    result.save(update_fields=["lineage", "labels", "part2_origin"])
