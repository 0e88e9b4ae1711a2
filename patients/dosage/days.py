"""Doses that differ by the day of the week: Mondays 50 mg, all other days 25 mg."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

WEEK = range(7)


@dataclass(frozen=True)
class DayDose:
    """How many forms at each time, on these days (0 is Monday); no day: all others."""

    days: tuple[int, ...] = ()
    morning: Decimal | None = None
    noon: Decimal | None = None
    evening: Decimal | None = None
    bedtime: Decimal | None = None

    @property
    def counts(self) -> tuple[Decimal | None, ...]:
        return self.morning, self.noon, self.evening, self.bedtime

    @property
    def total(self) -> Decimal:
        return sum((count for count in self.counts if count), Decimal(0))

    @property
    def times_a_day(self) -> int:
        return sum(1 for count in self.counts if count)

    def to_json(self) -> dict[str, Any]:
        """Decimals as strings, so that a dose never passes through a float."""
        amounts = {
            name: None if (count := getattr(self, name)) is None else format(count, "f")
            for name in ("morning", "noon", "evening", "bedtime")
        }
        return {"days": list(self.days), **amounts}


def days_from_json(stored: Sequence[dict[str, Any]] | None) -> tuple[DayDose, ...]:
    """What `to_json` wrote. Raises ValueError for anything else."""
    return tuple(_read(row) for row in stored or [])


def _read(row: dict[str, Any]) -> DayDose:
    try:
        days = tuple(int(day) for day in row["days"])
        counts = {
            name: None if row.get(name) is None else Decimal(str(row[name]))
            for name in ("morning", "noon", "evening", "bedtime")
        }
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"not a stored dose of some days: {row!r}") from error
    if not set(days) <= set(WEEK):
        raise ValueError(f"not days of the week: {row!r}")
    return DayDose(days=days, **counts)


def dose_of_day(doses: Sequence[DayDose], on: date) -> DayDose | None:
    """The dose of that day: its own, else that of all other days, else none."""
    named = [dose for dose in doses if on.weekday() in dose.days]
    others = [dose for dose in doses if not dose.days]
    return next(iter([*named, *others]), None)


def day_names() -> tuple[str, ...]:
    """The days in words, Monday first, as in a sentence."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
