"""A dose plan as a calendar: each day with what is taken, for screen and paper.

Days are never left out silently: the calendar says which days it shows, and whether the
plan goes on. What is given every few weeks is a list of its days instead: a month full
of "none" hides the one day that matters.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from patients.dosage import Dosage, date_text, day_names, next_due
from patients.dosage.calendar import add_months
from patients.dosage.words import dose_text
from patients.today import TIME_TITLES

PLANNED = ("daily", "interval", "steps", "week")
WEEKS_AHEAD = 4
LONGEST = timedelta(weeks=26)
# Of an injection or a patch, however far apart: so many of its days at least.
FEWEST_DOSES = 3


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
class DoseDay:
    """A day on which an injection is given or a patch changed."""

    day: str
    says: str
    note: str = ""


@dataclass(frozen=True)
class PlanCalendar:
    """The months of a plan, or its days, and in words which days they show."""

    months: tuple[Month, ...]
    shown: str
    goes_on: bool
    weekdays: tuple[str, ...]
    doses: tuple[DoseDay, ...] = ()


def has_calendar(dosage: Dosage) -> bool:
    """Whether the days of a dose are known: not as needed, not in free words."""
    return dosage.schedule in PLANNED


def calendar_of(dosage: Dosage, *, today: date) -> PlanCalendar:
    """The whole step plan; of every other schedule the four weeks from today."""
    if dosage.schedule == "interval":
        return _days_of_doses(dosage, today)
    first, last, goes_on = _span(dosage, today)
    months = tuple(
        _month(year_month, dosage, first, last) for year_month in _months(first, last)
    )
    shown = _("%(first)s to %(last)s") % {
        "first": date_text(first),
        "last": date_text(last),
    }
    names = day_names()
    weekdays = tuple(names[day] for day in _week().iterweekdays())
    return PlanCalendar(months, shown, goes_on, weekdays)


def _week() -> calendar.Calendar:
    """Weeks as they begin where the reader is: on Sunday in the United States."""
    # Django counts from Sunday, the calendar from Monday.
    return calendar.Calendar((get_format("FIRST_DAY_OF_WEEK") - 1) % 7)


def _days_of_doses(dosage: Dosage, today: date) -> PlanCalendar:
    """The next days, and one that is past and was not said to be given."""
    days = list(_given_days(dosage, today))
    says = dose_text(dosage, dosage.count)
    doses = tuple(
        DoseDay(f"{day_names()[day.weekday()]}, {date_text(day)}", says, note)
        for day, note in zip(days, _notes(days, today), strict=True)
    )
    return PlanCalendar((), "", bool(days), (), doses)


def _notes(days: Iterable[date], today: date) -> Iterator[str]:
    is_next = True
    for day in days:
        if day < today:
            yield _("was due")
        else:
            yield _("next due") if is_next else ""
            is_next = False


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


def _month(month: date, dosage: Dosage, first: date, last: date) -> Month:
    weeks = _week().monthdatescalendar(month.year, month.month)
    return Month(
        title=date_format(month, "F Y"),
        weeks=tuple(
            tuple(_square(day, month, dosage, first, last) for day in week)
            for week in weeks
        ),
    )


def _square(
    day: date, month: date, dosage: Dosage, first: date, last: date
) -> Day | None:
    """A square of the month; None for the days of the months beside it."""
    if day.month != month.month:
        return None
    return _day(day, dosage) if first <= day <= last else _empty(day)


def _empty(day: date) -> Day:
    return Day(day.day, day_names()[day.weekday()])


def _day(day: date, dosage: Dosage) -> Day:
    taken = dosage.taken_on(day)
    counts = taken.counts if taken else ()
    said: tuple[str, ...] = tuple(
        _("%(time)s: %(dose)s") % {"time": title, "dose": dose_text(dosage, count)}
        for title, count in zip(TIME_TITLES, counts, strict=False)
        if count
    )
    begins = any(step.starts_date == day for step in dosage.steps)
    if begins:
        said = (_("New step"), *(said or (_("none"),)))
    return replace(_empty(day), says=said or (_("none"),), changes=begins)


def _given_days(dosage: Dosage, today: date) -> Iterator[date]:
    """The days of an injection or patch, counted on from the next one."""
    due, last = next_due(dosage), today + timedelta(weeks=WEEKS_AHEAD, days=-1)
    ahead = 0
    while due and (due <= last or ahead < FEWEST_DOSES):
        yield due
        overdue, ahead = due < today, ahead + (due >= today)
        due = _after(dosage, due)
        while overdue and due and due < today:
            due = _after(dosage, due)


def _after(dosage: Dosage, day: date) -> date | None:
    count = dosage.every_count
    if not count:
        return None
    if dosage.every_unit == "month":
        return add_months(day, count)
    return day + timedelta(days=count * (7 if dosage.every_unit == "week" else 1))
