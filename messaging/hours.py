"""The hours in which somebody takes mail, on the clock of their own zone.

They protect whoever shares a phone or a home: what waits is written when they open.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carecoord import zones
from carecoord.models import User


def is_open(user: User, at: datetime) -> bool:
    """Whether a mail may reach this person at this instant."""
    return opens_at(user, at) <= at


def opens_at(user: User, at: datetime) -> datetime:
    """The first instant from `at` on at which a mail may reach this person."""
    since, until = user.mail_from, user.mail_until
    if since is None or until is None:
        return at
    hour = zones.local(at, user.time_zone).hour
    if (hour - since) % 24 < (until - since) % 24:
        return at
    return _next(since, at, user.time_zone)


def _next(hour: int, at: datetime, zone: str) -> datetime:
    """When the clock of `zone` next strikes this hour."""
    today = zones.today(at, zone)
    days = (today, today + timedelta(days=1))
    found = [datetime.combine(day, time(hour), ZoneInfo(zone)) for day in days]
    # In UTC: an hour that a day does not have is the next one that it has.
    return next(each for one in found if (each := one.astimezone(UTC)) > at)
