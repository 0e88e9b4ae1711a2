"""The shape of a dose, shared by the list, its forms, the printed page and import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from patients.dosage import lines, words
from patients.dosage.amounts import Amount, normalise_unit
from patients.dosage.days import DayDose, dose_of_day
from patients.dosage.problems import TIMES, Problem, find_problems
from patients.safe_text import safe

SCHEDULES = ("daily", "as_needed", "interval", "steps", "week", "other")
# The amounts differ from day to day.
VARYING = frozenset({"steps", "week"})


@dataclass(frozen=True)
class DoseStep:
    """One step of a taper or a rising dose: how many forms at each time of day.

    A step without any amount means stop, and is the last one.
    """

    starts_date: date
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

    def to_json(self) -> dict[str, str | None]:
        """Decimals as strings, so that a dose never passes through a float."""
        amounts = {
            name: None if count is None else format(count, "f")
            for name, count in zip(TIMES, self.counts, strict=True)
        }
        return {"starts_date": self.starts_date.isoformat(), **amounts}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> DoseStep:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            starts_date = date.fromisoformat(stored["starts_date"])
            counts = {name: _stored_count(stored.get(name)) for name in TIMES}
        except (KeyError, TypeError, ArithmeticError, AttributeError) as error:
            raise ValueError(f"not a stored dose step: {stored!r}") from error
        return cls(starts_date=starts_date, **counts)


def _stored_count(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise TypeError("a stored count is a string, never a float")
    count = Decimal(text)
    if not count.is_finite():
        raise ValueError(f"not a stored count: {text!r}")
    return count


def steps_to_json(steps: tuple[DoseStep, ...]) -> list[dict[str, str | None]]:
    """The steps as a JSON column holds them."""
    return [step.to_json() for step in steps]


def steps_from_json(stored: list[dict[str, Any]] | None) -> tuple[DoseStep, ...]:
    """The steps from a JSON column. Raises ValueError for a broken one."""
    return tuple(DoseStep.from_json(step) for step in stored or [])


@dataclass(frozen=True)
class Dosage:
    """How a medicine is taken, exactly, with every amount tied to its unit.

    `strength` is what one form holds (one tablet, one injection, 1 mL of a liquid).
    Without a strength and without a form, a count is an amount in `unit`: 10 units.
    """

    schedule: str
    strength: Decimal | None = None
    unit: str = ""
    form: str = ""
    count: Decimal | None = None
    morning: Decimal | None = None
    noon: Decimal | None = None
    evening: Decimal | None = None
    bedtime: Decimal | None = None
    as_needed_for: str = ""
    min_gap_hours: Decimal | None = None
    max_in_24_hours: Decimal | None = None
    recent_use: str = ""
    every_count: int | None = None
    every_unit: str = ""
    last_given_date: date | None = None
    next_due_date: date | None = None
    steps: tuple[DoseStep, ...] = ()
    days: tuple[DayDose, ...] = ()
    other: str = ""

    def problems(self) -> list[Problem]:
        """What has to be put right before it can be saved: (field, sentence) pairs."""
        return find_problems(self)

    @property
    def counts(self) -> tuple[Decimal | None, ...]:
        """How many forms in the morning, at noon, in the evening, at bedtime."""
        return self.morning, self.noon, self.evening, self.bedtime

    @property
    def is_daily(self) -> bool:
        """Only this schedule may fill the time boxes or carry an amount a day."""
        return self.schedule == "daily"

    @property
    def strength_amount(self) -> Amount | None:
        """What one form holds, as on the label."""
        unit = normalise_unit(self.unit)
        known = self.strength is not None and unit
        return Amount(self.strength, unit) if known and self.strength else None

    @property
    def amount_each_time(self) -> Amount | None:
        """The amount of one dose; None where doses differ or it cannot be said."""
        if self.schedule in VARYING:
            return None
        if not self.is_daily:
            return words.amount_of(self, self.count)
        counts = {count for count in self.counts if count}
        return words.amount_of(self, counts.pop()) if len(counts) == 1 else None

    @property
    def amounts_at_one_time(self) -> tuple[Amount, ...]:
        """For checks: every amount that is taken at once, on any day of the plan."""
        counts = [*self.counts, self.count]
        varying: list[DoseStep | DayDose] = [*self.steps, *self.days]
        counts += [count for taken in varying for count in taken.counts]
        found = [words.amount_of(self, count) for count in counts if count]
        return tuple(dict.fromkeys(amount for amount in found if amount))

    @property
    def amount_a_day(self) -> Amount | None:
        """The amount of a whole day; None unless it is taken every day alike."""
        if not self.is_daily:
            return None
        amount = words.amount_of(self, _total(self.counts))
        # 25 mcg per hour, twice, is not 50 mcg per hour a day.
        return None if amount is None or " per " in amount.unit else amount

    @property
    def most_in_24_hours(self) -> Amount | None:
        """The ceiling of an as-needed medicine, as an amount."""
        if self.schedule != "as_needed":
            return None
        return words.amount_of(self, self.max_in_24_hours)

    @property
    def each_time_text(self) -> str:
        """`25 mg (1 tablet)`; with its times where doses differ."""
        if self.schedule == "steps":
            return words.steps_text(self)
        if self.schedule == "week":
            return words.week_text(self)
        if not self.is_daily:
            return words.dose_text(self, self.count)
        counts = [count for count in self.counts if count]
        if len(set(counts)) > 1:
            return words.times_text(self, self)
        return words.dose_text(self, counts[0] if counts else None)

    @property
    def a_day_text(self) -> str:
        """`75 mg a day`; the ceiling if as needed; empty if not taken every day."""
        if self.schedule == "as_needed":
            return words.most_text(self)
        total = _total(self.counts)
        if not self.is_daily or not total:
            return ""
        return words.a_day_text(self, amount=self.amount_a_day, total=total)

    @property
    def when_text(self) -> str:
        """`in the morning and at bedtime`, `every 4 weeks`, `only when needed …`."""
        if self.is_daily:
            return words.when_daily_text(self)
        if self.schedule == "as_needed":
            return words.as_needed_text(self)
        if self.schedule == "interval":
            return words.every_text(self)
        if self.schedule == "steps":
            return words.step_plan_text()
        if self.schedule == "week":
            return words.week_plan_text()
        return safe(self.other.strip())

    @property
    def recent_use_text(self) -> str:
        """How often an as-needed medicine was taken lately, in the person's words."""
        return safe(self.recent_use.strip())

    @property
    def line(self) -> str:
        """The one sentence that says how much, when, and how much in all."""
        return self.line_on(None)

    def line_on(self, on: date | None) -> str:
        """The line as of a day: a step plan then says which step is the one now."""
        return lines.line(self, on=on)

    def now_text_on(self, on: date) -> str:
        """Which step of a plan is the one now; empty for every other schedule."""
        if self.schedule != "steps":
            return ""
        return words.sentence(words.now_text(self, on=on))

    def time_boxes(self) -> tuple[str, str, str, str] | None:
        """The four boxes of a daily medicine; None for every other schedule."""
        if not self.is_daily:
            return None
        morning, noon, evening, bedtime = (
            words.box_text(self, count) for count in self.counts
        )
        return morning, noon, evening, bedtime

    def taken_on(self, on: date) -> Dosage | DoseStep | DayDose | None:
        """What is taken at the times of that day; None where times are not set."""
        if self.is_daily:
            return self
        if self.schedule == "steps":
            return self.step_on(on)
        return dose_of_day(self.days, on) if self.schedule == "week" else None

    def step_on(self, on: date) -> DoseStep | None:
        """The step in force on a day; None before the first."""
        begun = [step for step in self.steps if step.starts_date <= on]
        return max(begun, key=lambda step: step.starts_date, default=None)

    def amount_in_24_hours_on(self, on: date) -> Amount | None:
        """For checks: what one day holds on that day, for daily and step plans."""
        if self.schedule not in VARYING:
            return self.amount_a_day
        taken = self.taken_on(on)
        return words.amount_of(self, _total(taken.counts)) if taken else None


def _total(counts: tuple[Decimal | None, ...]) -> Decimal:
    return sum((count for count in counts if count), Decimal(0))


def is_less(dosage: Dosage, before: Dosage) -> bool:
    """Less a day than before; False where either says no amount, or another unit."""
    now, then = dosage.amount_a_day, before.amount_a_day
    if now is None or then is None or now.unit != then.unit:
        return False
    return now.value < then.value
