"""Numbers on the sheet: each value with its day, in little room."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from patients import record_words
from patients.codes import Measure
from patients.conversation import Counted
from patients.documents.text import line_text
from patients.models import SubstanceUse
from patients.one_page import Line, Section, Sheet
from tests.patients.summaries import summary_of

SAM = "From Sam Okafor"


def value(measure: Measure, amount: int, day: int, note: str = SAM) -> Counted:
    at = datetime(2026, 11, day, 15, tzinfo=UTC)
    return Counted(measure, Decimal(amount), at, note, uuid.uuid4())


def said(*series: list[Counted]) -> list[str]:
    return [line_text(line) for line in record_words.counted_by_day(series, zone="UTC")]


def test_values_of_one_day_and_person_stand_under_one_label() -> None:
    sleep = [value(Measure.SLEEP, 6, 24), value(Measure.SLEEP, 4, 5)]
    panic = [value(Measure.PANIC, 2, 24), value(Measure.PANIC, 3, 5)]
    assert said(sleep, panic) == [
        "Nov 24, 2026 (before: Nov 5, 2026). From Sam Okafor: "
        "Sleep, hours a night: 6, was 4; Panic attacks a week: 2, was 3"
    ]


def test_where_the_days_before_differ_each_value_says_its_own() -> None:
    sleep = [value(Measure.SLEEP, 6, 24), value(Measure.SLEEP, 4, 5)]
    panic = [value(Measure.PANIC, 2, 24), value(Measure.PANIC, 3, 9)]
    assert said(sleep, panic) == [
        "Nov 24, 2026. From Sam Okafor: Sleep, hours a night: 6, was 4 on Nov 5, 2026; "
        "Panic attacks a week: 2, was 3 on Nov 9, 2026"
    ]


def test_another_day_or_person_has_a_line_of_its_own_and_the_first_value_no_before():
    lines = said(
        [value(Measure.SLEEP, 6, 24)],
        [value(Measure.PANIC, 2, 24, note="")],
        [value(Measure.SLEEP, 5, 23)],
    )
    assert lines == [
        "Nov 24, 2026. From Sam Okafor: Sleep, hours a night: 6",
        "Nov 24, 2026: Panic attacks a week: 2",
        "Nov 23, 2026. From Sam Okafor: Sleep, hours a night: 5",
    ]


def test_every_value_of_such_a_line_is_named_to_the_log_and_must_be_on_the_paper():
    parts = (Line(label="Sleep", strong="6", id="a"), Line(label="Panic", id="b"))
    line = Line(label="Nov 24, 2026:", parts=parts)
    one = summary_of(0)
    sheet = Sheet(one.__class__(**{**vars(one), "now": Section(items=(line,))}))
    assert {"a", "b"} <= set(sheet.ids())
    assert {"Nov 24, 2026:", "Sleep", "6", "Panic"} <= set(sheet.texts())


@pytest.mark.parametrize(
    ("kind", "name", "called"),
    [
        ("alcohol", "", "Alcohol"),
        ("cannabis", "edible", "Cannabis (edible)"),
        ("cannabis", "cannabis oil", "cannabis oil"),
        ("other", "kratom", "kratom"),
    ],
)
def test_a_substance_says_what_it_is_beside_its_name(kind, name, called):
    assert SubstanceUse(substance=kind, name=name).called == called
