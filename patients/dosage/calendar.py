"""When a medicine that is not taken every day is next due."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patients.dosage.dose import Dosage


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_due(dosage: Dosage) -> date | None:
    """The day the next dose is due; None where it is not recorded.

    A date that someone was given beats the arithmetic: the clinic may have moved it.
    """
    if dosage.schedule != "interval":
        return None
    if dosage.next_due_date is not None:
        return dosage.next_due_date
    last, count = dosage.last_given_date, dosage.every_count
    if last is None or not count:
        return None
    try:
        return _later(last, count=count, unit=dosage.every_unit)
    except (OverflowError, ValueError):
        return None


def _later(day: date, *, count: int, unit: str) -> date | None:
    if unit == "month":
        return add_months(day, count)
    days = {"day": 1, "week": 7}.get(unit)
    return day + timedelta(days=days * count) if days else None
