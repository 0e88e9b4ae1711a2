"""Whom to write a mail now: what was changed together is told in one.

A mail waits only for what its reader will be told of. If it waited for a change that is
kept from them, its time would tell that there was one.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
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
    others = found.exclude(user__in=ids).values_list("patient_id", "user_id")
    waiting_for: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for patient_id, user_id in others:
        waiting_for[patient_id].add(user_id)
    for patient_id, users in waiting_for.items():
        ids |= users - _told_soon(patient_id, at=at)
    to_mail = User.objects.filter(pk__in=ids).order_by("pk")
    return [user.pk for user in to_mail if hours.is_open(user, at)]


def _told_soon(patient_id: uuid.UUID, *, at: datetime) -> set[uuid.UUID]:
    """Who will be told of a change of this patient's whose ten minutes still run."""
    running = TimelineEvent.objects.filter(
        patient_id=patient_id, fanned_out_at=None, cancelled_at=None, due_at__gt=at
    )
    return {
        told.user_id
        for event in running.select_related("patient")
        for told in routing.whom(event, at=at)
    }
