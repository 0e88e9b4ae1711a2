"""What an item is marked as, where it comes from, and all that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import actions as consents
from consents.disclosable import Disclosable, registry
from patients.actions.named_results import (
    mark_again,
    marks_of,
    own_marks,
    take_along,
)
from patients.models import TestResult


@transaction.atomic
def set_labels(*, item: Disclosable, labels: int, by: User, at: datetime) -> None:
    """Raises or lowers labels; the patient alone may lower.

    What is added or taken off counts for the whole lineage: line, events, trials,
    entries, answers. A topic that only another item of it has stays there.
    """
    added, removed = labels & ~item.labels, item.labels & ~labels
    consents.set_labels(item=item, labels=labels, by=by, at=at)
    results = []
    for other in _others_of_lineage(item):
        theirs = (other.labels | added) & ~removed
        if isinstance(other, TestResult):
            results.append(other)
        elif theirs != other.labels:
            consents.set_labels(item=other, labels=theirs, by=by, at=at)
    _mark_results(results, by=by, at=at)


@transaction.atomic
def set_origin(
    *, item: Disclosable, part2_origin: bool, by: User, at: datetime
) -> None:
    """Says whether an item comes from a program of 42 CFR part 2, or may.

    It counts for all of the lineage that the patient wrote. What somebody else wrote
    keeps what they said of it.
    """
    results = []
    for one in [item, *_others_of_lineage(item)]:
        if one.pk != item.pk and isinstance(one, TestResult):
            results.append(one)
        elif one.author_id is None and one.part2_origin != part2_origin:
            consents.set_origin(item=one, part2_origin=part2_origin, by=by, at=at)
    _mark_results(results, by=by, at=at)


def _mark_results(results: list[TestResult], *, by: User, at: datetime) -> None:
    """Once all that they follow is marked: what was said of themselves stays."""
    marks = marks_of(results[0].patient_id) if results else {}
    for result in results:
        mark_again(result, marks, by=by, at=at)


def add_marks(
    *, item: Disclosable, labels: int, part2_origin: bool, by: User, at: datetime
) -> None:
    """Adds topics, and that it comes from a program; nothing is taken off.

    A result that names it beside another medicine may follow the other: it follows.
    """
    is_new = labels & ~item.labels or part2_origin and not item.part2_origin
    if labels & ~item.labels:
        set_labels(item=item, labels=item.labels | labels, by=by, at=at)
    if part2_origin:
        set_origin(item=item, part2_origin=True, by=by, at=at)
    if is_new:
        take_along(patient=item.patient, by=by, at=at)


def origin_stays(item: Disclosable) -> bool:
    """Whether somebody else's words in its lineage come from such a program.

    Then the patient's own, which say the same, are not told apart from them.
    """
    if item.author_id is not None or not item.part2_origin:
        return item.part2_origin
    theirs = {
        "patient_id": item.patient_id,
        "lineage": item.lineage,
        "author__isnull": False,
        "part2_origin": True,
        "entered_in_error_at": None,
    }
    return any(
        not isinstance(row, TestResult) or own_marks(row)[1]
        for model in registry()
        for row in model.objects.filter(**theirs)
    )


def _others_of_lineage(item: Disclosable) -> Iterator[Disclosable]:
    same = {"patient_id": item.patient_id, "lineage": item.lineage}
    for model in registry():
        yield from model.objects.filter(**same).exclude(pk=item.pk)
