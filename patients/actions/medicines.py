"""The patient's own lines of the list: add, change, stop, put back, correct.

Only the patient (or whoever acts for them) calls these; the views see to that. Each
write is one transaction: the line, its history row, its timeline event, its trial.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES
from patients import medicine_words as words
from patients.actions import changes, trials
from patients.actions.conflict import save_next
from patients.actions.labels import add_marks, set_labels
from patients.actions.medicine_events import tell, without
from patients.actions.medicine_terms import (
    Details,
    Keep,
    Outcome,
    Saved,
    Watch,
    Why,
    columns,
)
from patients.actions.named_results import take_along
from patients.actions.room import check_current, check_room
from patients.codes import (
    CURRENT,
    Change,
    EventKind,
    MedicineStatus,
)
from patients.dosage import Dosage, date_text
from patients.models import (
    MedicationStatement,
    Patient,
)
from providers.models import Party

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
    watch: Watch | None = None,
    part2_origin: bool = False,
) -> Saved:
    """A new line. `keep` is set before anybody could be told of it.

    One that comes from a file may be stopped already: it never stood as taken.
    `lineage` is that of the entry it comes from: "only me" covers both. Raises
    ListFull.
    """
    check_room(patient=patient, by=by, is_current=status in CURRENT)
    item = MedicationStatement(
        patient=patient,
        categories=CATEGORY,
        labels=labels,
        part2_origin=part2_origin,
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
    take_along(patient=item.patient, by=by, at=at)
    is_over = status == MedicineStatus.STOPPED
    title = (
        _("%(medicine)s: taken before, stopped")
        if is_over
        else _("%(medicine)s is on the list")
    )
    event = tell(
        item,
        kind=EventKind.MEDICINE_STOPPED if is_over else EventKind.MEDICINE_STARTED,
        title=title % {"medicine": words.named(item)},
        why=Why(day=stopped_date or details.started_date),
        change=changes.Told(
            Change.STOPPED if is_over else Change.STARTED,
            after="" if is_over else words.dose_short(dosage),
            watch=watch,
        ),
        by=by,
        at=at,
    )
    return Saved(item, event)


def keep_back(*, item: MedicationStatement, keep: Keep, by: User, at: datetime) -> None:
    """ "Only me", or "not for this person", for a line and all that comes of it."""
    if keep.only_me:
        consents.keep_back(item=item, but=keep.but, by=by, at=at)
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
    watch: Watch | None = None,
) -> Saved:
    """The patient takes another dose now; what was stopped is taken again.

    Raises EditConflict.
    """
    change = words.change_text(item.dosage, dosage)
    told = changes.Told(
        Change.DOSE if is_current(item) else Change.STARTED,
        before=words.amount_short(item.dosage),
        after=words.amount_short(dosage),
        watch=watch,
    )
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
    about: dict[str, Any] = {"why": why, "change": told, "by": by, "at": at}
    return Saved(item, tell(item, kind=kind, title=title, **about))


@transaction.atomic
def stop(
    *,
    item: MedicationStatement,
    version: int,
    outcome: Outcome,
    why: Why,
    by: User,
    at: datetime,
    watch: Watch | None = None,
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
    told = without(Change.STOPPED, item=item, watch=watch)
    about: dict[str, Any] = {"why": why, "change": told, "by": by, "at": at}
    return Saved(item, tell(item, kind=kind, title=title, **about))


@transaction.atomic
def hold(
    *,
    item: MedicationStatement,
    version: int,
    until: date | None,
    why: Why,
    by: User,
    at: datetime,
    watch: Watch | None = None,
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
    told = without(Change.HELD, item=item, watch=watch)
    about: dict[str, Any] = {"why": why, "change": told, "by": by, "at": at}
    return Saved(item, tell(item, kind=kind, title=title, **about))


@transaction.atomic
def start_again(
    *,
    item: MedicationStatement,
    version: int,
    why: Why,
    by: User,
    at: datetime,
    watch: Watch | None = None,
) -> Saved:
    """Taken again, with the dose it had: after a hold, a stop, or for the first time.

    Raises EditConflict, and ListFull for one that was stopped.
    """
    if not is_current(item):
        check_current(patient=item.patient, by=by)
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
    after = words.dose_short(item.dosage)
    told = changes.Told(Change.STARTED, after=after, watch=watch)
    about: dict[str, Any] = {"why": why, "change": told, "by": by, "at": at}
    return Saved(item, tell(item, kind=kind, title=title, **about))


@transaction.atomic
def correct_details(
    *,
    item: MedicationStatement,
    version: int,
    details: Details,
    by: User,
    at: datetime,
    labels: int = 0,
    part2_origin: bool = False,
) -> Saved:
    """Puts name, reason, prescriber or start right. Raises EditConflict.

    `labels` is what the new name gives away, where the patient wants it marked, and
    `part2_origin` whether that comes from a program of 42 CFR part 2.
    """
    add_marks(item=item, labels=labels, part2_origin=part2_origin, by=by, at=at)
    kept = replace(details, rxcui=item.rxcui, source_text=item.source_text)
    save_next(item, version=version, by=by, at=at, **vars(kept))
    take_along(patient=item.patient, by=by, at=at)
    title = _("%(name)s: details put right") % {"name": words.name_of(item)}
    kind = EventKind.MEDICINE_CORRECTED
    return Saved(item, tell(item, kind=kind, title=title, why=Why(), by=by, at=at))


@transaction.atomic
def not_sure(
    *, item: MedicationStatement, version: int, whom: Party, by: User, at: datetime
) -> Saved:
    """The patient is not sure of the dose and asks; the line stays. EditConflict.

    The question goes to the one who is asked, and to nobody else.
    """
    save_next(item, version=version, by=by, at=at, unsure=True)
    title = _("%(name)s: not sure of the dose, asks %(whom)s") % {
        "name": words.name_of(item),
        "whom": whom.name,
    }
    about: dict[str, Any] = {"why": Why(), "addressee": whom, "by": by, "at": at}
    return Saved(item, tell(item, kind=EventKind.ASKED, title=title, **about))


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
    take_along(patient=item.patient, by=by, at=at)
    title = _("%(name)s was on the list by mistake") % {"name": words.name_of(item)}
    kind = EventKind.MEDICINE_CORRECTED
    return Saved(item, tell(item, kind=kind, title=title, why=Why(), by=by, at=at))


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
        last_change_decided_by=_decided_by(item, why),
        last_change_reason=why.reason,
        last_change_note=why.note,
        last_change_text=text[:LONGEST_CHANGE_TEXT],
        **changes,
    )


def _decided_by(item: MedicationStatement, why: Why) -> str:
    """A line names its own prescriber alone: what another decided, the event says."""
    return "" if why.decider not in ("", item.prescribed_by) else why.decided_by


def _title(pattern: str, item: MedicationStatement, day: date | None) -> str:
    return words.from_day(pattern % {"name": words.name_of(item)}, day)


__all__ = [
    "Details",
    "Keep",
    "Outcome",
    "Saved",
    "Watch",
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
