"""A result that tells of a medicine is kept from whoever the medicine is kept from.

Whichever came first, and whatever becomes of the line: a result follows the lineage of
a standing line of its ingredient, or of a clinician's entry where no line stands. Who
may not see that one sees no result that tells of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import QuerySet

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


def follow(item: TestResult, lines: Sequence[Line]) -> bool:
    """Lineage of what it names and is kept from somebody, else of the first; labels of
    all. Not saved.

    Says whether it is the patient's alone: where several that it names are kept back,
    the lineage of one would not cover the others.
    """
    _mark_as(item, lines)
    hidden = _hidden(item, lines, _kept_of(item.patient))
    if len(hidden) > 1:
        item.lineage = item.pk
    else:
        item.lineage = next(iter(hidden), lines[0].lineage)
    return len(hidden) > 1


@transaction.atomic
def leave_to_patient(*, item: TestResult, lines: Sequence[Line], at: datetime) -> None:
    """ "Only me", in the name of whoever kept back what the result tells of."""
    lineages = {item.lineage, *(line.lineage for line in lines)}
    kept = _standing(item.patient).filter(lineage__in=lineages)
    deny = kept.select_related("created_by").latest("created_at", "pk")
    consents.keep_back(item=item, by=deny.created_by, at=at)


@transaction.atomic
def take_along(*, patient: Patient, by: User, at: datetime) -> None:
    """After any change of what the list calls its medicines, and of who may see one:
    each result follows.

    One that is kept from somebody has a past of its own, which must not be lost. Once
    what it tells of is kept from anybody too, it stays with the patient alone, who can
    show it again; until then nothing of it changes, and nobody is told by that. One
    that names several is as hidden as each of them.
    """
    results = TestResult.objects.filter(patient=patient, entered_in_error_at=None)
    naming = [row for row in results if tells_of(row)]
    lines = _lines(patient) if naming else []
    for result in naming:
        named = tells_of(result)
        if told_by := [line for line in lines if _of(line) & named]:
            _take(result, told_by, by=by, at=at)


def _take(
    result: TestResult, told_by: Sequence[Line], *, by: User, at: datetime
) -> None:
    was = (result.lineage, result.labels, result.part2_origin)
    kept = _kept_of(result.patient)
    lineages = {line.lineage for line in told_by}
    hidden = _hidden(result, told_by, kept)
    has_past = result.lineage in kept - lineages
    if has_past and not (lineages & kept or any(line.labels for line in told_by)):
        return
    is_alone = False
    if has_past:
        result.lineage, is_alone = result.pk, True
    elif result.lineage in lineages and hidden <= {result.lineage}:
        _mark_as(result, _covered(result, told_by, kept))
    else:
        is_alone = follow(result, told_by)
    if (result.lineage, result.labels, result.part2_origin) != was:
        gate.bump(result.patient_id)
        result._history_user, result._history_date = by, at
        result.save(update_fields=["lineage", "labels", "part2_origin"])
    if is_alone:
        leave_to_patient(item=result, lines=told_by, at=at)


def _named(item: TestResult, lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each medicine that its name says, and of those its test is for.

    One medicine may stand on several lines. A test for several tells of none of them.
    """
    test = book().tests.get(item.test)
    made_for = test.tells_of if test else frozenset()
    named = [frozenset([one]) for one in interactions.ingredients_of(item.name)]
    found = [[one for one in lines if _of(one) & each] for each in [*named, made_for]]
    return [each for each in found if each]


def _hidden(
    item: TestResult, lines: Sequence[Line], kept: set[uuid.UUID]
) -> set[uuid.UUID]:
    """A lineage for each medicine of which every line is kept from somebody."""
    found = set()
    for each in _named(item, lines):
        lineages = [line.lineage for line in each]
        if kept.issuperset(lineages):
            found.add(item.lineage if item.lineage in lineages else lineages[0])
    return found


def _covered(
    item: TestResult, lines: Sequence[Line], kept: set[uuid.UUID]
) -> list[Line]:
    """The lines of each medicine of which no line stands open."""
    return [
        line
        for each in _named(item, lines)
        if not any(_is_open(one, kept) for one in each)
        for line in each
    ]


def _is_open(line: Line, kept: set[uuid.UUID]) -> bool:
    return not (line.lineage in kept or line.labels or line.part2_origin)


def _mark_as(item: TestResult, lines: Sequence[Line]) -> None:
    item.labels |= reduce(or_, (line.labels for line in lines), 0)
    item.part2_origin |= any(line.part2_origin for line in lines)


def _lines(patient: Patient) -> list[Line]:
    lines = MedicationStatement.objects.standing().filter(patient=patient)
    entries = MedicationRequest.objects.filter(
        patient=patient, entered_in_error_at=None
    )
    newest = ("-recorded_at", "-pk")
    return [*lines.order_by(*newest), *entries.order_by(*newest)]


def _of(line: Line) -> frozenset[str]:
    return interactions.ingredients_of(f"{line.name} {line.brand}")


def _kept_of(patient: Patient) -> set[uuid.UUID]:
    """The lineages of the patient that are kept from somebody."""
    return set(_standing(patient).values_list("lineage", flat=True))


def _standing(patient: Patient) -> QuerySet[ItemDeny]:
    return ItemDeny.objects.filter(patient=patient, lifted_at=None)
