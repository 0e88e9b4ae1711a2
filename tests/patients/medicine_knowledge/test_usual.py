"""A slip of the point or of a zero is seen; a usual dose is left in peace."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.dosage import Dosage
from patients.medicine_knowledge import all_medicines, find
from patients.medicine_knowledge.usual import doubt


def daily(strength: str, unit: str, form: str = "tablet", count: str = "1") -> Dosage:
    return Dosage(
        schedule="daily",
        strength=Decimal(strength),
        unit=unit,
        form=form,
        morning=Decimal(count),
    )


@pytest.mark.parametrize(
    ("name", "dosage"),
    [
        ("lamotrigine", daily("1500", "mg")),
        ("lamotrigine", daily("2500", "mg")),
        ("sertraline", daily("500", "mg")),
        ("sertraline", daily("2.5", "mg")),
        ("levothyroxine", daily("50", "mg")),
        ("levothyroxine", daily("500", "mcg")),
        ("clonazepam", daily("5", "mg")),
        ("haloperidol", daily("50", "mg")),
        ("sertraline", daily("100", "mg", count="10")),
        ("quetiapine", daily("25", "mg", count="0.125")),
        ("warfarin", daily("50", "mg")),
        ("lithium", daily("3000", "mg")),
    ],
)
def test_ten_times_or_a_tenth_is_doubted(name, dosage):
    found = doubt(find(name), dosage)
    assert found and found.entered and found.token


@pytest.mark.parametrize(
    ("name", "dosage"),
    [
        ("lamotrigine", daily("25", "mg")),
        ("lamotrigine", daily("250", "mg")),
        ("lamotrigine", daily("25", "mg", count="0.5")),
        ("sertraline", daily("50", "mg", count="4")),
        ("levothyroxine", daily("88", "mcg")),
        ("levothyroxine", daily("0.088", "mg")),
        ("lithium", daily("300", "mg", "capsule", count="3")),
        ("sertraline", daily("20", "mg per mL", "liquid", count="2.5")),
        ("vitamin D3", daily("50000", "units", "capsule")),
        ("vitamin D3", daily("5", "mcg")),
        ("fentanyl", daily("25", "mcg per hour", "patch")),
        ("sertraline", Dosage(schedule="other", other="as the doctor said")),
    ],
)
def test_a_usual_dose_is_not_asked_about(name, dosage):
    assert doubt(find(name), dosage) is None


def test_a_medicine_that_nobody_knows_is_not_asked_about():
    assert doubt(None, daily("100000", "mg")) is None


def test_no_usual_strength_of_the_list_is_doubted():
    """One of each, every day: what the list itself calls usual is never a slip."""
    asked = []
    for one in all_medicines():
        for strength in one.strengths:
            for value, unit in strength.amounts:
                dosage = daily(str(value), unit, strength.counted_as)
                is_daily = strength.counted_as not in {"injection", "implant"}
                if is_daily and doubt(one, dosage):
                    asked.append((one.name, strength.form, str(value), unit))
    assert asked == []


@given(st.sampled_from([one for one in all_medicines() if one.most_per_day]))
def test_ten_times_the_most_in_a_day_is_always_doubted(medicine):
    value, unit = medicine.most_per_day
    assert doubt(medicine, daily(str(value * 10), unit))
