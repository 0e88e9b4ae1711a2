"""What is wrong with a dose that was typed, in sentences that say how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from patients.dosage.amounts import (
    DECIMAL_PLACES,
    DOSE_UNITS,
    LARGEST_AMOUNT,
    LIQUIDS,
    normalise_form,
    normalise_unit,
)
from patients.dosage.words import is_clear

if TYPE_CHECKING:
    from patients.dosage.dose import Dosage

Problem = tuple[str, str]

MOST_FORMS = Decimal(100)
MOST_MILLILITRES = Decimal(2_000)
LONGEST_GAP_HOURS = Decimal(168)
LONGEST_INTERVAL = {"day": 366, "week": 104, "month": 24}
TIMES = ("morning", "noon", "evening", "bedtime")


def find_problems(dosage: Dosage) -> list[Problem]:
    """Every problem as (field, sentence), in the order of the fields on the page."""
    checks = {
        "daily": _daily,
        "as_needed": _as_needed,
        "interval": _interval,
        "steps": _steps,
        "week": _week,
        "other": _other,
    }
    check = checks.get(dosage.schedule)
    if check is None:
        return [("schedule", _("Choose when you take it."))]
    return [*_medicine(dosage), *check(dosage)]


def _medicine(dosage: Dosage) -> Iterator[Problem]:
    unit, form = normalise_unit(dosage.unit), normalise_form(dosage.form)
    if dosage.strength is not None:
        yield from _number("strength", dosage.strength, most=LARGEST_AMOUNT)
        if not unit:
            yield "unit", _("Choose the unit on the label, like mg, mcg or units.")
    elif not is_clear(dosage):
        yield "strength", _("Enter the strength that goes with the unit.")
    if unit and unit.partition(" per ")[0] not in DOSE_UNITS:
        yield "unit", _("Choose the unit on the label, like mg, mcg or units.")
    told_in_words = dosage.schedule == "other" and dosage.count is None
    if not form and (not unit or unit == "%") and not told_in_words:
        yield "form", _("Choose what it is, like tablet, capsule or liquid.")


def _number(field: str, value: Any, *, most: Decimal) -> Iterator[Problem]:
    if not isinstance(value, Decimal) or not value.is_finite():
        yield field, _("Enter the amount as a number, like 0.5 or 25.")
    elif value <= 0:
        yield field, _("Enter an amount above 0, or leave it empty.")
    elif value > most:
        yield field, _("That amount is too large. Check the label.")
    elif -int(value.normalize().as_tuple().exponent) > DECIMAL_PLACES:
        yield field, _("Use at most 4 digits after the point.")


def _count(dosage: Dosage, field: str, value: Any) -> Iterator[Problem]:
    form = normalise_form(dosage.form)
    most = MOST_MILLILITRES if form in LIQUIDS else MOST_FORMS
    if dosage.strength is None and not form:
        most = LARGEST_AMOUNT
    yield from _number(field, value, most=most)


def _one_dose(dosage: Dosage) -> Iterator[Problem]:
    if dosage.count is None:
        yield "count", _("Enter how much you take each time, like 1 or 0.5.")
    else:
        yield from _count(dosage, "count", dosage.count)


def _daily(dosage: Dosage) -> Iterator[Problem]:
    given = [(name, getattr(dosage, name)) for name in TIMES]
    if not any(count for _name, count in given):
        yield "morning", _("Choose at least one time of day.")
    for name, count in given:
        # An empty box and a 0 both say "not at that time".
        if count is not None and count != 0:
            yield from _count(dosage, name, count)


def _as_needed(dosage: Dosage) -> Iterator[Problem]:
    yield from _one_dose(dosage)
    if not dosage.as_needed_for.strip():
        yield "as_needed_for", _("Enter what you take it for, like sleep or pain.")
    gap, most = dosage.min_gap_hours, dosage.max_in_24_hours
    if gap is None and most is None:
        yield (
            "max_in_24_hours",
            _("Enter the most in 24 hours, or the shortest gap. It is on the label."),
        )
    if gap is not None:
        yield from _number("min_gap_hours", gap, most=LONGEST_GAP_HOURS)
    if most is not None:
        yield from _ceiling(dosage, most)


def _ceiling(dosage: Dosage, most: Any) -> Iterator[Problem]:
    found = list(_count(dosage, "max_in_24_hours", most))
    yield from found
    if not found and isinstance(dosage.count, Decimal) and dosage.count > most:
        yield (
            "max_in_24_hours",
            _("The most in 24 hours is less than one dose. Check the label."),
        )


def _interval(dosage: Dosage) -> Iterator[Problem]:
    yield from _one_dose(dosage)
    longest = LONGEST_INTERVAL.get(dosage.every_unit)
    if longest is None:
        yield "every_unit", _("Choose days, weeks or months.")
    if not dosage.every_count or dosage.every_count < 1:
        yield "every_count", _("Enter how often, as a whole number, like 4.")
    elif longest is not None and dosage.every_count > longest:
        yield "every_count", _("That is too long a time between doses. Check it.")
    elif dosage.every_count == 1 and dosage.every_unit == "day":
        yield "every_count", _("If you take it every day, choose the times of day.")
    last, due = dosage.last_given_date, dosage.next_due_date
    if last and due and due <= last:
        yield "next_due_date", _("The next date must be after the last one.")


def _steps(dosage: Dosage) -> Iterator[Problem]:
    steps = dosage.steps
    if len(steps) < 2:
        yield "steps", _("Enter at least two steps, each with its first day.")
    dates = [step.starts_date for step in steps]
    if any(later <= earlier for earlier, later in pairwise(dates)):
        yield "steps", _("Put the steps in order. Each needs its own first day.")
    if any(not step.total for step in steps[:-1]):
        yield "steps", _("Only the last step can be empty. It means stop.")
    for number, step in enumerate(steps, start=1):
        yield from _step_amounts(dosage, number=number, counts=step.counts)


def _week(dosage: Dosage) -> Iterator[Problem]:
    named = [day for dose in dosage.days for day in dose.days]
    if not named:
        yield "days", _("Choose the days that differ from the others.")
    if len(named) != len(set(named)):
        yield "days", _("Choose each day once.")
    if not any(dose.total for dose in dosage.days):
        yield "days", _("Enter how many you take, for at least one time of day.")
    for dose in dosage.days:
        for count in dose.counts:
            if count is not None and count != 0:
                for _field, problem in _count(dosage, "days", count):
                    yield "days", problem


def _step_amounts(
    dosage: Dosage, *, number: int, counts: tuple[Decimal | None, ...]
) -> Iterator[Problem]:
    for count in counts:
        if count is not None and count != 0:
            for _field, problem in _count(dosage, "steps", count):
                words = {"number": number, "problem": problem}
                yield "steps", _("Step %(number)s: %(problem)s") % words


def _other(dosage: Dosage) -> Iterator[Problem]:
    if not dosage.other.strip():
        yield "other", _("Enter how you take it, in your own words.")
    if dosage.count is not None:
        yield from _count(dosage, "count", dosage.count)
