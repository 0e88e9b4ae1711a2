"""When a medicine runs out: from what was left on a day, and the dose of each day.

Days only. The doses of the day of the count are still to come: rather a day early
than a day late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from patients.dosage import Dosage, add_months, next_due

# Further ahead nobody counts.
LONGEST = timedelta(days=730)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RunsOut:
    """The first day that is not covered; `about` where use differs from day to day."""

    day: date
    about: bool = False


def runs_out(dosage: Dosage, *, left: Decimal, counted: date) -> RunsOut | None:
    """Nothing where it lasts longer, a plan ends before, or no one can say.

    More left never brings the day forward.
    """
    if dosage.schedule == "as_needed":
        return _as_needed(dosage, left, counted)
    if dosage.schedule == "interval":
        return _interval(dosage, left, counted)
    day = counted
    while day <= counted + LONGEST:
        left -= need_on(dosage, day)
        if left < 0:
            return RunsOut(day)
        day += ONE_DAY
    return None


def need_on(dosage: Dosage, day: date) -> Decimal:
    """How many forms that day takes; none where times are not set."""
    taken = dosage.taken_on(day)
    if taken is None:
        return Decimal(0)
    return sum((count for count in taken.counts if count), Decimal(0))


def _as_needed(dosage: Dosage, left: Decimal, counted: date) -> RunsOut | None:
    """As if the most of each day were taken: it lasts at least so long."""
    most = dosage.max_in_24_hours
    if not most:
        return None
    days = int(left // most)
    if days > LONGEST.days:
        return None
    return RunsOut(counted + timedelta(days=days), about=True)


def _interval(dosage: Dosage, left: Decimal, counted: date) -> RunsOut | None:
    """The day of the first injection or patch that there is none for."""
    day = next_due(dosage)
    if day is None or not dosage.count or not dosage.every_count:
        return None
    first, number = day, 0
    while day <= counted + LONGEST:
        if day >= counted:
            left -= dosage.count
        if left < 0:
            return RunsOut(day)
        number += 1
        every = dosage.every_count * number
        weeks = dosage.every_unit == "week"
        if dosage.every_unit == "month":
            day = add_months(first, every)
        else:
            day = first + timedelta(days=every * (7 if weeks else 1))
    return None
