"""The timeline event: written with the change, delivered by the outbox."""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction

from carecoord.models import User
from consents import gate
from patients.models import Patient, TimelineEvent
from providers.models import Party

# Changes within this time are gathered, and undo cancels what was not sent.
GATHER = timedelta(minutes=10)


@transaction.atomic
def record_event(
    *,
    patient: Patient,
    kind: str,
    title: str,
    by: User,
    at: datetime,
    categories: int,
    labels: int = 0,
    lineage: uuid.UUID | None = None,
    about: uuid.UUID | None = None,
    author: Party | None = None,
    detail: str = "",
    happened_date: date | None = None,
    part2_origin: bool = False,
    at_once: bool = False,
    tell: bool = True,
    corrects: TimelineEvent | None = None,
    watch: str = "",
    addressee: Party | None = None,
    occurred_at: datetime | None = None,
) -> TimelineEvent:
    """Writes the event, and by that tells everyone routing and consent allow.

    `lineage` is the item it is about, so that "only me" on the item covers the event.
    `at_once` skips the ten minutes (a prescriber's decision). `tell=False` is for
    events that stand on the timeline only. `watch` is the window of a change in words.
    An `addressee` is the only one who is told of a question. `occurred_at` is the day
    that a permission asks for, if it is not today; a correction is of the day of what
    it corrects.
    """
    due_at = (at if at_once else at + GATHER) if tell else None
    event = TimelineEvent(
        patient=patient,
        kind=kind,
        title=title,
        detail=detail,
        about=about,
        author=author,
        categories=categories,
        labels=labels,
        part2_origin=part2_origin,
        occurred_at=corrects.occurred_at if corrects else occurred_at or at,
        recorded_at=at,
        recorded_by=by,
        happened_date=happened_date,
        epoch=gate.epoch_of(patient.pk),
        due_at=due_at,
        next_attempt_at=due_at,
        corrects=corrects,
        watch=watch,
        addressee=addressee,
    )
    event.lineage = lineage or event.id
    event.save()
    return event


@transaction.atomic
def cancel_event(*, event: TimelineEvent, by: User, at: datetime) -> bool:
    """Cancels an event that nobody was told of yet. Says whether it could."""
    waiting = TimelineEvent.objects.select_for_update().filter(
        pk=event.pk, fanned_out_at=None, cancelled_at=None
    )
    return bool(waiting.update(cancelled_at=at, cancelled_by=by))
