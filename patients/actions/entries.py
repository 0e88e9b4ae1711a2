"""A prescriber's own entry beside the patient's list, and the patient's answer.

An entry never touches the patient's line. The patient adopts it, says what they take,
asks, or sets it aside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents.codes import CATEGORIES, LABELS
from patients import change_words
from patients import medicine_words as words
from patients.actions import changes, medicines, timeline, trials
from patients.actions.labels import add_marks
from patients.actions.named_results import take_along
from patients.actions.room import check_waiting
from patients.codes import Change, ChangeReason, DecidedBy, EventKind
from patients.dosage import Dosage
from patients.medicine_knowledge import labels_of
from patients.models import (
    MedicationRequest,
    MedicationStatement,
    Patient,
    TimelineEvent,
)
from patients.safe_text import safe
from providers.models import Party

CATEGORY = CATEGORIES["medications"]


@dataclass(frozen=True)
class Plan:
    """What the prescriber decided: the medicine, from when, why, what to watch for."""

    name: str
    dosage: Dosage
    starts_date: date | None = None
    reason: str = ""
    why: str = ""
    expected: str = ""
    expected_weeks: int | None = None
    watch_for: str = ""
    watch_weeks: int | None = None
    therapy: str = ""
    stops: bool = False
    brand: str = ""
    rxcui: str = ""
    part2_origin: bool = False


@dataclass(frozen=True)
class SavedEntry:
    item: MedicationRequest
    event: TimelineEvent


@transaction.atomic
def prescribe(
    *,
    patient: Patient,
    author: Party,
    plan: Plan,
    by: User,
    at: datetime,
    beside: MedicationStatement | None = None,
) -> SavedEntry:
    """The entry, told at once to the patient and to whom consent allows (DESIGN 2.11).

    It carries the labels of the line it stands beside, and those that its own name
    betrays: a label may be raised by whoever writes, lowered only by the patient. It
    comes from where its writer says, or the line beside it does.
    Raises ListFull.
    """
    _replace_older(patient, author=author, plan=plan, beside=beside, by=by, at=at)
    check_waiting(patient=patient, author=author)
    own = ("dosage", "part2_origin")
    plain = {name: value for name, value in vars(plan).items() if name not in own}
    item = MedicationRequest(
        patient=patient,
        author=author,
        beside=beside,
        categories=CATEGORY,
        labels=_labels(plan, beside),
        part2_origin=plan.part2_origin or bool(beside and beside.part2_origin),
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        **plain,
        **medicines.columns(plan.dosage),
    )
    item.lineage = beside.lineage if beside else item.id
    item._history_user, item._history_date = by, at
    item.save()
    take_along(patient=patient, by=by, at=at)
    return SavedEntry(item, _tell(item, by=by, at=at))


def _labels(plan: Plan, beside: MedicationStatement | None) -> int:
    named = LABELS.mask(*labels_of(plan.name, plan.brand))
    return named | (beside.labels if beside else 0)


def _replace_older(
    patient: Patient,
    *,
    author: Party,
    plan: Plan,
    beside: MedicationStatement | None,
    by: User,
    at: datetime,
) -> None:
    """One prescriber has one open entry about a medicine: the newer one counts."""
    if beside is None:
        return
    older = MedicationRequest.objects.filter(
        patient=patient,
        author=author,
        beside=beside,
        adopted_at=None,
        set_aside_at=None,
    )
    for item in older:
        item.set_aside_at, item.set_aside_by = at, by
        _save(item, by=by, at=at)


def _tell(item: MedicationRequest, *, by: User, at: datetime) -> TimelineEvent:
    said = _("stop") if item.stops else words.dose_short(item.dosage)
    title = _("%(who)s's entry: %(name)s, %(dose)s") % {
        "who": item.writer.name,
        "name": words.name_of(item),
        "dose": said,
    }
    change = changes.row(item, _told(item), why=_why(item), at=at)
    event = timeline.record_event(
        patient=item.patient,
        kind=EventKind.MEDICINE_PRESCRIBED,
        title=safe(words.from_day(title, item.starts_date)),
        detail=_detail(item),
        by=by,
        at=at,
        at_once=True,
        author=item.author,
        categories=item.categories,
        labels=item.labels,
        lineage=item.lineage,
        about=item.pk,
        happened_date=item.starts_date,
        part2_origin=item.part2_origin,
        watch=change_words.watch_text(change),
    )
    changes.write(change=change, event=event)
    return event


def _told(item: MedicationRequest) -> changes.Told:
    """What the entry changes, beside what the patient takes now."""
    line, dose = item.beside, words.amount_short(item.dosage)
    taken = line is not None and medicines.is_current(line)
    before = words.amount_short(line.dosage) if line and taken else ""
    if item.stops:
        return changes.Told(Change.STOPPED, before=before, watch=watch_of(item))
    what = Change.DOSE if taken else Change.STARTED
    return changes.Told(what, before=before, after=dose, watch=watch_of(item))


def watch_of(item: MedicationRequest) -> medicines.Watch:
    """What the prescriber wrote of the window; it goes on when it is taken over."""
    return medicines.Watch(
        expected=item.expected,
        expected_weeks=item.expected_weeks,
        watch_for=item.watch_for,
        weeks=item.watch_weeks,
        therapy=item.therapy,
    )


def _detail(item: MedicationRequest) -> str:
    why = safe(item.why.strip())
    if why and why[-1] not in ".!?":
        why += "."  # what to expect follows it on the same line
    return f"{_('Why')}: {why}" if why else ""


@transaction.atomic
def adopt(
    *,
    entry: MedicationRequest,
    line: MedicationStatement | None,
    by: User,
    at: datetime,
) -> medicines.Saved:
    """ "That is right": the patient's own line says the same from now on."""
    entry.adopted_at, entry.adopted_by = at, by
    _save(entry, by=by, at=at)
    if line is None:
        return _adopt_new(entry, by=by, at=at)
    # Its words go on the line: whoever may not read the entry reads none of them.
    own: Any = {"labels": entry.labels, "part2_origin": entry.part2_origin}
    add_marks(item=line, **own, by=by, at=at)
    why = _why(entry)
    same: dict[str, Any] = {
        "item": line,
        "version": line.version,
        "why": why,
        "watch": watch_of(entry),
        "by": by,
        "at": at,
    }
    if entry.stops:
        return medicines.stop(outcome=trials.proposed(line), **same)
    return medicines.change_dose(dosage=entry.dosage, **same)


def _adopt_new(entry: MedicationRequest, *, by: User, at: datetime) -> medicines.Saved:
    details = medicines.Details(
        name=entry.name,
        brand=entry.brand,
        rxcui=entry.rxcui,
        reason=entry.reason,
        prescriber=entry.author,
        started_date=entry.starts_date,
        started_precision="day" if entry.starts_date else "unknown",
    )
    return medicines.add(
        patient=entry.patient,
        details=details,
        dosage=entry.dosage,
        labels=entry.labels,
        part2_origin=entry.part2_origin,
        # "Only me" on the line is about the entry and what was told of it, too.
        lineage=entry.lineage,
        watch=watch_of(entry),
        by=by,
        at=at,
    )


@transaction.atomic
def give_back(
    *, item: MedicationStatement, taken_over_at: datetime, by: User, at: datetime
) -> None:
    """Taking over was undone: the entry waits for an answer again.

    If its writer wrote a newer one meanwhile, that one waits, and this one is aside.
    """
    theirs = MedicationRequest.objects.filter(patient=item.patient)
    for entry in theirs.filter(
        lineage=item.lineage, adopted_at=taken_over_at, adopted_by=by
    ):
        entry.adopted_at = entry.adopted_by = None
        newer = theirs.filter(
            author=entry.author,
            beside=entry.beside,
            adopted_at=None,
            set_aside_at=None,
            entered_in_error_at=None,
        )
        if entry.beside and newer.exists():
            entry.set_aside_at, entry.set_aside_by = at, by
        _save(entry, by=by, at=at)


def _why(entry: MedicationRequest) -> medicines.Why:
    return medicines.Why(
        day=entry.starts_date,
        decided_by=DecidedBy.PRESCRIBER,
        decider=entry.author.name if entry.author else "",
        reason=ChangeReason.PLAN,
        note=entry.why,
    )


@transaction.atomic
def disagree(*, entry: MedicationRequest, by: User, at: datetime) -> None:
    """ "I take what my line says": both stand, and everybody sees that they differ.

    Said twice it is told once.
    """
    if entry.disagreed_at:
        return
    entry.disagreed_at, entry.disagreed_by = at, by
    _save(entry, by=by, at=at)
    _answer(
        entry, _("%(name)s: the patient takes what their own list says"), by=by, at=at
    )


@transaction.atomic
def set_aside(*, entry: MedicationRequest, by: User, at: datetime) -> None:
    """ "I do not take this": it leaves the list, its author keeps it."""
    entry.set_aside_at, entry.set_aside_by = at, by
    _save(entry, by=by, at=at)
    _answer(entry, _("%(name)s: the patient does not take it"), by=by, at=at)


@transaction.atomic
def ask(*, entry: MedicationRequest, by: User, at: datetime) -> None:
    """ "I am not sure": its prescriber is told, and nobody else. Said twice, once."""
    line = entry.beside
    if _was_asked(entry, at=at):
        return
    if line is not None:
        medicines.not_sure(
            item=line, version=line.version, whom=entry.writer, by=by, at=at
        )
        return
    title = _("%(name)s: the patient is not sure, and asks")
    _answer(entry, title, kind=EventKind.ASKED, by=by, at=at)


def _was_asked(entry: MedicationRequest, *, at: datetime) -> bool:
    asked = TimelineEvent.objects.filter(
        about__in=[entry.pk, entry.beside_id],
        kind=EventKind.ASKED,
        addressee=entry.writer,
        cancelled_at=None,
        recorded_at__gt=at - timeline.GATHER,
    )
    return asked.exists()


def _answer(
    entry: MedicationRequest,
    title: str,
    *,
    kind: EventKind = EventKind.MEDICINE_CHANGED,
    by: User,
    at: datetime,
) -> None:
    timeline.record_event(
        patient=entry.patient,
        kind=kind,
        addressee=entry.writer if kind == EventKind.ASKED else None,
        title=safe(title % {"name": words.name_of(entry)}),
        detail=_("About the entry of %(who)s.") % {"who": entry.writer.name},
        by=by,
        at=at,
        # It says the entry's own words: whoever may not be told those, is not told it.
        author=entry.author,
        categories=entry.categories,
        labels=entry.labels,
        lineage=entry.lineage,
        about=entry.pk,
        part2_origin=entry.part2_origin,
    )


def _save(entry: MedicationRequest, *, by: User, at: datetime) -> None:
    entry._history_user, entry._history_date = by, at
    entry.save()
