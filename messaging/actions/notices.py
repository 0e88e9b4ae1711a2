"""Who is told is written down, once; and the reader's own marks of what was seen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from carecoord.models import User
from consents import gate
from messaging import outbox, routing, waiting
from messaging.access.warnings import is_warning
from messaging.codes import NoticeChannel, NoticeKind
from messaging.models import Notice
from patients.models import TimelineEvent

BATCH = 100


@transaction.atomic
def mark_seen(*, notices: Iterable[uuid.UUID], by: User, at: datetime) -> int:
    """Only this user's own notices. Returns how many were not seen before."""
    return Notice.objects.filter(pk__in=list(notices), user=by, seen_at=None).update(
        seen_at=at
    )


@transaction.atomic
def tell(
    *,
    kind: str,
    user_id: uuid.UUID,
    patient_id: uuid.UUID,
    event: uuid.UUID,
    at: datetime,
    about: uuid.UUID | None = None,
) -> None:
    """Writes the notice for each channel: once per event, however often it is called.

    `about` is the row to look up, the event itself if empty.
    """
    epoch = gate.epoch_of(patient_id)
    Notice.objects.bulk_create(
        [
            Notice(
                kind=kind,
                user_id=user_id,
                patient_id=patient_id,
                event=event,
                about=about or event,
                channel=channel,
                epoch=epoch,
                created_at=at,
            )
            for channel in NoticeChannel.values
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def fan_out(*, patient_id: uuid.UUID, at: datetime) -> int:
    """Tells of the patient's due events and acknowledges them, or neither.

    Behind the gate, so that a revoke comes before all of it or after. Another sweep's
    rows are skipped. Returns how many events were delivered.
    """
    gate.share(patient_id)
    events = list(locked(waiting.events(at).filter(patient_id=patient_id))[:BATCH])
    for event in events:
        for told in routing.whom(event, at=at):
            tell(
                kind=told.kind,
                user_id=told.user_id,
                patient_id=patient_id,
                event=event.pk,
                at=at,
            )
        if is_warning(event):
            # A notice of its own beside that of the event: told once for the entry.
            tell(
                kind=NoticeKind.WARNING,
                user_id=event.patient.user_id,
                patient_id=patient_id,
                event=event.about,
                at=at,
            )
    TimelineEvent.objects.filter(pk__in=[event.pk for event in events]).update(
        fanned_out_at=at
    )
    return len(events)


@transaction.atomic
def put_off(*, patient_id: uuid.UUID, at: datetime) -> None:
    """After a failure: the patient's due events are tried again later, never lost."""
    for event in locked(waiting.events(at).filter(patient_id=patient_id)):
        attempts = min(event.attempts + 1, outbox.MAX_DOUBLINGS)
        TimelineEvent.objects.filter(pk=event.pk).update(
            attempts=attempts,
            next_attempt_at=outbox.next_attempt(at=at, attempts=attempts, key=event.pk),
        )


def locked(rows: QuerySet) -> QuerySet:
    """The rows that no other sweep holds. SQLite has one writer anyway."""
    return rows.select_for_update(skip_locked=True, of=("self",))
