"""Instants and days: stored in UTC, read in somebody's zone."""

import calendar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format


def local(at: datetime, zone: str) -> datetime:
    """The instant on the clock of `zone`."""
    return at.astimezone(ZoneInfo(zone))


def today(at: datetime, zone: str) -> date:
    """The day that it is in `zone` at this instant."""
    return local(at, zone).date()


def start_of(day: date, zone: str) -> datetime:
    """Midnight at which the day begins in `zone`."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def end_of(day: date, zone: str) -> datetime:
    """Midnight at which the day is over: an end date means the whole day."""
    return start_of(day + timedelta(days=1), zone)


def last_day(ends_at: datetime, zone: str) -> date:
    """The last whole or begun day before an end that is not included."""
    return today(ends_at - timedelta(microseconds=1), zone)


def months_after(day: date, months: int) -> date:
    """The same day of the month later on, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def day_words(day: date) -> str:
    """ "Nov 3, 2026"."""
    return date_format(day, "M j, Y")


def instant_words(at: datetime, zone: str) -> str:
    """ "Nov 3, 2026, 2:10 p.m." in `zone`."""
    return date_format(local(at, zone), "M j, Y, g:i a")


def time_words(at: datetime, zone: str) -> str:
    """ "2:10 p.m." in `zone`."""
    return date_format(local(at, zone), "g:i a")
