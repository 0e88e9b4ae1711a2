"""What a dose still lacks, when the next one is due, and how steps are kept."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.dosage import (
    LARGEST_AMOUNT,
    Dosage,
    DoseStep,
    add_months,
    next_due,
    steps_from_json,
    steps_to_json,
)
from tests.patients.test_dosage import CAPSULE, INJECTION, TABLET, TAPER, D, daily

# What has to be put right


def fields(dosage):
    return [field for field, _sentence in dosage.problems()]


@pytest.mark.parametrize(
    "dosage",
    [
        daily(morning=D(1)),
        daily(morning=D(1), noon=D(0)),
        daily(strength=None, unit="", morning=D(1)),
        daily(strength=None, unit="units", form="", morning=D(40)),
        daily(strength=None, unit="mL", form="liquid", morning=D(10)),
        daily(strength=D(12), unit="mcg per hour", form="patch", morning=D(1)),
        replace(CAPSULE, min_gap_hours=None),
        replace(CAPSULE, max_in_24_hours=None),
        CAPSULE,
        INJECTION,
        TAPER,
        Dosage("other", other="as the clinic says"),
    ],
)
def test_a_complete_dose_has_no_problem(dosage):
    assert dosage.problems() == []


@pytest.mark.parametrize(
    ("dosage", "field", "words"),
    [
        (Dosage("weekly", **TABLET), "schedule", "Choose when"),
        (daily(), "morning", "at least one time"),
        (daily(morning=D(0)), "morning", "at least one time"),
        (daily(morning=D(-1)), "morning", "above 0"),
        (daily(morning=D("NaN")), "morning", "as a number"),
        (daily(morning=0.5), "morning", "as a number"),
        (daily(morning=D(101)), "morning", "too large"),
        (daily(morning=D("0.00001")), "morning", "4 digits"),
        (daily(morning=D(1), unit=""), "unit", "Choose the unit"),
        (daily(morning=D(1), unit="spoon"), "unit", "Choose the unit"),
        (daily(morning=D(1), strength=D(0)), "strength", "above 0"),
        (daily(morning=D(1), strength=D("Infinity")), "strength", "as a number"),
        (daily(morning=D(1), strength=LARGEST_AMOUNT + 1), "strength", "too large"),
        (daily(morning=D(1), strength=None), "strength", "goes with the unit"),
        (
            daily(morning=D(1), strength=None, unit="mEq/5 mL", form=""),
            "strength",
            "goes with the unit",
        ),
        (daily(morning=D(1), strength=None, unit="", form=""), "form", "what it is"),
        (replace(CAPSULE, count=None), "count", "each time"),
        (replace(CAPSULE, as_needed_for=" "), "as_needed_for", "what you take it for"),
        (
            replace(CAPSULE, min_gap_hours=None, max_in_24_hours=None),
            "max_in_24_hours",
            "most in 24 hours",
        ),
        (replace(CAPSULE, min_gap_hours=D(-6)), "min_gap_hours", "above 0"),
        (replace(CAPSULE, min_gap_hours=D(999)), "min_gap_hours", "too large"),
        (replace(CAPSULE, count=D(3)), "max_in_24_hours", "less than one dose"),
        (replace(CAPSULE, max_in_24_hours=D(0)), "max_in_24_hours", "above 0"),
        (replace(INJECTION, every_count=None), "every_count", "whole number"),
        (replace(INJECTION, every_count=-1), "every_count", "whole number"),
        (replace(INJECTION, every_unit="year"), "every_unit", "days, weeks or months"),
        (replace(INJECTION, every_count=500), "every_count", "too long"),
        (
            replace(INJECTION, every_count=1, every_unit="day"),
            "every_count",
            "choose the times of day",
        ),
        (
            replace(INJECTION, next_due_date=date(2026, 11, 3)),
            "next_due_date",
            "after the last one",
        ),
        (replace(TAPER, steps=TAPER.steps[:1]), "steps", "at least two steps"),
        (replace(TAPER, steps=TAPER.steps[::-1]), "steps", "in order"),
        (replace(TAPER, steps=TAPER.steps[:1] * 2), "steps", "in order"),
        (
            replace(TAPER, steps=(DoseStep(date(2026, 1, 1)), *TAPER.steps)),
            "steps",
            "Only the last step",
        ),
        (
            replace(
                TAPER, steps=(*TAPER.steps, DoseStep(date(2028, 1, 1), noon=D(-1)))
            ),
            "steps",
            "Step 4: Enter an amount above 0",
        ),
        (Dosage("other"), "other", "your own words"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(dosage, field, words):
    found = [sentence for name, sentence in dosage.problems() if name == field]
    assert any(words in sentence for sentence in found), dosage.problems()


# Dates


@pytest.mark.parametrize(
    ("count", "unit", "last", "due"),
    [
        (4, "week", date(2026, 11, 3), date(2026, 12, 1)),
        (10, "day", date(2026, 12, 28), date(2027, 1, 7)),
        (1, "month", date(2026, 1, 31), date(2026, 2, 28)),
        (1, "month", date(2028, 1, 31), date(2028, 2, 29)),
        (3, "month", date(2026, 11, 30), date(2027, 2, 28)),
        (1, "month", date(9999, 12, 31), None),
        (4, "week", date(9999, 12, 31), None),
        (None, "week", date(2026, 11, 3), None),
        (4, "", date(2026, 11, 3), None),
        (4, "week", None, None),
    ],
)
def test_the_next_dose_follows_from_the_last_one(count, unit, last, due):
    dosage = replace(
        INJECTION, every_count=count, every_unit=unit, last_given_date=last
    )
    assert next_due(dosage) == due


def test_a_date_from_the_clinic_beats_the_arithmetic():
    moved = date(2026, 12, 4)
    assert next_due(replace(INJECTION, next_due_date=moved)) == moved
    assert next_due(replace(daily(morning=D(1)), next_due_date=moved)) is None


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(0, 60))
def test_months_later_is_the_right_month_and_never_past_its_end(day, months):
    later = add_months(day, months)
    assert later.year * 12 + later.month == day.year * 12 + day.month + months
    assert later.day == day.day or later.day in {28, 29, 30}


# Storage


def test_steps_keep_every_digit_through_json():
    assert steps_from_json(steps_to_json(TAPER.steps)) == TAPER.steps
    assert TAPER.steps[0].to_json()["bedtime"] == "1.5"


@pytest.mark.parametrize(
    "stored",
    [
        {},
        "2026-11-03",
        {"starts_date": None},
        {"starts_date": "3 Nov"},
        {"starts_date": "2026-11-03", "noon": 0.1},
        {"starts_date": "2026-11-03", "noon": "much"},
        {"starts_date": "2026-11-03", "noon": "NaN"},
    ],
)
def test_a_broken_stored_step_is_refused(stored):
    with pytest.raises(ValueError):
        DoseStep.from_json(stored)


def test_no_steps_are_an_empty_plan():
    assert steps_from_json(None) == ()
    assert steps_from_json([]) == ()
