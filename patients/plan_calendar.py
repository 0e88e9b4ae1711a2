"""A dose plan as a calendar: each day with what is taken, for screen and paper.

Days are never left out silently: the calendar says which days it shows, and whether the
plan goes on.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from patients.dosage import Dosage, date_text, day_names, next_due
from patients.dosage.calendar import add_months
from patients.dosage.words import dose_text
from patients.today import TIME_TITLES

PLANNED = ("daily", "interval", "steps", "week")
WEEKS_AHEAD = 4
LONGEST = timedelta(weeks=26)


@dataclass(frozen=True)
class Day:
    """One square. `says` is empty only for days outside of the plan."""

    number: int
    weekday: str
    says: tuple[str, ...] = ()
    changes: bool = False


@dataclass(frozen=True)
class Month:
    title: str
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True)
class PlanCalendar:
    """The months of a plan, and in words which days they show."""

    months: tuple[Month, ...]
    shown: str
    goes_on: bool
    weekdays: tuple[str, ...]


def has_calendar(dosage: Dosage) -> bool:
    """Whether the days of a dose are known: not as needed, not in free words."""
    return dosage.schedule in PLANNED


def calendar_of(dosage: Dosage, *, today: date) -> PlanCalendar:
    """The whole step plan; of every other schedule the four weeks from today."""
    first, last, goes_on = _span(dosage, today)
    given = _given_days(dosage, first, last)
    months = tuple(
        _month(year_month, dosage, first, last, given)
        for year_month in _months(first, last)
    )
    shown = _("%(first)s to %(last)s") % {
        "first": date_text(first),
        "last": date_text(last),
    }
    return PlanCalendar(months, shown, goes_on, day_names())


def _span(dosage: Dosage, today: date) -> tuple[date, date, bool]:
    if dosage.schedule != "steps" or not dosage.steps:
        return today, today + timedelta(weeks=WEEKS_AHEAD, days=-1), True
    steps = sorted(dosage.steps, key=lambda step: step.starts_date)
    stops = not steps[-1].total
    first = steps[0].starts_date
    last = steps[-1].starts_date + timedelta(days=0 if stops else 6)
    if last - first <= LONGEST:
        return first, last, not stops
    first = max(first, today)
    return first, max(first, min(last, first + LONGEST)), True


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = add_months(month, 1)


def _month(
    month: date, dosage: Dosage, first: date, last: date, given: set[date]
) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return Month(
        title=date_format(month, "F Y"),
        weeks=tuple(
            tuple(_square(day, month, dosage, first, last, given) for day in week)
            for week in weeks
        ),
    )


def _square(
    day: date, month: date, dosage: Dosage, first: date, last: date, given: set[date]
) -> Day | None:
    """A square of the month; None for the days of the months beside it."""
    if day.month != month.month:
        return None
    return _day(day, dosage, given) if first <= day <= last else _empty(day)


def _empty(day: date) -> Day:
    return Day(day.day, day_names()[day.weekday()])


def _day(day: date, dosage: Dosage, given: set[date]) -> Day:
    said: tuple[str, ...]
    if dosage.schedule == "interval":
        said = (dose_text(dosage, dosage.count),) if day in given else (_("none"),)
        return replace(_empty(day), says=said, changes=day in given)
    taken = dosage.taken_on(day)
    counts = taken.counts if taken else ()
    said = tuple(
        _("%(time)s: %(dose)s") % {"time": title, "dose": dose_text(dosage, count)}
        for title, count in zip(TIME_TITLES, counts, strict=False)
        if count
    )
    begins = any(step.starts_date == day for step in dosage.steps)
    if begins:
        said = (_("New step"), *(said or (_("none"),)))
    return replace(_empty(day), says=said or (_("none"),), changes=begins)


def _given_days(dosage: Dosage, first: date, last: date) -> set[date]:
    """The days of an injection or patch, counted on from the next one."""
    found: set[date] = set()
    due, count = next_due(dosage), dosage.every_count
    while due and count and due <= last:
        if due >= first:
            found.add(due)
        if dosage.every_unit == "month":
            due = add_months(due, count)
        else:
            due += timedelta(days=count * (7 if dosage.every_unit == "week" else 1))
    return found
