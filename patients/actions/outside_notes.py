"""A note of somebody with a code, handed on by the patient: an event that quotes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES
from consents.models import GuestNote
from patients.actions import timeline
from patients.actions.medicine_terms import Keep
from patients.actions.record import keep_back
from patients.codes import EventKind
from patients.models import TimelineEvent
from patients.safe_text import safe

# What was done elsewhere, beside hospital stays and treatments tried.
CATEGORY = "history"


@dataclass(frozen=True)
class HandedOn:
    """Who may read it, and what it mentions, in the patient's own answer."""

    keep: Keep = Keep()
    labels: int = 0
    part2_origin: bool = False


def title(note: GuestNote) -> str:
    """ "Note from Dr. Novak, Mercy Hospital, not checked": never as if known."""
    return safe(
        _("Note from %(name)s, %(place)s, not checked")
        % {"name": note.visit.name, "place": note.visit.organization}
    )


@transaction.atomic
def hand_on(
    *, note: GuestNote, handed: HandedOn, by: User, at: datetime
) -> TimelineEvent:
    """Quotes the note to whoever may know, told once like any other event.

    The same note twice is one event. Kept back in the same transaction, so that nobody
    is told in between.
    """
    patient = note.visit.code.patient
    gate.lock(patient.pk)
    told = TimelineEvent.objects.filter(
        patient=patient, kind=EventKind.OUTSIDE_NOTE, about=note.pk
    ).first()
    if told:
        return told
    event = timeline.record_event(
        patient=patient,
        kind=EventKind.OUTSIDE_NOTE,
        title=title(note),
        detail=safe(note.text),
        by=by,
        at=at,
        categories=CATEGORIES[CATEGORY],
        labels=handed.labels,
        part2_origin=handed.part2_origin,
        about=note.pk,
        happened_date=None,
    )
    keep_back(item=event, keep=handed.keep, by=by, at=at)
    return event
