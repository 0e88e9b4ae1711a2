"""What medicines ask for, and by when: the files, and the arithmetic of days."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from consents import lines
from patients import interactions, monitoring
from patients.forms.results import slip_of
from patients.monitoring import (
    BadSchedule,
    Due,
    Span,
    State,
    Used,
    book,
    due_of,
)
from patients.monitoring.rules import Schedule, Step, _read
from patients.monitoring_words import due_words

START = date(2026, 1, 31)
NOV_20 = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SCHEDULES = st.sampled_from(book().schedules)
MAYBE = st.one_of(st.none(), DAYS)


def due(schedule: str, *, last=None, today=date(2026, 11, 25), **used):
    (found,) = [each for each in book().schedules if each.id == schedule]
    return due_of(found, Used(**used), last=last, today=today)


# The files --------------------------------------------------------------------------


def test_every_test_is_asked_for_and_every_ingredient_is_known():
    asked = {key for each in book().schedules for key in each.tests}
    assert asked == book().tests.keys()
    for each in book().schedules:
        for name in each.medicines:
            assert interactions.is_recognised(name), name


@pytest.mark.capability("S24")
@pytest.mark.parametrize(
    ("medicine", "tests"),
    [
        ("Lithobid", "lithium_level creatinine egfr tsh calcium weight"),
        ("Clozaril", "neutrophils glucose a1c lipids weight blood_pressure waist"),
        ("Seroquel", "glucose a1c lipids weight blood_pressure waist movement"),
        ("Depakote", "valproate_level liver platelets pregnancy"),
        ("Tegretol", "carbamazepine_level sodium blood_count liver hla_b1502"),
        ("Trileptal", "sodium hla_b1502"),
        ("Intuniv", "blood_pressure pulse"),
        ("Wellbutrin XL", "blood_pressure"),
        ("Dolophine", "ecg"),
        ("Geodon", "ecg"),
        ("Vyvanse", "blood_pressure pulse weight height"),
    ],
)
def test_what_a_medicine_asks_for(medicine, tests):
    schedules = book().asked_by(interactions.ingredients_of(medicine))
    asked = {key for each in schedules for key in each.tests}
    assert set(tests.split()) <= asked


def test_growth_is_for_whoever_may_still_grow():
    """NICE NG87: height for children and young people. An unknown age could be any."""

    def asked(age):
        found = book().asked_by({"methylphenidate"}, age=age)
        return {key for each in found for key in each.tests}

    assert "height" in asked(9) & asked(17) & asked(None)
    assert asked(18) == asked(None) - {"height"}


def test_what_a_source_says_of_the_heart_under_methadone():
    """Ann Intern Med 2009;150:387: before, within 30 days, then every year."""
    start = date(2026, 3, 1)
    first = due("qt-methadone", started=start, last=date(2026, 2, 25))
    assert first.day == date(2026, 3, 31)
    later = due("qt-methadone", started=start, last=date(2026, 4, 2))
    assert later.day == date(2027, 4, 2)


def test_a_mark_names_one_test_and_says_nothing():
    marks = {test.mark for test in book().tests.values()}
    assert len(marks) == len(book().tests)
    level = book().tests["lithium_level"]
    assert monitoring.test_by_mark(level.mark) is level
    assert "lithium" not in level.mark
    assert monitoring.test_by_mark("nothing") is None


GOOD_TEST = '[a]\nname = "A"\nunits = ["kg"]\n'
GOOD = """[[schedule]]
id = "x"
tests = ["a"]
medicines = ["lithium"]
baseline = true
source = "S"
source_date = "2026-01-01"
review = "reviewed"
"""


@pytest.mark.parametrize(
    ("tests", "schedules", "says"),
    [
        ("", GOOD, "no test a"),
        (GOOD_TEST + "numbers = ['x']", GOOD, "unknown number"),
        (GOOD_TEST + "range = 3", GOOD, "range?"),
        (GOOD_TEST + "words = true", GOOD, "units, or words"),
        (GOOD_TEST, GOOD.replace('"reviewed"', '"fine"'), "review"),
        (GOOD_TEST, GOOD.replace("baseline = true\n", ""), "nothing of when"),
        (GOOD_TEST, GOOD + 'at = ["soon"]', "not like 2 weeks"),
        (GOOD_TEST, GOOD.replace('"lithium"', '"@x"'), "no group"),
        (GOOD_TEST, GOOD + 'lasts = "yes"', "lasts"),
        (GOOD_TEST, GOOD + 'to_age = "17"', "to_age"),
        (GOOD_TEST, GOOD + GOOD, "one id"),
        (GOOD_TEST, GOOD.replace('source = "S"\n', ""), "source is missing"),
        (
            GOOD_TEST,
            GOOD + 'every = [{ until = "1 month", each = "1 week" }]',
            "last step",
        ),
        ("[", GOOD, "tests.toml"),
    ],
)
def test_a_file_with_a_gap_is_refused(tmp_path, tests, schedules, says):
    (tmp_path / "tests.toml").write_text(tests)
    (tmp_path / "schedules.toml").write_text(schedules)
    with pytest.raises(BadSchedule, match=says):
        _read(str(tmp_path))


def test_a_deployment_edits_its_own_files(tmp_path, settings):
    (tmp_path / "tests.toml").write_text(GOOD_TEST)
    (tmp_path / "schedules.toml").write_text(GOOD)
    settings.MONITORING_FOLDER = str(tmp_path)
    assert [each.id for each in book().schedules] == ["x"]


# The arithmetic ---------------------------------------------------------------------


@pytest.mark.capability("S24")
@pytest.mark.parametrize(
    ("schedule", "used", "last", "day"),
    [
        # Weekly, then every two weeks, then monthly.
        (
            "clozapine-counts",
            {"started": date(2026, 11, 1)},
            date(2026, 11, 20),
            (11, 27),
        ),
        (
            "clozapine-counts",
            {"started": date(2026, 4, 1)},
            date(2026, 11, 20),
            (12, 4),
        ),
        (
            "clozapine-counts",
            {"started": date(2024, 4, 1)},
            date(2026, 11, 20),
            (12, 20),
        ),
        # Start not known: the longest rhythm.
        ("clozapine-counts", {}, date(2026, 11, 20), (12, 20)),
        # A level before the change of dose does not count; a day early does.
        (
            "lithium-level",
            {"started": date(2024, 1, 1), "changed": date(2026, 11, 20)},
            date(2026, 11, 10),
            (11, 27),
        ),
        (
            "lithium-level",
            {"started": date(2024, 1, 1), "changed": date(2026, 6, 1)},
            date(2026, 6, 7),
            (12, 7),
        ),
    ],
)
def test_the_next_day(schedule, used, last, day):
    assert due(schedule, last=last, **used).day == date(2026, *day)


def test_the_end_of_a_month_stays_in_its_month():
    assert Span(1, "month").after(START) == date(2026, 2, 28)
    assert Span(3, "month").after(date(2027, 11, 30)) == date(2028, 2, 29)


def test_without_a_result_it_is_missing_and_not_called_undone():
    assert due("lithium-organs", started=START).state == State.MISSING
    assert due("lithium-organs").state == State.MISSING
    soon = due("lithium-level", started=date(2026, 11, 24))
    assert (soon.state, soon.day) == (State.SOON, date(2026, 12, 1))


def test_a_result_shortly_before_the_start_is_the_baseline():
    only = Schedule(
        "x", ("a1c",), frozenset({"lithium"}), "s", "d", "awaiting", baseline=True
    )
    used = Used(started=date(2026, 6, 1))
    at = {"today": date(2026, 7, 1)}
    assert due_of(only, used, last=date(2026, 3, 10), **at).state == State.DONE
    assert due_of(only, used, last=date(2026, 2, 1), **at).day == date(2026, 6, 1)


def test_a_rhythm_begins_with_the_medicine_and_not_with_a_result_before_it():
    """Counts of three weeks before the first dose are late a week after it."""
    start = date(2026, 11, 20)
    used = {"started": start, "today": date(2026, 11, 22)}
    found = due("clozapine-counts", last=date(2026, 10, 30), **used)
    assert found == Due(State.SOON, date(2026, 11, 27))
    # Years ago, of another course: the first one of this course is what is due.
    assert due("lithium-level", last=date(2023, 1, 9), **used).day == date(2026, 11, 27)
    for schedule in book().schedules:
        found = due(schedule.id, last=date(2023, 1, 9), **used)
        assert found.day is None or found.day >= start, schedule.id


def test_on_the_day_on_which_a_step_ends_the_next_one_holds():
    half_a_year = {"started": date(2026, 1, 5), "last": date(2026, 7, 5)}
    found = due("clozapine-counts", today=date(2026, 7, 5), **half_a_year)
    assert found.day == date(2026, 7, 19)


def test_a_first_year_of_counts_on_their_days():
    """Each count on its day brings the next: weekly, then every second week."""
    start = last = date(2026, 1, 5)
    while last < date(2027, 3, 1):
        day = due("clozapine-counts", last=last, today=last, started=start).day
        if last < date(2026, 7, 5):
            assert day == last + timedelta(days=7)
        elif last < date(2027, 1, 5):
            assert day == last + timedelta(days=14)
        else:
            assert 28 <= (day - last).days <= 31
        last = day


def test_what_is_due_before_the_first_dose_is_not_missing_on_that_day():
    today = date(2026, 11, 25)
    found = due("lithium-organs", started=today, today=today)
    assert (found.state, found.day) == (State.SOON, today)


def test_a_result_well_before_its_point_is_not_the_one_that_is_asked_for():
    """A level is asked for a week after a change; one in its middle tells little."""
    used = {"started": date(2024, 1, 1), "changed": date(2026, 11, 18)}
    asked, early = date(2026, 11, 25), date(2026, 11, 22)
    assert due("lithium-level", last=early, today=early, **used).day == asked
    close = date(2026, 11, 24)
    assert due("lithium-level", last=close, today=close, **used).day != asked


def test_a_result_that_lasts_counts_from_any_day():
    """Genes stay: the test of years ago is the one that the label asks for."""
    found = due("carbamazepine-gene", started=START, last=date(2009, 5, 1))
    assert found.state == State.DONE
    # A pregnancy test of years ago is not.
    new = due("valproate-pregnancy", started=date(2026, 11, 24), last=date(2009, 5, 1))
    assert (new.state, new.is_late) == (State.OVERDUE, True)


def test_what_was_meant_for_before_the_first_dose_is_not_late_for_ever():
    """Long taken, and perhaps done elsewhere: said so, and nobody is hurried."""
    for last in (None, date(2009, 5, 1)):
        found = due("valproate-pregnancy", started=START, last=last)
        assert (found.state, found.day, found.is_late) == (State.PAST, None, False)
    new = date(2026, 11, 20)
    assert due("valproate-pregnancy", started=new).state == State.MISSING
    assert due("valproate-pregnancy").state == State.MISSING
    # What is asked for again later is still missed.
    assert due("lithium-organs", started=START).state == State.MISSING
    assert due("qt-heart", started=START).state == State.MISSING
    own = due_words(Due(State.PAST), own=True)
    assert own == "Meant for before the first dose. No result on this list"
    assert due_words(Due(State.PAST), own=False).endswith(lines.none_here())


@given(SCHEDULES, MAYBE, MAYBE, DAYS, DAYS)
def test_the_day_is_after_the_result_and_its_state_follows_from_it(
    schedule, started, changed, last, today
):
    found = due_of(schedule, Used(started, changed), last=last, today=today)
    assert found.state != State.MISSING
    if found.day is None:
        assert found.state in (State.DONE, State.PAST)
        return
    assert found.day > last
    assert (found.state == State.OVERDUE) == (found.day < today)


@given(SCHEDULES, MAYBE, MAYBE, DAYS, st.integers(0, 900), DAYS)
def test_a_later_result_never_brings_the_day_forward(
    schedule, started, changed, last, more, today
):
    used = Used(started, changed)
    first = due_of(schedule, used, last=last, today=today)
    later = due_of(schedule, used, last=last + timedelta(days=more), today=today)
    assert (later.day or date.max) >= (first.day or date.max)


@given(st.integers(1, 60), st.sampled_from(["day", "week", "month"]), DAYS, DAYS)
def test_a_span_keeps_the_order_of_days(count, unit, one, other):
    span = Span(count, unit)
    assert span.after(one) > one
    low, high = sorted([one, other])
    assert span.after(low) <= span.after(high)


def test_steps_end_in_one_without_an_end():
    for each in book().schedules:
        assert all(isinstance(step, Step) for step in each.every)
        assert not each.every or each.every[-1].until is None


# Slips ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "value", "unit", "says"),
    [
        ("lithium_level", "8", "mmol/L", "Did you mean 0.8?"),
        ("lithium_level", "0.8", "mmol/L", ""),
        ("lithium_level", "below 0.1", "mmol/L", ""),
        ("a1c", "54", "%", "Did you mean 5.4?"),
        ("weight", "7", "kg", "Did you mean 70?"),
        ("creatinine", "88", "mg/dL", "Did you mean 8.8?"),
        ("creatinine", "88", "micromol/L", ""),
        ("blood_pressure", "120/8", "mm Hg", "Check the number"),
        ("blood_pressure", "120/80", "mm Hg", ""),
        ("tsh", "900", "another unit", ""),
        ("platelets", "250,000", "cells/microliter", ""),
    ],
)
def test_what_no_person_could_mean_is_asked_about(test, value, unit, says):
    found = slip_of(book().tests[test], value, unit)
    assert says in found if says else not found


# The command ------------------------------------------------------------------------


def test_the_command_says_what_names_ask_for(capsys):
    call_command("monitoring", "Lithobid", "Zzyzx", "--json")
    answer = json.loads(capsys.readouterr().out)
    tests = {row["test"] for row in answer["tests"]}
    assert {"Lithium level", "Thyroid: TSH"} <= tests
    assert answer["not_recognised"] == ["Zzyzx"]
    call_command("monitoring", "Clozaril")
    said = capsys.readouterr().out
    assert "Neutrophils" in said
    assert "ended the clozapine REMS on June 13, 2025" in said


def test_the_command_refuses_a_broken_file(tmp_path, settings):
    settings.MONITORING_FOLDER = str(tmp_path)
    with pytest.raises(CommandError, match=r"tests\.toml"):
        call_command("monitoring", "lithium")
