"""What was told was seen, or was answered, which is more."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from messaging.models import Notice, Update
from patients.models import Patient, TimelineEvent


@transaction.atomic
def mark_of_patient(
    *, patient: Patient, notices: Iterable[uuid.UUID], by: User, at: datetime
) -> int:
    """Only this user's own notices about one patient. Returns how many were new."""
    return Notice.objects.filter(
        pk__in=list(notices), patient=patient, user=by, seen_at=None
    ).update(seen_at=at)


@transaction.atomic
def mark_of_update(*, update: Update, by: User, at: datetime) -> int:
    """Who answers or closes an update need not be told of it any more."""
    events = TimelineEvent.objects.filter(patient_id=update.patient_id, about=update.pk)
    return Notice.objects.filter(
        about__in=events.values("pk"), user=by, seen_at=None
    ).update(seen_at=at)
