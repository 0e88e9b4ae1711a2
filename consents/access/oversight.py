"""What the privacy officer watches: refused requests, and who opened very much."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404

from carecoord.models import User
from consents.entrances import place_in_words
from consents.models import AccessRefusal, ReadingAlarm
from consents.office import Office, checked_elsewhere, own_patients

PAGE = 50
# One person who asks for so many records in vain within a week stands out.
MANY_RECORDS = 3
PATTERN = timedelta(days=7)
ALARMS = 100


@dataclass(frozen=True)
class Refused:
    """One request that showed nothing: who, when, by which door, whose record."""

    pk: int
    name: str
    email: str
    user_id: uuid.UUID
    whose: str
    place: str
    at: datetime
    # It went wrong on our side: nobody was refused.
    failed: bool
    # A page that stood open asked, not its reader (open_page.py).
    by_itself: bool = False


@dataclass(frozen=True)
class Pattern:
    """One person who asked for several records in vain."""

    user: User
    records: int
    tries: int
    last: datetime


def refusals(
    office: Office, *, user_id: uuid.UUID | None, before: int | None
) -> tuple[list[Refused], int | None]:
    """Newest first, by key. A record that does not exist has no name."""
    rows = _not_own(office).select_related("user").order_by("-pk")
    if user_id:
        rows = rows.filter(user_id=user_id)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    names = _names({row.patient_id for row in shown})
    return (
        [_refused(row, names) for row in shown],
        shown[-1].pk if len(found) > PAGE else None,
    )


def _not_own(office: Office) -> QuerySet[AccessRefusal]:
    """Of one's own record one reads what every patient reads.

    And nobody checks what they asked for themselves: another officer does.
    """
    mine = Q(patient_id__in=own_patients(office.user)) | Q(user=office.user)
    return AccessRefusal.objects.exclude(mine)


def checked_by_others(office: Office) -> str:
    """What the page says of the officer's own requests; empty where there are none."""
    own = AccessRefusal.objects.filter(user=office.user)
    return checked_elsewhere(office.user, own)


def alarms_checked_by_others(office: Office) -> str:
    own = ReadingAlarm.objects.filter(user=office.user)
    return checked_elsewhere(office.user, own)


def _refused(row: AccessRefusal, names: dict[uuid.UUID, str]) -> Refused:
    return Refused(
        pk=row.pk,
        name=row.user.name,
        email=row.user.email,
        user_id=row.user_id,
        whose=names.get(row.patient_id, ""),
        place=place_in_words(row.entrance),
        at=row.at,
        failed=row.failed,
        by_itself=row.open_page is not None,
    )


def _names(patient_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    # By name of the model: consents never imports upward.
    patients = apps.get_model("patients", "Patient").objects
    return dict(patients.filter(pk__in=patient_ids).values_list("pk", "name"))


def patterns(office: Office) -> list[Pattern]:
    """Who asked for several records in vain within a week, the most first."""
    rows = (
        _not_own(office)
        .filter(at__gt=office.at - PATTERN, failed=False)
        .values("user_id")
        .annotate(
            records=Count("patient_id", distinct=True),
            tries=Count("pk"),
            last=Max("at"),
        )
        .filter(records__gte=MANY_RECORDS)
        .order_by("-records", "-last", "user_id")[:PAGE]
    )
    found = list(rows)
    users = User.objects.in_bulk([row["user_id"] for row in found])
    return [
        Pattern(users[row["user_id"]], row["records"], row["tries"], row["last"])
        for row in found
    ]


def refusing_user(office: Office, user_id: uuid.UUID | None) -> User | None:
    return User.objects.filter(pk=user_id).first() if user_id else None


def alarms(office: Office) -> list[ReadingAlarm]:
    """Open ones first, then the newest."""
    rows = ReadingAlarm.objects.exclude(user=office.user).select_related("user")
    waiting = rows.filter(reviewed_at=None).order_by("at", "pk")
    done = rows.filter(reviewed_at__isnull=False).order_by("-at", "-pk")
    return [*waiting[:ALARMS], *done[:ALARMS]]


def open_alarms(office: Office) -> list[ReadingAlarm]:
    return [alarm for alarm in alarms(office) if alarm.reviewed_at is None]


def alarm(office: Office, pk: uuid.UUID) -> ReadingAlarm:
    """One alarm; else the 404. Nobody reviews their own."""
    found = (
        ReadingAlarm.objects.exclude(user=office.user)
        .filter(pk=pk)
        .select_related("user", "reviewed_by")
        .first()
    )
    if found is None:
        raise Http404
    return found
