"""What the privacy officer is told, and what the privacy officer decides."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carecoord import mail
from carecoord.models import User
from consents.models import ReadingAlarm

# One alarm for one person in this time, however often they go on trying.
ALARM_EVERY = timedelta(hours=1)


@transaction.atomic
def tell_officers(*, about: uuid.UUID, at: datetime, officers: QuerySet[User]) -> int:
    """A mail without content to each of these officers, once for each thing."""
    for officer in officers:
        mail.post(
            key=f"office:{about}:{officer.pk}",
            address=officer.email,
            subject=_("You have something to check"),
            body=_(
                "Hello,\n\nSomething waits for you. Please sign in to see it.\n\n"
                "Sign in: %(site)s\n\nDo not reply."
            )
            % {"site": settings.SITE_URL},
            user=officer,
            at=at,
        )
    return len(officers)


@transaction.atomic
def raise_alarm(*, user: User, charts: int, at: datetime) -> None:
    """Notes that somebody was slowed down, and tells the privacy officers."""
    recent = ReadingAlarm.objects.filter(user=user, at__gt=at - ALARM_EVERY)
    if not recent.exists():
        alarm = ReadingAlarm.objects.create(user=user, at=at, charts=charts)
        officers = User.objects.filter(is_privacy_officer=True, is_active=True)
        tell_officers(about=alarm.pk, at=at, officers=officers.exclude(pk=user.pk))


@transaction.atomic
def review_alarm(*, alarm: ReadingAlarm, words: str, by: User, at: datetime) -> None:
    """What the privacy officer found out about it."""
    ReadingAlarm.objects.filter(pk=alarm.pk, reviewed_at=None).update(
        reviewed_at=at, reviewed_by=by, words=words
    )
