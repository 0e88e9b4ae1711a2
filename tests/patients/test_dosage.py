"""A dose is said exactly, with its unit, and never as often as it is not taken."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from patients.dosage import (
    DOSE_UNITS,
    FORMS,
    LARGEST_AMOUNT,
    NBSP,
    Amount,
    AmountError,
    Dosage,
    DoseStep,
    add_months,
    count_text,
    next_due,
    normalise_form,
    normalise_unit,
    number_text,
    parse_amount,
    steps_from_json,
    steps_to_json,
)
from patients.safe_text import problems

D = Decimal
TABLET = {"strength": D(25), "unit": "mg", "form": "tablet"}
INJECTION = Dosage(
    schedule="interval",
    strength=D(156),
    unit="mg",
    form="injection",
    count=D(1),
    every_count=4,
    every_unit="week",
    last_given_date=date(2026, 11, 3),
)
CAPSULE = Dosage(
    schedule="as_needed",
    strength=D(25),
    unit="mg",
    form="capsule",
    count=D(1),
    as_needed_for="sleep",
    min_gap_hours=D(6),
    max_in_24_hours=D(2),
)
TAPER = Dosage(
    schedule="steps",
    strength=D(100),
    unit="mg",
    form="tablet",
    steps=(
        DoseStep(date(2026, 11, 3), bedtime=D("1.5")),
        DoseStep(date(2026, 11, 17), morning=D("0.5"), bedtime=D(1)),
        DoseStep(date(2027, 1, 1)),
    ),
)


def daily(**given):
    return Dosage(schedule="daily", **{**TABLET, **given})


def plain(text):
    return text.replace(NBSP, " ")


# The line, by schedule


@pytest.mark.parametrize(
    ("dosage", "line"),
    [
        (
            daily(morning=D(1), bedtime=D(2)),
            "25 mg (1 tablet) in the morning and 50 mg (2 tablets) at bedtime."
            " 75 mg a day.",
        ),
        (
            daily(morning=D(1), noon=D(2), evening=D(1)),
            "25 mg (1 tablet) in the morning, 50 mg (2 tablets) at noon"
            " and 25 mg (1 tablet) in the evening. 100 mg a day.",
        ),
        (
            daily(morning=D("0.5"), bedtime=D("0.5")),
            "12.5 mg (half tablet) each time, in the morning and at bedtime."
            " 25 mg a day.",
        ),
        (
            daily(strength=None, unit="", bedtime=D("1.5")),
            "1 and a half tablets at bedtime. 1 and a half tablets a day.",
        ),
        (
            daily(strength=None, unit="", form="liquid", bedtime=D("2.5")),
            "2.5 mL at bedtime. 2.5 mL a day.",
        ),
        (
            daily(strength=None, unit="U", form="", bedtime=D(10)),
            "10 units at bedtime. 10 units a day.",
        ),
        (
            daily(strength=D(8), unit="mEq/5 mL", form="liquid", morning=D(10)),
            "16 mEq (10 mL) in the morning. 16 mEq a day.",
        ),
        (
            daily(strength=D(1000), unit="IU", form="capsule", morning=D(1)),
            "1,000 units (1 capsule) in the morning. 1,000 units a day.",
        ),
        (
            daily(strength=D("0.05"), unit="%", form="cream", morning=D(1)),
            "1 application (0.05% strength) in the morning. 1 application a day.",
        ),
        (
            daily(strength=D(12), unit="mcg/hr", form="patch", morning=D(1)),
            "12 mcg per hour (1 patch) in the morning. 1 patch a day.",
        ),
        (
            CAPSULE,
            "25 mg (1 capsule) only when needed for sleep, at least 6 hours apart,"
            " at most 2 capsules (50 mg) in 24 hours.",
        ),
        (
            INJECTION,
            "156 mg (1 injection), every 4 weeks."
            " Last Nov 3, 2026, next due Dec 1, 2026.",
        ),
        (
            Dosage(
                "interval", form="patch", count=D(1), every_count=3, every_unit="day"
            ),
            "1 patch, changed every 3 days. Last dose and next dose not recorded.",
        ),
        (
            TAPER,
            "Step plan: from Nov 3, 2026: 150 mg (1 and a half tablets) at bedtime;"
            " from Nov 17: 50 mg (half tablet) in the morning and 100 mg (1 tablet)"
            " at bedtime, 150 mg in 24 hours; from Jan 1, 2027: none, stop.",
        ),
        (
            Dosage("other", **TABLET, count=D(1), other="QOD, with 1/2 tablet of iron"),
            "25 mg (1 tablet) each time. Every other day, with half tablet of iron.",
        ),
        (Dosage("other", other="as the clinic says"), "As the clinic says."),
    ],
)
def test_the_line_says_how_much_and_when(dosage, line):
    assert plain(dosage.line) == line


def test_a_number_never_stands_alone_at_the_end_of_a_line():
    assert f"25{NBSP}mg (1{NBSP}tablet)" in daily(morning=D(1)).line
    assert f"24{NBSP}hours" in CAPSULE.line
    assert f"every 4{NBSP}weeks" in INJECTION.line


def test_each_time_and_a_day_are_both_said():
    dosage = daily(morning=D(1), bedtime=D(2))
    assert plain(dosage.each_time_text) == (
        "25 mg (1 tablet) in the morning and 50 mg (2 tablets) at bedtime"
    )
    assert plain(dosage.a_day_text) == "75 mg a day"
    assert dosage.when_text == "in the morning and at bedtime"
    assert dosage.amount_a_day == Amount(D(75), "mg")
    assert dosage.amount_each_time is None
    assert daily(morning=D(2), noon=D(2)).amount_each_time == Amount(D(50), "mg")


def test_the_time_boxes_of_a_daily_medicine_carry_the_form():
    boxes = daily(morning=D(1), bedtime=D("0.5")).time_boxes()
    assert boxes == (f"1{NBSP}tablet", "", "", "half tablet")


@pytest.mark.parametrize("dosage", [INJECTION, TAPER, CAPSULE, Dosage("other")])
def test_what_is_not_taken_every_day_has_no_boxes_and_no_amount_a_day(dosage):
    # Even with the four columns filled by mistake.
    dosage = replace(dosage, morning=D(1), bedtime=D(2))
    assert dosage.time_boxes() is None
    assert dosage.amount_a_day is None
    assert " a day" not in plain(dosage.line_on(date(2026, 12, 1)))
    assert " a day" not in dosage.a_day_text


def test_a_taper_says_which_step_is_the_one_now():
    now = {
        on: plain(TAPER.now_text_on(on))
        for on in (
            date(2026, 11, 2),
            date(2026, 11, 3),
            date(2026, 11, 17),
            date(2027, 1, 1),
        )
    }
    assert list(now.values()) == [
        "Now: not started, first dose on Nov 3, 2026.",
        "Now: 150 mg (1 and a half tablets) at bedtime,"
        " until the next step on Nov 17, 2026.",
        "Now: 50 mg (half tablet) in the morning and 100 mg (1 tablet) at bedtime,"
        " 150 mg in 24 hours, until the next step on Jan 1, 2027.",
        "Now: none, stop (last step).",
    ]
    assert TAPER.line_on(date(2026, 12, 1)).startswith(TAPER.line)
    assert TAPER.amount_in_24_hours_on(date(2026, 12, 1)) == Amount(D(150), "mg")
    assert TAPER.amount_in_24_hours_on(date(2026, 1, 1)) is None
    assert INJECTION.now_text_on(date(2026, 12, 1)) == ""


def test_limits_that_are_not_known_are_said_to_be_not_recorded():
    dosage = replace(CAPSULE, min_gap_hours=None, max_in_24_hours=None)
    assert plain(dosage.line) == (
        "25 mg (1 capsule) only when needed for sleep."
        " Shortest gap between doses not recorded. Most in 24 hours not recorded."
    )
    assert CAPSULE.most_in_24_hours == Amount(D(50), "mg")
    assert INJECTION.most_in_24_hours is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sleep", "only when needed for sleep"),
        ("For sleep.", "only when needed for sleep"),
        ("to sleep", "only when needed to sleep"),
        ("panic,\nprn", "only when needed for panic, as needed"),
        (" ", "only when needed, what for not recorded"),
    ],
)
def test_a_reason_reads_as_part_of_the_sentence(typed, words):
    assert replace(CAPSULE, as_needed_for=typed).when_text == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [("6", "6 hours"), ("1", "1 hour"), ("0.5", "30 minutes"), ("1.5", "1.5 hours")],
)
def test_a_gap_is_said_in_words(hours, words):
    line = plain(replace(CAPSULE, min_gap_hours=D(hours)).line)
    assert f"at least {words} apart" in line


@pytest.mark.parametrize(
    ("count", "unit", "words"),
    [
        (1, "week", "once every week"),
        (2, "week", "every 2 weeks"),
        (1, "month", "once every month"),
        (3, "month", "every 3 months"),
        (None, "", "not every day, how often not recorded"),
    ],
)
def test_an_interval_is_said_in_words(count, unit, words):
    dosage = replace(INJECTION, every_count=count, every_unit=unit)
    assert plain(dosage.when_text) == words


def test_a_unit_without_its_number_is_never_guessed():
    ten = Dosage("daily", unit="units", form="injection", morning=D(10))
    assert "amount not clear, check the label" in ten.line
    assert "10" not in ten.line
    assert ten.time_boxes() == ("not clear", "", "", "")
    assert ten.a_day_text == ""


def test_a_strength_without_its_unit_is_never_printed():
    line = plain(daily(unit="", strength=D(77), morning=D(1)).line)
    assert "1 tablet (strength not clear, check the label)" in line
    assert "77" not in line


def test_a_concentration_that_does_not_come_out_exactly_is_printed_as_it_is():
    dosage = daily(strength=D(8), unit="mEq/3 mL", form="liquid", morning=D(10))
    assert plain(dosage.each_time_text) == "10 mL (8 mEq per 3 mL strength)"
    assert dosage.amount_each_time is None


def test_a_patch_by_the_hour_has_no_amount_a_day():
    dosage = daily(strength=D(12), unit="mcg/hr", form="patch", morning=D(2))
    assert dosage.amount_each_time == Amount(D(24), "mcg per hour")
    assert dosage.amount_a_day is None
    assert plain(dosage.a_day_text) == "2 patches a day"


@pytest.mark.parametrize(
    "schedule", ["daily", "as_needed", "interval", "steps", "other", "", "weekly"]
)
def test_an_empty_dose_says_that_nothing_is_recorded(schedule):
    line = Dosage(schedule).line
    assert "not recorded" in line
    assert not problems(line)
    assert Dosage(schedule).problems()


def test_doses_look_the_same_in_every_language():
    with override("es"):
        assert Amount(D("1000.5"), "mg").text == f"1,000.5{NBSP}mg"


# Numbers, units, forms


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.0", "1"),
        ("0.50", "0.5"),
        (".5", "0.5"),
        ("100", "100"),
        ("1000", "1,000"),
        ("2400000", "2,400,000"),
        ("1E+3", "1,000"),
        ("1000.250", "1,000.25"),
    ],
)
def test_a_number_has_no_last_zero_and_no_naked_point(value, text):
    assert number_text(D(value)) == text


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        ("0.25", "tablet", "quarter tablet"),
        ("0.5", "tablet", "half tablet"),
        ("0.75", "tablet", "three quarters tablet"),
        ("1", "tablet", "1 tablet"),
        ("1.5", "tablet", "1 and a half tablets"),
        ("2.25", "capsule", "2 and a quarter capsules"),
        ("1.75", "tablet", "1 and three quarters tablets"),
        ("0.3", "tablet", "0.3 tablet"),
        ("1.3", "tablet", "1.3 tablets"),
        ("2", "patch", "2 patches"),
        ("2", "suppository", "2 suppositories"),
        ("2", "gummy", "2 gummies"),
        ("2", "gum", "2 pieces of gum"),
        ("2", "tablet, chewable", "2 tablets, chewable"),
        ("2", "nasal wash", "2 nasal washes"),
        ("2", "tray", "2 trays"),
        ("2", "", "2 doses"),
        ("7.5", "syrup", "7.5 mL"),
        ("2", "Pills", "2 tablets"),
    ],
)
def test_a_count_is_said_with_its_form(count, form, text):
    assert plain(count_text(D(count), form)) == text


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("ug", "mcg"),
        ("µg", "mcg"),
        ("μg", "mcg"),
        ("Micrograms", "mcg"),
        ("IU", "units"),
        ("iu", "units"),
        ("U", "units"),
        ("unit", "units"),
        ("international  units", "units"),
        ("MG", "mg"),
        ("mg.", "mg"),
        ("cc", "mL"),
        ("ml", "mL"),
        ("meq", "mEq"),
        ("mg/mL", "mg per mL"),
        ("mg per ml", "mg per mL"),
        ("mEq/5 ml", "mEq per 5 mL"),
        ("mcg/hr", "mcg per hour"),
        ("mg/24h", "mg per 24 hours"),
        ("IU/mL", "units per mL"),
        ("%", "%"),
        (" spoon ", "spoon"),
        ("", ""),
    ],
)
def test_a_unit_gets_its_safe_spelling_and_is_never_lost(typed, unit):
    assert normalise_unit(typed) == unit
    assert normalise_unit(normalise_unit(typed)) == unit


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("Tabs", "tablet"),
        ("capsules", "capsule"),
        ("patches", "patch"),
        ("gummies", "gummy"),
        ("Depot  Injection", "depot injection"),
        ("", ""),
    ],
)
def test_a_form_is_singular_and_lower_case(typed, form):
    assert normalise_form(typed) == form


def test_one_unit_is_singular():
    assert Amount(D(1), "units").text == f"1{NBSP}unit"
    assert str(Amount(D(2), "units per mL")) == f"2{NBSP}units per mL"
    assert Amount(D("0.05"), "%").text == "0.05%"


# What people type


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("25", "25"),
        (" 0.5 ", "0.5"),
        (".5", "0.5"),
        ("0.50", "0.5"),
        ("½", "0.5"),
        ("1½", "1.5"),
        ("1 ½", "1.5"),
        ("1/2", "0.5"),
        ("1⁄2", "0.5"),
        ("1 1/2", "1.5"),
        ("3/4", "0.75"),
        ("half", "0.5"),
        ("1 and a half", "1.5"),
        ("1 and a quarter", "1.25"),
        ("1,000", "1000"),
        ("1,000.5", "1000.5"),
        ("2,400,000", "2400000"),
        ("0.125", "0.125"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, value):
    assert parse_amount(typed) == D(value)


@pytest.mark.parametrize(
    "typed",
    ["1,5", "0,5", "1.500", "1.000", "12,34", "1,0000", "11/2", "2/2"],
)
def test_an_amount_with_two_readings_is_asked_again(typed):
    with pytest.raises(AmountError, match="can be read in two ways"):
        parse_amount(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "like 0.5 or 25"),
        ("a lot", "like 0.5 or 25"),
        ("25 mg", "like 0.5 or 25"),
        ("NaN", "like 0.5 or 25"),
        ("sNaN", "like 0.5 or 25"),
        ("Infinity", "like 0.5 or 25"),
        ("-inf", "like 0.5 or 25"),
        ("-1", "like 0.5 or 25"),
        ("−1", "like 0.5 or 25"),
        ("+1", "like 0.5 or 25"),
        ("1e5", "like 0.5 or 25"),
        ("1_000", "like 0.5 or 25"),
        ("0x10", "like 0.5 or 25"),
        ("٣", "like 0.5 or 25"),
        ("1/3", "like 0.5 or 25"),
        ("1/0", "like 0.5 or 25"),
        ("5.", "like 0.5 or 25"),
        ("1.000.000", "like 0.5 or 25"),
        (".", "like 0.5 or 25"),
        ("9" * 10_000, "like 0.5 or 25"),
        ("0", "above 0"),
        ("0.0", "above 0"),
        ("10000001", "too large"),
        ("0.00001", "at most 4 digits"),
    ],
)
def test_anything_else_gets_a_sentence_that_says_how(typed, sentence):
    with pytest.raises(AmountError, match=sentence):
        parse_amount(typed)


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


# Properties

counts = st.one_of(
    st.sampled_from([D("0.25"), D("0.5"), D("0.75"), D("1.5"), D("2.25")]),
    st.decimals("0.0001", 100, places=4).filter(bool),
    st.integers(1, 100).map(D),
)
strengths = st.decimals("0.0001", 1_000_000, places=4)
step_lists = st.lists(
    st.tuples(st.dates(date(2000, 1, 1), date(2100, 1, 1)), counts, counts),
    min_size=2,
    max_size=5,
    unique_by=lambda row: row[0],
).map(
    lambda rows: tuple(
        DoseStep(day, morning=first, bedtime=second)
        for day, first, second in sorted(rows)
    )
)
dosages = st.builds(
    Dosage,
    schedule=st.sampled_from(["daily", "as_needed", "interval", "steps", "other"]),
    strength=st.none() | strengths,
    unit=st.sampled_from([*DOSE_UNITS, "", "mcg/hr", "mg/mL", "IU", "µg", "mEq/5 mL"]),
    form=st.sampled_from([*FORMS, "", "liquid", "Tabs", "depot injection"]),
    count=st.none() | counts,
    morning=st.none() | counts,
    noon=st.none() | counts,
    evening=st.none() | counts,
    bedtime=st.none() | counts,
    as_needed_for=st.sampled_from(["", "sleep", "panic attacks"]),
    min_gap_hours=st.none() | st.decimals("0.25", 168, places=2),
    max_in_24_hours=st.none() | counts,
    every_count=st.none() | st.integers(1, 24),
    every_unit=st.sampled_from(["", "day", "week", "month"]),
    last_given_date=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    next_due_date=st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    steps=st.just(()) | step_lists,
    other=st.sampled_from(["", "every other day", "on weekdays, after breakfast"]),
)


@given(dosages)
def test_no_printed_dose_is_ever_unsafe_text(dosage):
    texts = [
        dosage.line,
        dosage.line_on(date(2030, 1, 1)),
        dosage.each_time_text,
        dosage.a_day_text,
        dosage.when_text,
        *(dosage.time_boxes() or ()),
    ]
    assert [finding for text in texts for finding in problems(text)] == []


@given(dosages)
def test_only_a_daily_dose_is_ever_said_a_day(dosage):
    if dosage.schedule != "daily":
        assert dosage.time_boxes() is None
        assert dosage.amount_a_day is None
        assert " a day" not in plain(dosage.line_on(date(2030, 1, 1)))


@given(strengths, st.lists(counts, min_size=4, max_size=4))
def test_the_amount_a_day_is_exact(strength, given_counts):
    morning, noon, evening, bedtime = given_counts
    dosage = daily(
        strength=strength, morning=morning, noon=noon, evening=evening, bedtime=bedtime
    )
    exact = Fraction(strength) * sum(map(Fraction, given_counts))
    assert Fraction(dosage.amount_a_day.value) == exact


@given(
    st.one_of(
        st.decimals("0.0001", 10_000_000, places=4),
        st.integers(1, 10_000_000).map(D),
    )
)
def test_a_printed_amount_is_read_back_as_the_same_amount(value):
    assert parse_amount(number_text(value)) == value


@given(st.text(max_size=30))
def test_reading_an_amount_gives_a_sane_number_or_a_sentence(text):
    try:
        value = parse_amount(text)
    except AmountError as error:
        assert str(error).endswith(".")
    else:
        assert 0 < value <= LARGEST_AMOUNT


@given(step_lists)
def test_any_steps_survive_storage(steps):
    assert steps_from_json(steps_to_json(steps)) == steps


@given(dosages)
def test_a_dose_without_problems_leaves_nothing_unsaid(dosage):
    if not dosage.problems() and dosage.schedule in {"daily", "steps"}:
        assert "not recorded" not in dosage.line
        assert "not clear" not in dosage.line
