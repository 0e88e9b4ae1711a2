"""Notes from outside the team that the patient handed on, as their reader sees them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from consents.access import OpenPatient, guests
from consents.models import GuestNote
from patients.codes import EventKind
from patients.models import TimelineEvent

MOST = 50


def load(opened: OpenPatient) -> list[TimelineEvent]:
    """All that this person may see, newest first, through the rule."""
    return opened.items(_rows().order_by("-occurred_at", "-pk"), limit=MOST)


def to_hand_on(opened: OpenPatient, pk: uuid.UUID) -> GuestNote:
    """A note that somebody with a code wrote to this patient; else the 404."""
    return guests.note(opened, pk)


def handed_on(opened: OpenPatient, note: GuestNote) -> TimelineEvent | None:
    """The event that quotes it, once there is one that this person may see."""
    return next(iter(opened.items(_rows().filter(about=note.pk))), None)


def _rows() -> QuerySet[TimelineEvent]:
    return TimelineEvent.objects.standing().filter(
        kind=EventKind.OUTSIDE_NOTE, cancelled_at=None
    )
