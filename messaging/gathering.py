"""Whom to write a mail now: what was changed together is told in one.

A mail waits only for what its reader will be told of. If it waited for a change that is
kept from them, its time would tell that there was one.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from carecoord.models import User
from messaging import hours, outbox, routing, waiting
from messaging.codes import NoticeKind
from patients.actions.timeline import GATHER
from patients.models import TimelineEvent


def users_to_mail(at: datetime) -> list[uuid.UUID]:
    """Whom to write to: something is ready, and nothing was written for ten minutes.

    Nobody outside the hours in which they take mail, whatever it is: the app tells.

    A change waits for those that were made within ten minutes of it; what must be
    known at once does not wait.
    """
    quiet = ~Exists(waiting.recent_mail(OuterRef("user_id"), at))
    found = waiting.unmailed(at).filter(quiet | Q(kind__in=outbox.AT_ONCE))
    at_once = TimelineEvent.objects.filter(
        pk=OuterRef("event"), due_at__lte=F("recorded_at")
    )
    ready = found.filter(
        ~Q(kind=NoticeKind.EVENT) | Q(created_at__lte=at - GATHER) | Q(Exists(at_once))
    )
    ids = set(ready.values_list("user_id", flat=True))
    others = found.exclude(user__in=ids).values_list("user_id", "patient_id")
    for user_id, patient_id in set(others):
        if not _more_to_come(user_id, patient_id, at=at):
            ids.add(user_id)
    users = User.objects.filter(pk__in=ids).order_by("pk")
    return [user.pk for user in users if hours.is_open(user, at)]


def _more_to_come(user_id: uuid.UUID, patient_id: uuid.UUID, *, at: datetime) -> bool:
    """Whether this person will be told of a change whose ten minutes still run."""
    running = TimelineEvent.objects.filter(
        patient_id=patient_id, fanned_out_at=None, cancelled_at=None, due_at__gt=at
    )
    return any(
        told.user_id == user_id
        for event in running.select_related("patient")
        for told in routing.whom(event, at=at)
    )
