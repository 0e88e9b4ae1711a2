"""A result that tells of a medicine is kept from whoever the medicine is kept from.

Whichever came first, and whatever becomes of the line: a result follows the lineage of
a standing line of its ingredient, or of a clinician's entry where no line stands. Who
may not see that one sees no result that tells of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from carecoord.models import User
from consents import actions as consents
from consents import gate
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from patients import interactions
from patients.models import (
    MedicationRequest,
    MedicationStatement,
    Patient,
    TestResult,
)
from patients.monitoring import book
from providers.models import Party

Line = MedicationStatement | MedicationRequest
# Each lineage that is kept from somebody, and from whom; None is "only me".
KeptFrom = dict[uuid.UUID, set[uuid.UUID | None]]
# What it takes from the lines that it names.
FOLLOWS = ("lineage", "labels", "part2_origin", "kept_for", "marked_for")
# What each lineage is marked with, whatever became of its rows: topics, and origin.
Marks = dict[uuid.UUID, tuple[int, bool]]
LABELLED = Q(labels__gt=0)
MARKED = LABELLED | Q(part2_origin=True)


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
    """Lineage of what it names and is kept from somebody, else of the first; labels of
    all. Not saved.

    Where several that it names are kept back, the lineage of one would not cover the
    others: then it is the patient's and of those whom each of them leaves in, and
    `kept_for` says because of which.
    """
    _mark_as(item, lines, marks_of(item.patient_id))
    _settle(item, lines, _kept_of(item.patient))


def _settle(item: TestResult, lines: Sequence[Line], kept: set[uuid.UUID]) -> None:
    hidden = _hidden(item, lines, kept)
    if len(hidden) > 1:
        _leave_alone(item, hidden)
    else:
        item.lineage = next(iter(hidden), lines[0].lineage)
        item.kept_for = []


def _leave_alone(item: TestResult, because: Iterable[uuid.UUID]) -> None:
    item.lineage = item.pk
    item.kept_for = sorted(map(str, because))


@transaction.atomic
def leave_to_patient(*, item: TestResult, by: User, at: datetime) -> None:
    """ "Only me", in the name of whoever kept back what it is kept for.

    And those whom each "only me" of these leaves in: they know of every one of them.
    """
    kept = _standing(item.patient).filter(lineage__in=item.kept_for)
    kept = kept.select_related("created_by").prefetch_related("exemptions__party")
    denies = list(kept)
    deny = max(denies, key=lambda each: (each.created_at, each.pk), default=None)
    consents.keep_back(
        item=item,
        but=_left_in(item, denies),
        by=deny.created_by if deny else by,
        at=at,
    )


def _left_in(item: TestResult, denies: Sequence[ItemDeny]) -> list[Party]:
    """Nobody where one of them is hidden by more than "only me": by a name, a mark."""
    because = {uuid.UUID(one) for one in item.kept_for}
    if {deny.lineage for deny in denies} != because:
        return []
    if _marked(item.patient_id, because, MARKED):
        return []
    # A refusal by name leaves in nobody, so with it nobody is left.
    everybody = {party.pk: party for deny in denies for party in deny.left_in}
    each = [{party.pk for party in deny.left_in} for deny in denies]
    return [everybody[pk] for pk in set(everybody).intersection(*each)]


@transaction.atomic
def own_word(
    *,
    item: Disclosable,
    is_only_me: bool,
    by: User,
    at: datetime,
    part2_origin: bool | None = None,
) -> None:
    """What the patient says of the result itself stands apart from what follows.

    Each topic too: those that are ticked are theirs from then on, whatever its
    medicines are marked with. So is the origin, where it was asked.
    """
    if not isinstance(item, TestResult):
        return
    own, was = str(item.pk), _as_it_stands(item)
    if kept := {*item.kept_for}:
        item.kept_for = sorted(kept | {own} if is_only_me else kept - {own})
    still = {} if part2_origin is not None else _from_followed(item)
    item.marked_for = {
        str(pk): [0, True] for pk, (_labels, yes) in still.items() if yes
    }
    if _as_it_stands(item) != was:
        _save(item, by=by, at=at)


@transaction.atomic
def take_along(*, patient: Patient, by: User, at: datetime) -> None:
    """After any change of what the list calls its medicines, and of who may see one:
    each result follows.

    One that is kept from somebody has a past of its own, which must not be lost. As
    long as what it tells of is kept from anybody too, it stays with the patient alone;
    until then nothing of it changes, and nobody is told by that. One that names several
    is as hidden as each of them. What stayed alone because of others (`kept_for`) goes
    back to where it was once they are shown again, and no further: to what the patient
    said of itself, or to the line it follows.
    """
    results = TestResult.objects.filter(patient=patient, entered_in_error_at=None)
    naming = [row for row in results if tells_of(row)]
    lines = _lines(patient) if naming else []
    # Asked once: what one result is kept from is of no other.
    from_whom = _kept_from(patient) if naming else {}
    marks = marks_of(patient.pk) if naming else {}
    for result in naming:
        named = tells_of(result)
        told_by = [line for line in lines if _of(line) & named]
        if told_by or result.kept_for:
            _take(result, told_by, from_whom, marks, by=by, at=at)
        elif result.marked_for:
            mark_again(result, marks, by=by, at=at)


def _take(
    result: TestResult,
    told_by: Sequence[Line],
    from_whom: KeptFrom,
    marks: Marks,
    *,
    by: User,
    at: datetime,
) -> None:
    was, was_alone = _as_it_stands(result), bool(result.kept_for)
    itself = from_whom.get(result.pk, set())
    is_own = None in itself and not _only_follows(result)
    kept = set(from_whom)
    if not (is_own or itself - {None}):
        kept.discard(result.pk)
    lineages = {line.lineage for line in told_by}
    past = _past(result, kept) - lineages
    hiding = {one.lineage for one in told_by if one.lineage in kept or one.labels}
    marking: list[Line] = []
    if past and (hiding or len(past) > 1 or not past <= kept):
        own = {result.pk} if is_own else set()
        _leave_alone(result, (past - {result.pk}) | hiding | own)
    elif past:
        result.lineage, result.kept_for = past.pop(), []
    elif result.lineage in lineages and _hidden(result, told_by, kept) <= {
        result.lineage
    }:
        marking = _covered(result, told_by, kept)
        marking += [line for line in told_by if line.lineage == result.lineage]
    elif told_by:
        marking = [*told_by]
        _settle(result, told_by, kept)
    else:
        result.lineage, result.kept_for = result.pk, []
    _mark_as(result, marking, marks)
    if was_alone and not result.kept_for and not is_own:
        _end_only_me(result, by=by, at=at)
    if _as_it_stands(result) != was:
        gate.bump(result.patient_id)
        _save(result, by=by, at=at)
    if result.kept_for:
        leave_to_patient(item=result, by=by, at=at)


def _as_it_stands(result: TestResult) -> tuple[object, ...]:
    return tuple(getattr(result, name) for name in FOLLOWS)


def _save(result: TestResult, *, by: User, at: datetime) -> None:
    result._history_user, result._history_date = by, at
    result.save(update_fields=FOLLOWS)


def _past(result: TestResult, kept: set[uuid.UUID]) -> set[uuid.UUID]:
    """Where it stood that still hides it, though no line that stands says so.

    A line that is gone, or is called otherwise now, is not shown again by that.
    """
    because = {uuid.UUID(one) for one in result.kept_for}
    past = {one for one in {result.lineage, *because} if one in kept}
    return past | _marked(result.patient_id, because)


def _marked(
    patient_id: uuid.UUID, lineages: set[uuid.UUID], how: Q = LABELLED
) -> set[uuid.UUID]:
    """Those of a line or an entry that is marked, whatever became of it."""
    marked = how & Q(patient_id=patient_id, lineage__in=lineages)
    return {
        lineage
        for model in (MedicationStatement, MedicationRequest)
        if lineages
        for lineage in model._base_manager.filter(marked).values_list(
            "lineage", flat=True
        )
    }


def _only_follows(result: TestResult) -> bool:
    """Whether its "only me" is of what it names, and nobody's word about itself."""
    return bool(result.kept_for) and str(result.pk) not in result.kept_for


def _end_only_me(result: TestResult, *, by: User, at: datetime) -> None:
    alone = TestResult(pk=result.pk, patient=result.patient, lineage=result.pk)
    consents.give_back(item=alone, by=by, at=at)


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


def mark_again(item: TestResult, marks: Marks, *, by: User, at: datetime) -> None:
    """What a line that it follows is marked with was changed."""
    was, lines = _as_it_stands(item), _lines(item.patient)
    _mark_as(item, [line for line in lines if line.lineage == item.lineage], marks)
    if _as_it_stands(item) != was:
        gate.bump(item.patient_id)
        _save(item, by=by, at=at)


def _mark_as(item: TestResult, lines: Sequence[Line], marks: Marks) -> None:
    """Its own topics and origin, those of these lines, and those that it had from
    others as long as these have them. `marked_for` says which are not its own.
    """
    labels, origin = own_marks(item)
    found = _still(item, marks)
    for line in lines:
        topics, is_from = found.get(line.lineage, (0, False))
        more = (topics | line.labels, is_from or line.part2_origin)
        found[line.lineage] = more
    item.labels = reduce(or_, (topics for topics, _from in found.values()), labels)
    item.part2_origin = origin or any(is_from for _topics, is_from in found.values())
    item.marked_for = {
        str(lineage): [topics & ~labels, is_from and not origin]
        for lineage, (topics, is_from) in sorted(found.items())
        if topics & ~labels or (is_from and not origin)
    }


def own_marks(item: TestResult) -> tuple[int, bool]:
    """What its author or its patient said of the result itself: topics, and origin."""
    followed = _from_followed(item).values()
    topics = reduce(or_, (labels for labels, _from in followed), 0)
    is_from = any(is_from for _labels, is_from in followed)
    return item.labels & ~topics, item.part2_origin and not is_from


def _from_followed(item: TestResult) -> Marks:
    return {
        uuid.UUID(lineage): (labels, is_from)
        for lineage, (labels, is_from) in item.marked_for.items()
    }


def _still(item: TestResult, marks: Marks) -> Marks:
    """What it had from a line that still has it, whatever became of the line."""
    found: Marks = {}
    for lineage, (labels, is_from) in _from_followed(item).items():
        now, is_now = marks.get(lineage, (0, False))
        found[lineage] = (labels & now, is_from and is_now)
    return found


def marks_of(patient_id: uuid.UUID) -> Marks:
    """Of each lineage of a line or an entry that is marked, also of what is gone."""
    found: Marks = {}
    for model in (MedicationStatement, MedicationRequest):
        rows = model._base_manager.filter(MARKED, patient_id=patient_id)
        for lineage, labels, is_from in rows.values_list(
            "lineage", "labels", "part2_origin"
        ):
            topics, was_from = found.get(lineage, (0, False))
            found[lineage] = (topics | labels, was_from or is_from)
    return found


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
    return set(_kept_from(patient))


def _kept_from(patient: Patient) -> KeptFrom:
    found: KeptFrom = {}
    for lineage, party_id in _standing(patient).values_list("lineage", "party_id"):
        found.setdefault(lineage, set()).add(party_id)
    return found


def _standing(patient: Patient) -> QuerySet[ItemDeny]:
    return ItemDeny.objects.filter(patient=patient, lifted_at=None)
