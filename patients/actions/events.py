"""Something happened that changes the plan: one entry, everyone allowed is told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carecoord import form_keys, zones
from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES
from patients.actions import timeline
from patients.codes import EventKind, Measure
from patients.models import (
    Condition,
    HospitalStay,
    Observation,
    Patient,
    TherapyPhase,
    TimelineEvent,
)
from providers.models import Party

# The category of each kind: who may read updates need not read about drinking.
CATEGORY = {
    EventKind.CONDITION_FOUND: "conditions",
    EventKind.THERAPY_CHANGED: "goals",
    EventKind.HOSPITAL: "history",
    EventKind.DOSES_MISSED: "measures",
    EventKind.SUBSTANCE_USE: "substances",
    EventKind.STRESSOR: "history",
}


@dataclass(frozen=True)
class Happening:
    """What happened, when, and what may be mentioned in it.

    `what` is a name or a few words; `phase` what happens in therapy, `weeks` how long
    it may raise distress; `count` missed doses in 14 days.
    """

    kind: str
    what: str
    happened_date: date | None = None
    detail: str = ""
    weeks: int | None = None
    count: int | None = None
    phase: str = ""
    labels: int = 0
    part2_origin: bool = False


@transaction.atomic
def record(
    *,
    patient: Patient,
    happening: Happening,
    form_key: uuid.UUID,
    by: User,
    at: datetime,
    author: Party | None = None,
) -> TimelineEvent:
    """Writes the event, and the row of the record that it is about, if it has one.

    `author` is empty for what the patient enters. The same form twice writes once.
    Raises KeyError for a kind that is not told this way, and FormUsedError for a form
    that was saved before with other answers.
    """
    gate.lock(patient.pk)
    of = [TimelineEvent._meta.label, patient]
    made = form_keys.item_id(form_key, of=of, by=by, at=at, said=happening)
    events = TimelineEvent.objects.filter(patient=patient)
    if told := form_keys.saved_with(events, made, "about"):
        return told
    category = CATEGORY[EventKind(happening.kind)]
    shared: dict[str, Any] = {
        "categories": CATEGORIES[category],
        "labels": happening.labels,
        "part2_origin": happening.part2_origin,
    }
    today = zones.today(at, patient.time_zone)
    shared["occurred_at"] = _of_day(happening.happened_date, patient, at)
    row = _row(happening, today=today)
    if row is not None:
        _save_row(row, made, patient, author, by=by, at=at, **shared)
    return timeline.record_event(
        patient=patient,
        kind=happening.kind,
        title=title(happening),
        detail=_detail(happening),
        by=by,
        at=at,
        author=author,
        about=made,
        lineage=made,
        happened_date=happening.happened_date,
        **shared,
    )


def _of_day(day: date | None, patient: Patient, at: datetime) -> datetime:
    """Noon of an older day, as of a number that the patient enters: a permission for
    items from a day on opens nothing from before, whenever it is told.
    """
    if day is None or day >= zones.today(at, patient.time_zone):
        return at
    return zones.start_of(day, patient.time_zone).replace(hour=12)


def title(happening: Happening) -> str:
    """One line for the timeline: the kind and what it is about."""
    kind = str(EventKind(happening.kind).label)
    if happening.kind == EventKind.DOSES_MISSED and happening.count:
        return ngettext(
            "%(n)d dose missed in 14 days",
            "%(n)d doses missed in 14 days",
            happening.count,
        ) % {"n": happening.count}
    return f"{kind}: {happening.what}" if happening.what else kind


def _detail(happening: Happening) -> str:
    parts = []
    if happening.kind == EventKind.DOSES_MISSED and happening.what:
        parts.append(happening.what)
    if happening.weeks:
        weeks = ngettext(
            "May raise distress for %(n)d week.",
            "May raise distress for %(n)d weeks.",
            happening.weeks,
        )
        parts.append(weeks % {"n": happening.weeks})
    if happening.detail:
        parts.append(happening.detail)
    return " ".join(parts)


def _row(
    happening: Happening, *, today: date
) -> Condition | HospitalStay | Observation | TherapyPhase | None:
    day = happening.happened_date
    if happening.kind == EventKind.THERAPY_CHANGED and happening.phase:
        return TherapyPhase(
            what=happening.phase, starts_date=day or today, weeks=happening.weeks
        )
    if happening.kind == EventKind.CONDITION_FOUND:
        return Condition(name=happening.what, since_year=day.year if day else None)
    if happening.kind == EventKind.HOSPITAL:
        when = date_format(day, "M j, Y") if day else _("Not sure when")
        return HospitalStay(where=happening.what, why=happening.detail, when=when)
    if happening.kind == EventKind.DOSES_MISSED and happening.count is not None:
        return Observation(
            measure=Measure.MISSED_DOSES,
            value=Decimal(happening.count),
            note=happening.what,
        )
    return None


def _save_row(row, made, patient, author, *, by, at, **shared) -> None:
    """Row and event are one lineage: "only me" on it covers the event."""
    row.pk = row.lineage = made
    row.patient, row.author = patient, author
    row.recorded_at = at
    row.recorded_by = row._history_user = by
    for name, value in shared.items():
        setattr(row, name, value)
    row.save(force_insert=True)
