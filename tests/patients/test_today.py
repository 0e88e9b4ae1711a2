"""What is due today: each dose at its time, and nothing that is not taken now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from patients.actions.medicine_terms import columns
from patients.codes import MedicineStatus
from patients.dosage import DayDose, Dosage, DoseStep
from patients.models import MedicationStatement
from patients.today import Due, today_of

WEDNESDAY = date(2026, 11, 25)
TABLET = {"strength": Decimal(25), "unit": "mg", "form": "tablet"}


def line(name: str, dosage: Dosage, **more) -> MedicationStatement:
    return MedicationStatement(
        name=name, **columns(dosage), **{"status": MedicineStatus.ACTIVE, **more}
    )


def due(*items: MedicationStatement, on: date = WEDNESDAY):
    found = today_of(items, on=on)
    times = {title: [(d.name, d.dose) for d in doses] for title, doses in found.times}
    return times, found.dated, found.changes


DAILY = Dosage(schedule="daily", morning=Decimal(1), bedtime=Decimal(2), **TABLET)


def test_daily_doses_stand_at_their_times():
    times, dated, changes = due(line("sertraline", DAILY))
    assert times == {
        "Morning": [("sertraline", "25\xa0mg (1\xa0tablet)")],
        "Bedtime": [("sertraline", "50\xa0mg (2\xa0tablets)")],
    }
    assert dated == changes == ()


@pytest.mark.parametrize(
    "more",
    [
        {"status": MedicineStatus.STOPPED},
        {"status": MedicineStatus.ON_HOLD},
        {"status": MedicineStatus.INTENDED},
        {"started_date": date(2026, 11, 26)},
    ],
)
def test_what_is_not_taken_now_is_not_due(more):
    assert not today_of([line("sertraline", DAILY, **more)], on=WEDNESDAY)


def test_as_needed_is_never_due():
    as_needed = Dosage(schedule="as_needed", count=Decimal(1), **TABLET)
    assert not today_of([line("hydroxyzine", as_needed)], on=WEDNESDAY)


WEEK = Dosage(
    schedule="week",
    days=(
        DayDose(days=(0, 2, 4), morning=Decimal(2)),
        DayDose(morning=Decimal(1)),
    ),
    **TABLET,
)


def test_the_dose_of_the_day_of_the_week():
    assert due(line("x", WEEK))[0]["Morning"] == [("x", "50\xa0mg (2\xa0tablets)")]
    thursday = due(line("x", WEEK), on=date(2026, 11, 26))
    assert thursday[0]["Morning"] == [("x", "25\xa0mg (1\xa0tablet)")]


STEPS = Dosage(
    schedule="steps",
    steps=(
        DoseStep(date(2026, 11, 20), morning=Decimal(3)),
        DoseStep(date(2026, 11, 26), morning=Decimal(1)),
        DoseStep(date(2026, 12, 3)),
    ),
    **TABLET,
)


def test_a_step_plan_gives_the_step_of_the_day_and_says_a_change_before_it_comes():
    times, _dated, changes = due(line("prednisone", STEPS))
    assert times["Morning"] == [("prednisone", "75\xa0mg (3\xa0tablets)")]
    assert [(one.note, one.dose) for one in changes] == [
        ("from tomorrow", "25\xa0mg (1\xa0tablet) in the morning")
    ]
    times, _dated, changes = due(line("prednisone", STEPS), on=date(2026, 12, 3))
    assert times == {}
    assert changes == (Due("prednisone", "none, stop", "from today"),)


@pytest.mark.parametrize(
    ("last", "note"),
    [
        (date(2026, 10, 28), "due today"),
        (date(2026, 10, 29), "due tomorrow"),
        (date(2026, 10, 20), "was due Nov 17, 2026"),
    ],
)
def test_an_injection_is_due_on_its_day(last, note):
    shot = Dosage(
        schedule="interval",
        strength=Decimal(156),
        unit="mg",
        form="injection",
        count=Decimal(1),
        every_count=4,
        every_unit="week",
        last_given_date=last,
    )
    [one] = due(line("paliperidone", shot))[1]
    assert (one.dose, one.note) == ("156\xa0mg (1\xa0injection)", note)
    assert due(line("paliperidone", shot), on=date(2026, 11, 10))[1] == ()
