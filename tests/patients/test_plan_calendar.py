"""A plan as a calendar: every day has its dose, and no day is dropped in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from patients.dosage import Dosage, DoseStep
from patients.plan_calendar import LONGEST, calendar_of, has_calendar
from tests.patients.test_today import DAILY, STEPS, TABLET, WEEK

TODAY = date(2026, 11, 25)


def squares(dosage: Dosage, today: date = TODAY) -> dict[tuple[str, int], tuple]:
    found = calendar_of(dosage, today=today)
    return {
        (month.title, day.number): day.says
        for month in found.months
        for week in month.weeks
        for day in week
        if day and day.says
    }


def test_a_taper_shows_every_day_from_its_first_to_its_stop():
    found = squares(STEPS)
    assert len(found) == 14
    assert found["November 2026", 21] == ("Morning: 75\xa0mg (3\xa0tablets)",)
    assert found["November 2026", 26] == (
        "New step",
        "Morning: 25\xa0mg (1\xa0tablet)",
    )
    assert found["December 2026", 3] == ("New step", "none")
    plan = calendar_of(STEPS, today=TODAY)
    assert (plan.shown, plan.goes_on) == ("Nov 20, 2026 to Dec 3, 2026", False)
    changed = [
        d.number for m in plan.months for w in m.weeks for d in w if d and d.changes
    ]
    assert changed == [20, 26, 3]


def test_a_week_shows_four_weeks_each_day_with_its_own_dose():
    found = squares(WEEK)
    assert len(found) == 28
    assert found["November 2026", 27] == ("Morning: 50\xa0mg (2\xa0tablets)",)
    assert found["November 2026", 28] == ("Morning: 25\xa0mg (1\xa0tablet)",)
    assert calendar_of(WEEK, today=TODAY).goes_on


def test_a_daily_medicine_has_both_times_in_every_square():
    assert set(squares(DAILY).values()) == {
        ("Morning: 25\xa0mg (1\xa0tablet)", "Bedtime: 50\xa0mg (2\xa0tablets)")
    }


@pytest.mark.parametrize(
    ("count", "unit", "days"),
    [(1, "week", [26, 3, 10, 17]), (2, "week", [26, 10]), (1, "month", [26])],
)
def test_an_injection_stands_on_its_days_and_no_other(count, unit, days):
    shot = Dosage(
        schedule="interval",
        count=Decimal(1),
        every_count=count,
        every_unit=unit,
        next_due_date=date(2026, 11, 26),
        **TABLET,
    )
    found = squares(shot)
    assert [day for (_m, day), said in found.items() if said != ("none",)] == days


def test_a_long_plan_says_that_it_goes_on():
    steps = tuple(
        DoseStep(TODAY + timedelta(weeks=8 * n), morning=Decimal(n + 1))
        for n in range(9)
    )
    plan = calendar_of(replace(STEPS, steps=steps), today=TODAY)
    assert plan.goes_on
    assert len(squares(replace(STEPS, steps=steps))) == LONGEST.days + 1


@pytest.mark.parametrize("schedule", ["as_needed", "other"])
def test_what_has_no_days_has_no_calendar(schedule):
    assert not has_calendar(Dosage(schedule=schedule, **TABLET))
    assert has_calendar(STEPS)
