"""Tells of a late injection: the patient, or who keeps the record of one without a
sign-in, and who prescribes it if they may see it.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from carecoord import zones
from consents import gate
from messaging.access.late_doses import event_of, keepers, late_for, maybe_late
from messaging.actions.notices import tell
from messaging.codes import NoticeKind
from messaging.models import Notice
from messaging.waiting import OLDEST_CAUSE
from patients.injection_words import late_since
from patients.models import MedicationStatement


def tell_of_late_doses(*, at: datetime) -> int:
    """Once for each day on which one was due, to each of them. How many notices."""
    rows = maybe_late(at, told_for=OLDEST_CAUSE).select_related(
        "patient__user", "prescriber__user"
    )
    late = {event: row for row in rows if (event := _newly_late(row, at=at))}
    told = set(
        Notice.objects.filter(event__in=late).values_list("event", "user_id").distinct()
    )
    return sum(
        _tell(event, row, user_id, at=at)
        for event, row in late.items()
        for user_id in _whom(row, at=at)
        if (event, user_id) not in told
    )


def _newly_late(row: MedicationStatement, *, at: datetime) -> uuid.UUID | None:
    """Of what is late for longer nobody is told any more: the list says it."""
    today = zones.today(at, row.patient.time_zone)
    since = late_since(row, on=today)
    if since is None or since <= today - OLDEST_CAUSE:
        return None
    return event_of(row, at=at)


def _whom(row: MedicationStatement, *, at: datetime) -> list[uuid.UUID]:
    prescriber = row.prescriber.user if row.prescriber else None
    users = [user for user in (row.patient.user, prescriber) if user and user.is_active]
    instead = keepers(row.patient, at).order_by("recorded_at", "pk")
    return list(
        dict.fromkeys(
            [
                *(user.pk for user in users),
                *instead.values_list("party__user_id", flat=True),
            ]
        )
    )


@transaction.atomic
def _tell(
    event: uuid.UUID, row: MedicationStatement, user_id: uuid.UUID, *, at: datetime
) -> int:
    """Behind the gate: so a stop comes before all of it or after."""
    gate.share(row.patient_id)
    if event not in late_for(user_id, row.patient, at):
        return 0
    tell(
        kind=NoticeKind.LATE_DOSE,
        user_id=user_id,
        patient_id=row.patient_id,
        event=event,
        about=row.pk,
        at=at,
    )
    return 1
