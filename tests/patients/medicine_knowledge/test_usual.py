"""A slip of the point or of a zero is seen; a usual dose is left in peace."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.dosage import Amount, Dosage
from patients.medicine_knowledge import all_medicines, find
from patients.medicine_knowledge.usual import doubt, measured


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


def test_ten_times_the_dose_before_is_doubted_where_each_is_on_a_label():
    lamotrigine, own = find("lamotrigine"), daily("25", "mg")
    found = doubt(lamotrigine, daily("250", "mg"), before=own)
    assert found and found.entered == "250\xa0mg" and found.before == "25\xa0mg"
    assert doubt(lamotrigine, own, before=daily("250", "mg"))
    assert doubt(lamotrigine, daily("0.025", "g"), before=daily("250", "mg"))
    assert doubt(lamotrigine, daily("225", "mg"), before=own) is None
    assert doubt(lamotrigine, own, before=daily("225", "mg")) is None
    # Also of a medicine that no list knows; not where the unit or the rhythm differs.
    assert doubt(None, daily("300", "mg"), before=daily("30", "mg"))
    assert doubt(None, daily("300", "mg"), before=daily("30", "mL")) is None
    weeks = Dosage(schedule="interval", strength=Decimal(400), unit="mg", every_count=4,
                   form="injection", count=Decimal(1), every_unit="week")  # fmt: skip
    assert doubt(find("aripiprazole"), weeks, before=daily("10", "mg")) is None


def test_the_most_of_a_day_says_nothing_of_an_injection_for_weeks():
    two = Dosage(schedule="interval", strength=Decimal(210), unit="mg", every_count=4,
                 form="injection", count=Decimal(2), every_unit="week")  # fmt: skip
    assert doubt(find("olanzapine"), two) is None


def test_the_most_in_24_hours_is_looked_at_too():
    as_needed = Dosage(
        schedule="as_needed", strength=Decimal(500), unit="mg", form="tablet",
        count=Decimal(2), as_needed_for="pain", max_in_24_hours=Decimal(6),
    )  # fmt: skip
    assert doubt(find("acetaminophen"), as_needed) is None
    found = doubt(
        find("acetaminophen"), replace(as_needed, max_in_24_hours=Decimal(60))
    )
    assert found and found.entered == "30,000\xa0mg"


def test_ten_times_or_a_tenth_of_every_usual_strength_is_doubted():
    """Unless that is on a label too; only the dose before can tell it then."""
    missed = []
    for one in all_medicines():
        for strength in one.strengths:
            daily_form = strength.counted_as not in {"injection", "implant"}
            listed = {
                measured(amount)
                for other in one.strengths
                if (other.counted_as in {"injection", "implant"}) is not daily_form
                for amount in other.amounts
            }
            factors = ["10"] if one.kind == "supplement" else ["10", "0.1"]
            for (value, unit), factor in product(
                strength.amounts, map(Decimal, factors)
            ):
                dosage = daily(str(value * factor), unit, strength.counted_as)
                if measured(Amount(value * factor, unit)) in listed:
                    continue
                if not doubt(one, dosage):
                    missed.append((one.name, strength.form, str(value), unit))
    assert missed == []


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
