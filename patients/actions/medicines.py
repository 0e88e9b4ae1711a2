"""The patient's own lines of the list: add, change, stop, put back, correct.

Only the patient (or whoever acts for them) calls these; the views see to that. Each
write is one transaction: the line, its history row, its timeline event, its trial.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES
from patients import medicine_words as words
from patients.actions import timeline, trials
from patients.actions.conflict import save_next
from patients.actions.labels import set_labels
from patients.actions.medicine_terms import (
    Details,
    Keep,
    Outcome,
    Saved,
    Why,
    columns,
)
from patients.codes import (
    CURRENT,
    ChangeReason,
    DecidedBy,
    EventKind,
    MedicineStatus,
)
from patients.dosage import Dosage, date_text
from patients.models import (
    MedicationStatement,
    Patient,
    TimelineEvent,
)
from patients.safe_text import safe

CATEGORY = CATEGORIES["medications"]
LONGEST_CHANGE_TEXT = 300
TAKEN_NOW = {
    "status": MedicineStatus.ACTIVE,
    "hold_until_date": None,
    "stopped_date": None,
    "stopped_for_good": False,
}


@transaction.atomic
def add(
    *,
    patient: Patient,
    details: Details,
    dosage: Dosage,
    by: User,
    at: datetime,
    labels: int = 0,
    keep: Keep | None = None,
    status: str = MedicineStatus.ACTIVE,
    stopped_date: date | None = None,
    lineage: uuid.UUID | None = None,
) -> Saved:
    """A new line. `keep` is set before anybody could be told of it.

    One that comes from a file may be stopped already: it never stood as taken.
    `lineage` is that of the entry it comes from: "only me" covers both.
    """
    item = MedicationStatement(
        patient=patient,
        categories=CATEGORY,
        labels=labels,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        status=status,
        stopped_date=stopped_date,
        **vars(details),
        **columns(dosage),
    )
    item._history_user, item._history_date = by, at
    item.lineage = lineage or item.id
    item.save()
    keep_back(item=item, keep=keep or Keep(), by=by, at=at)
    is_over = status == MedicineStatus.STOPPED
    title = (
        _("%(medicine)s: taken before, stopped")
        if is_over
        else _("%(medicine)s is on the list")
    )
    event = _tell(
        item,
        kind=EventKind.MEDICINE_STOPPED if is_over else EventKind.MEDICINE_STARTED,
        title=title % {"medicine": words.named(item)},
        why=Why(day=stopped_date or details.started_date),
        by=by,
        at=at,
    )
    return Saved(item, event)


def keep_back(*, item: MedicationStatement, keep: Keep, by: User, at: datetime) -> None:
    """ "Only me", or "not for this person", for a line and all that comes of it."""
    if keep.only_me:
        consents.keep_back(item=item, by=by, at=at)
    for party in keep.from_parties:
        consents.keep_back(item=item, by=by, at=at, party=party)


@transaction.atomic
def change_dose(
    *,
    item: MedicationStatement,
    version: int,
    dosage: Dosage,
    why: Why,
    by: User,
    at: datetime,
) -> Saved:
    """The patient takes another dose now; what was stopped is taken again.

    Raises EditConflict.
    """
    change = words.change_text(item.dosage, dosage)
    title = f"{words.name_of(item)}: {words.from_day(change, why.day)}"
    _save(
        item,
        version=version,
        why=why,
        text=change,
        by=by,
        at=at,
        unsure=False,
        **columns(dosage),
        **({} if is_current(item) else TAKEN_NOW),
    )
    kind = EventKind.MEDICINE_CHANGED
    return Saved(item, _tell(item, kind=kind, title=title, why=why, by=by, at=at))


@transaction.atomic
def stop(
    *,
    item: MedicationStatement,
    version: int,
    outcome: Outcome,
    why: Why,
    by: User,
    at: datetime,
) -> Saved:
    """The patient stopped it; it stands under "tried before" from now on.

    Raises EditConflict.
    """
    _save(
        item,
        version=version,
        why=why,
        text=_("stopped"),
        by=by,
        at=at,
        status=MedicineStatus.STOPPED,
        stopped_date=why.day,
        stopped_for_good=outcome.for_good,
        hold_until_date=None,
    )
    trials.tried(item=item, why=why, outcome=outcome, by=by, at=at)
    title = words.on_day(_title(_("%(name)s: stopped"), item, None), why.day)
    kind = EventKind.MEDICINE_STOPPED
    return Saved(item, _tell(item, kind=kind, title=title, why=why, by=by, at=at))


@transaction.atomic
def hold(
    *,
    item: MedicationStatement,
    version: int,
    until: date | None,
    why: Why,
    by: User,
    at: datetime,
) -> Saved:
    """Not taken for a while; it stays on the list. Raises EditConflict."""
    _save(
        item,
        version=version,
        why=why,
        text=_("on hold"),
        by=by,
        at=at,
        status=MedicineStatus.ON_HOLD,
        hold_until_date=until,
    )
    title = _title(_("%(name)s: on hold"), item, why.day)
    if until:
        title = _("%(title)s, until %(day)s") % {
            "title": title,
            "day": date_text(until),
        }
    kind = EventKind.MEDICINE_HELD
    return Saved(item, _tell(item, kind=kind, title=title, why=why, by=by, at=at))


@transaction.atomic
def start_again(
    *, item: MedicationStatement, version: int, why: Why, by: User, at: datetime
) -> Saved:
    """Taken again, with the dose it had: after a hold, a stop, or for the first time.

    Raises EditConflict.
    """
    _save(
        item,
        version=version,
        why=why,
        text=_("taking it again"),
        by=by,
        at=at,
        **TAKEN_NOW,
    )
    title = _title(_("%(name)s: taking it again"), item, why.day)
    kind = EventKind.MEDICINE_STARTED
    return Saved(item, _tell(item, kind=kind, title=title, why=why, by=by, at=at))


@transaction.atomic
def correct_details(
    *,
    item: MedicationStatement,
    version: int,
    details: Details,
    by: User,
    at: datetime,
) -> Saved:
    """Puts name, reason, prescriber or start right. Raises EditConflict."""
    kept = replace(details, rxcui=item.rxcui, source_text=item.source_text)
    save_next(item, version=version, by=by, at=at, **vars(kept))
    title = _("%(name)s: details put right") % {"name": words.name_of(item)}
    kind = EventKind.MEDICINE_CORRECTED
    return Saved(item, _tell(item, kind=kind, title=title, why=Why(), by=by, at=at))


@transaction.atomic
def not_sure(
    *, item: MedicationStatement, version: int, whom: str, by: User, at: datetime
) -> Saved:
    """The patient is not sure of the dose and asks; the line stays. EditConflict."""
    save_next(item, version=version, by=by, at=at, unsure=True)
    title = _("%(name)s: not sure of the dose, asks %(whom)s") % {
        "name": words.name_of(item),
        "whom": whom,
    }
    kind = EventKind.MEDICINE_CHANGED
    return Saved(item, _tell(item, kind=kind, title=title, why=Why(), by=by, at=at))


@transaction.atomic
def added_by_mistake(
    *, item: MedicationStatement, version: int, by: User, at: datetime
) -> Saved:
    """Takes a line off every list; its history stays. Raises EditConflict."""
    save_next(
        item,
        version=version,
        by=by,
        at=at,
        status=MedicineStatus.ENTERED_IN_ERROR,
        entered_in_error_at=at,
        entered_in_error_by=by,
    )
    title = _("%(name)s was on the list by mistake") % {"name": words.name_of(item)}
    kind = EventKind.MEDICINE_CORRECTED
    return Saved(item, _tell(item, kind=kind, title=title, why=Why(), by=by, at=at))


def is_current(item: MedicationStatement) -> bool:
    return item.status in CURRENT


# The pieces ---------------------------------------------------------------------


def _save(
    item: MedicationStatement,
    *,
    version: int,
    why: Why,
    text: str,
    by: User,
    at: datetime,
    **changes: object,
) -> None:
    save_next(
        item,
        version=version,
        by=by,
        at=at,
        last_change_date=why.day,
        last_change_decided_by=why.decided_by,
        last_change_reason=why.reason,
        last_change_note=why.note,
        last_change_text=text[:LONGEST_CHANGE_TEXT],
        **changes,
    )


def _title(pattern: str, item: MedicationStatement, day: date | None) -> str:
    return words.from_day(pattern % {"name": words.name_of(item)}, day)


def _tell(
    item: MedicationStatement,
    *,
    kind: str,
    title: str,
    why: Why,
    by: User,
    at: datetime,
) -> TimelineEvent:
    return timeline.record_event(
        patient=item.patient,
        kind=kind,
        title=safe(title),
        detail=why_text(why, item),
        by=by,
        at=at,
        categories=item.categories,
        labels=item.labels,
        lineage=item.lineage,
        about=item.pk,
        happened_date=why.day,
        part2_origin=item.part2_origin,
    )


def why_text(why: Why, item: MedicationStatement) -> str:
    """ "Decided by Dr. Lee. Why: side effect, waking at 3 am." """
    return " ".join(_why_sentences(why, item))


def _why_sentences(why: Why, item: MedicationStatement) -> Sequence[str]:
    sentences = []
    if why.decided_by == DecidedBy.PRESCRIBER:
        whom = item.prescribed_by or _("the prescriber")
        sentences.append(_("Decided by %(whom)s.") % {"whom": whom})
    elif why.decided_by == DecidedBy.PATIENT:
        whom = item.patient.first_name
        sentences.append(_("Decided by %(whom)s.") % {"whom": whom})
    reason = ChangeReason(why.reason).label.lower() if why.reason else ""
    note = safe(" ".join(why.note.split())).rstrip(".")
    said = ", ".join(part for part in (reason, note) if part)
    if said:
        sentences.append(_("Why: %(why)s.") % {"why": said})
    return sentences


__all__ = [
    "Details",
    "Keep",
    "Outcome",
    "Saved",
    "Why",
    "add",
    "added_by_mistake",
    "change_dose",
    "columns",
    "correct_details",
    "hold",
    "is_current",
    "keep_back",
    "not_sure",
    "set_labels",
    "start_again",
    "stop",
]
