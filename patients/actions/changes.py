"""The change beside its event, and the patient's answer when its window ends.

A change is written in the transaction of the event that tells of it, with the same
categories, labels and lineage: whoever may not know of one knows of neither.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord import zones
from carecoord.models import User
from consents import gate
from consents.representing import in_words
from patients import change_words
from patients.actions import timeline
from patients.actions.conflict import save_next
from patients.actions.medicine_terms import Watch, Why
from patients.change_windows import MOST_PUT_OFF, last_day
from patients.codes import Change, EventKind
from patients.medicine_knowledge import watching_of
from patients.models import (
    CheckIn,
    MedicationRequest,
    MedicationStatement,
    MedicineChange,
    SideEffect,
    TimelineEvent,
)
from patients.safe_text import safe


@dataclass(frozen=True)
class Told:
    """What a change says beside when and why."""

    what: Change
    before: str = ""
    after: str = ""
    watch: Watch | None = None


@dataclass(frozen=True)
class Answer:
    """How it has been since a change; `mattered` are side effects of the medicine."""

    helped: str
    since_date: date | None = None
    mattered: tuple[uuid.UUID, ...] = ()
    note: str = ""


def row(
    item: MedicationStatement | MedicationRequest,
    told: Told,
    *,
    why: Why,
    at: datetime,
) -> MedicineChange:
    """The change, not saved yet. Without a day it counts from today."""
    since = why.day or zones.today(at, item.patient.time_zone)
    watch = told.watch or Watch()
    known = watching_of(item.name, item.brand)
    return MedicineChange(
        patient=item.patient,
        author=item.author,
        categories=item.categories,
        labels=item.labels,
        part2_origin=item.part2_origin,
        lineage=item.lineage,
        # That of the line it made: of two changes in one instant the later counts.
        version=item.version,
        occurred_at=at,
        recorded_at=at,
        statement=item if isinstance(item, MedicationStatement) else None,
        entry=item if isinstance(item, MedicationRequest) else None,
        what=told.what,
        name=item.name,
        before=told.before[:300],
        after=told.after[:300],
        since_date=since,
        decided_by=why.decided_by,
        reason=why.reason,
        note=why.note,
        pace=known.pace if known else "",
        expected=watch.expected,
        expected_date=last_day(since, watch.expected_weeks),
        watch_for=watch.watch_for,
        watch_until_date=last_day(since, watch.weeks),
        therapy=watch.therapy,
    )


@transaction.atomic
def write(*, change: MedicineChange, event: TimelineEvent) -> None:
    """Saves the change beside its event, in the same transaction."""
    change.event, change.recorded_by = event, event.recorded_by
    change.save()


@transaction.atomic
def take_back(*, event: TimelineEvent, by: User, at: datetime) -> None:
    """The change of this event was undone: the one before counts again."""
    MedicineChange.objects.filter(event=event).update(
        entered_in_error_at=at, entered_in_error_by=by
    )


@transaction.atomic
def answer(
    *, change: MedicineChange, said: Answer, by: User, at: datetime
) -> tuple[CheckIn, bool]:
    """The answer, told to whom consent allows; and whether it is new.

    The first answer stands: of two clicks, or two tabs, the second writes nothing.
    """
    gate.lock(change.patient_id)
    found = CheckIn.objects.filter(change=change).first()
    if found:
        return found, False
    item = CheckIn(
        change=change,
        patient=change.patient,
        categories=change.categories,
        labels=change.labels,
        part2_origin=change.part2_origin,
        lineage=change.lineage,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        **_columns(change, said),
    )
    item._history_user, item._history_date = by, at
    item.save()
    _tell(item, by=by, at=at)
    return item, True


@transaction.atomic
def answer_again(
    *, item: CheckIn, version: int, said: Answer, by: User, at: datetime
) -> None:
    """More to the answer, or another one. What nobody was told of yet is told as it
    stands now. Raises EditConflict.
    """
    columns = _columns(item.change, said)
    if all(getattr(item, name) == value for name, value in columns.items()):
        return
    # Whose answer it is: of whoever gave it last.
    columns["recorded_by"] = by
    save_next(item, version=version, by=by, at=at, **columns)
    waiting = TimelineEvent.objects.filter(
        about=item.pk, kind=EventKind.CHECKED_IN, fanned_out_at=None, cancelled_at=None
    )
    for event in waiting:
        timeline.cancel_event(event=event, by=by, at=at)
    _tell(item, by=by, at=at)


@transaction.atomic
def not_now(*, change: MedicineChange, today: date, by: User, at: datetime) -> None:
    """The question comes back once, then no more. The same twice on a day is once."""
    gate.lock(change.patient_id)
    now = MedicineChange.objects.get(pk=change.pk)
    if now.put_off >= MOST_PUT_OFF or now.put_off_date == today:
        return
    now.put_off += 1
    now.put_off_date = today
    now.save(update_fields=["put_off", "put_off_date"])


def _columns(change: MedicineChange, said: Answer) -> dict[str, object]:
    known = {
        str(pk)
        for pk in SideEffect.objects.standing()
        .filter(patient_id=change.patient_id, lineage=change.lineage)
        .values_list("pk", flat=True)
    }
    named = sorted({str(pk) for pk in said.mattered} & known)
    return {
        "helped": said.helped,
        "since_date": said.since_date,
        "mattered": named,
        "note": said.note,
    }


def _tell(item: CheckIn, *, by: User, at: datetime) -> None:
    effects = SideEffect.objects.standing().filter(lineage=item.lineage)
    named = change_words.mattering(
        effects.select_related("medicine").order_by("pk"), item
    )
    said = {"change": change_words.title(item.change)}
    said_now = change_words.answer(item, named)
    timeline.record_event(
        patient=item.patient,
        kind=EventKind.CHECKED_IN,
        title=safe(_("Since %(change)s: how it has been") % said),
        detail=" ".join(filter(None, (said_now, _by(item, by, at)))),
        by=by,
        at=at,
        categories=item.categories,
        labels=item.labels,
        lineage=item.lineage,
        about=item.pk,
        part2_origin=item.part2_origin,
        happened_date=item.since_date,
    )


def _by(item: CheckIn, by: User, at: datetime) -> str:
    """Who answered for the patient; nothing for the patient's own hand."""
    if by.pk == item.patient.user_id:
        return ""
    return _("Answered by %(who)s.") % {"who": in_words(item.patient, at, by)}


def proposed(item_name: str, brand: str = "", *, stops: bool = False) -> Watch | None:
    """What the medicine's class proposes for a change; none where it is not known."""
    known = watching_of(item_name, brand)
    if known is None:
        return None
    course = known.after_stop if stops else known.course
    if not course.watch_for:
        return None
    return Watch(
        expected=course.expected,
        expected_weeks=course.expected_weeks,
        watch_for=course.watch_for,
        weeks=course.weeks,
    )


__all__ = [
    "Answer",
    "Told",
    "answer",
    "answer_again",
    "not_now",
    "proposed",
    "row",
    "take_back",
    "write",
]
