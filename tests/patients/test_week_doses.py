"""Doses that differ by the day of the week, from the form to the sentence and back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.actions.medicine_terms import columns
from patients.dosage import DayDose, Dosage
from patients.dosage.days import days_from_json
from patients.forms.doses import DOSE_FORMS
from patients.medicine_words import dose_short
from patients.models import MedicationStatement
from tests.patients.test_today import TABLET, WEEK

TYPED = {
    "strength": "25", "unit": "mg", "form": "tablet",
    "week1_days": ["0", "2", "4"], "week1_morning": "2", "rest_morning": "1",
}  # fmt: skip


def form(**typed):
    return DOSE_FORMS["week"]({**TYPED, **typed})


def test_the_form_gives_the_dose_and_the_sentence_says_every_day():
    filled = form()
    assert filled.is_valid(), filled.errors
    assert filled.dosage == WEEK
    assert filled.dosage.line == (
        "Monday, Wednesday and Friday: 50\xa0mg (2\xa0tablets) in the morning; "
        "other days: 25\xa0mg (1\xa0tablet) in the morning."
    )
    assert filled.dosage.a_day_text == "" and filled.dosage.time_boxes() is None
    assert dose_short(filled.dosage).startswith("Monday, Wednesday and Friday: 50")


def test_days_without_a_dose_are_said():
    one = Dosage(schedule="week", days=(DayDose(days=(6,), noon=Decimal(1)),), **TABLET)
    assert one.line == "Sunday: 25\xa0mg (1\xa0tablet) at noon; other days: none."
    assert one.amount_in_24_hours_on(date(2026, 11, 29)).text == "25\xa0mg"
    assert one.amount_in_24_hours_on(date(2026, 11, 30)) is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"week1_days": []}, "Choose the days for these amounts."),
        ({"week2_days": ["0"], "week2_noon": "1"}, "Choose each day once."),
        ({"week1_morning": "", "rest_morning": ""}, "for at least one time of day"),
        ({"week1_morning": "half a lot"}, "Enter the amount as a number"),
        ({"week1_days": ["7"]}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_with_how_to_put_it_right(typed, sentence):
    filled = form(**typed)
    assert not filled.is_valid()
    assert sentence in str(filled.errors)


def test_a_stored_dose_comes_back_and_stands_in_the_form_again():
    item = MedicationStatement(name="warfarin", **columns(WEEK))
    assert item.dosage == WEEK
    again = DOSE_FORMS["week"](before=item.dosage)
    assert again.initial["week1_days"] == ["0", "2", "4"]
    assert again.initial["rest_morning"] == 1


@pytest.mark.parametrize(
    "stored",
    [[{}], [{"days": [9]}], [{"days": "x"}], [{"days": [1], "morning": "many"}]],
)
def test_a_broken_column_is_an_error_and_no_dose(stored):
    with pytest.raises(ValueError, match="not"):
        days_from_json(stored)


COUNTS = st.none() | st.decimals("0.25", 8, places=2)
ROWS = st.builds(
    DayDose,
    days=st.sets(st.integers(0, 6), max_size=7).map(sorted).map(tuple),
    morning=COUNTS,
    noon=COUNTS,
    evening=COUNTS,
    bedtime=COUNTS,
)


@given(st.lists(ROWS, max_size=3).map(tuple))
def test_a_dose_is_stored_and_read_back_whole(rows):
    assert days_from_json([row.to_json() for row in rows]) == rows


@given(st.integers(0, 400))
def test_every_day_has_the_dose_that_the_sentence_says(ahead):
    day = date(2026, 1, 1) + timedelta(days=ahead)
    expected = 50 if day.weekday() in {0, 2, 4} else 25
    assert WEEK.amount_in_24_hours_on(day).value == expected
