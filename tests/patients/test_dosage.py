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
