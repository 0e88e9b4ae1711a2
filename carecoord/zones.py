"""Instants and days: stored in UTC, read in somebody's zone."""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

NO_BREAK = "\N{NO-BREAK SPACE}"


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
    """ "Nov 3, 2026, 2:10 pm" in `zone`."""
    return f"{date_format(local(at, zone), 'M j, Y')}, {time_words(at, zone)}"


def time_words(at: datetime, zone: str) -> str:
    """ "2:10 pm" in `zone`: without full stops, as a sentence may end after it."""
    return clock_words(local(at, zone))


def clock_words(here: datetime) -> str:
    """ "2:10 pm" of an instant that is in its zone already, never over two lines."""
    return date_format(here, "g:i A").lower().replace(" ", NO_BREAK)


@lru_cache(maxsize=128)
def named(zone: str) -> tzinfo:
    """The zone of that name; UTC for a name that no zone has."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return UTC


class ReaderZone:
    """Middleware: dates and times of a request are those of whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(named(request.user.time_zone)):
            return self.get_response(request)
