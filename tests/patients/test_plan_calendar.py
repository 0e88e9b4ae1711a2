"""A plan as a calendar: every day has its dose, and no day is dropped in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

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


def shot(count: int, unit: str, due: date | None) -> Dosage:
    return Dosage(
        schedule="interval",
        count=Decimal(1),
        every_count=count,
        every_unit=unit,
        next_due_date=due,
        **TABLET,
    )


@pytest.mark.parametrize(
    ("count", "unit", "days"),
    [
        (1, "week", ["Nov 26", "Dec 3", "Dec 10", "Dec 17"]),
        (2, "week", ["Nov 26", "Dec 10", "Dec 24"]),
        (1, "month", ["Nov 26", "Dec 26", "Jan 26"]),
    ],
)
def test_of_an_injection_its_days_are_listed_and_no_other(count, unit, days):
    plan = calendar_of(shot(count, unit, date(2026, 11, 26)), today=TODAY)
    assert not plan.months and plan.goes_on
    assert [dose.day.partition(", ")[2][:6].rstrip(",") for dose in plan.doses] == days
    first, *others = plan.doses
    assert first.day == "Thursday, Nov 26, 2026" and first.note == "next due"
    assert first.says == "25\xa0mg (1\xa0tablet)"
    assert not any(dose.note for dose in others)


def test_an_injection_that_was_not_given_stays_on_the_list():
    plan = calendar_of(shot(4, "week", date(2026, 9, 1)), today=TODAY)
    assert [(dose.day, dose.note) for dose in plan.doses][:2] == [
        ("Tuesday, Sep 1, 2026", "was due"),
        ("Tuesday, Dec 22, 2026", "next due"),
    ]
    assert len(plan.doses) == 4


def test_without_a_day_the_list_is_empty():
    assert calendar_of(shot(4, "week", None), today=TODAY).doses == ()


@pytest.mark.parametrize(
    ("language", "first"), [("en-us", "Sunday"), ("en-gb", "Monday"), ("es", "Monday")]
)
def test_a_week_begins_where_the_reader_is(language, first):
    with translation.override(language):
        plan = calendar_of(STEPS, today=TODAY)
    names = [str(name) for name in plan.weekdays]
    assert len(set(names)) == 7
    if language.startswith("en"):
        assert names[0] == first
    week = plan.months[0].weeks[1]
    assert week[0].number == (8 if first == "Sunday" else 2)


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
