"""How often: understood wholly or not used; weekly is never daily."""

from __future__ import annotations

from decimal import Decimal

import pytest

from patients.fhir.timing import NOT_SAID, UNCERTAIN, Frequency, in_words, read_timing
from tests.patients.fhir.files import repeat


def daily(*slots: str) -> Frequency:
    return Frequency(slots=slots, certain=True)


def every(count: int, unit: str) -> Frequency:
    return Frequency(every_count=count, every_unit=unit, certain=True)


def times(count: int) -> Frequency:
    return Frequency(times_a_day=count, certain=True)


def gap(hours: str) -> Frequency:
    return Frequency(gap_hours=Decimal(hours), certain=True)


def coded(code: str, **fields) -> dict:
    return {"code": {"coding": [{"code": code}]}} | fields


UNDERSTOOD = [
    (repeat(frequency=1, period=1, periodUnit="d"), times(1)),
    (repeat(frequency=3, period=1, periodUnit="d"), times(3)),
    (repeat(frequency=2, period=24, periodUnit="h"), times(2)),
    (repeat(frequency=1, period=8, periodUnit="h"), gap("8")),
    (repeat(frequency=1, period=1, periodUnit="wk"), every(1, "week")),
    (repeat(frequency=1, period=4, periodUnit="wk"), every(4, "week")),
    (repeat(frequency=1, period=28, periodUnit="d"), every(4, "week")),
    (repeat(frequency=1, period=3, periodUnit="d"), every(3, "day")),
    (repeat(frequency=1, period=72, periodUnit="h"), every(3, "day")),
    (repeat(frequency=1, period=1, periodUnit="mo"), every(1, "month")),
    (repeat(frequency=1, period=3, periodUnit="mo"), every(3, "month")),
    (repeat(when=["HS"]), daily("bedtime")),
    (repeat(when=["MORN", "HS"]), daily("morning", "bedtime")),
    (repeat(frequency=2, period=1, periodUnit="d", when=["CM", "CV"]),
     daily("morning", "evening")),
    (repeat(timeOfDay=["08:00:00", "18:00"]), daily("morning", "evening")),
    (repeat(timeOfDay=["21:00:00"]), daily("bedtime")),
    (coded("BID"), times(2)),
    (coded("BED"), daily("bedtime")),
    (coded("QOD"), every(2, "day")),
    (coded("WK"), every(1, "week")),
    (coded("MO"), every(1, "month")),
    (coded("Q8H", **repeat(frequency=3, period=1, periodUnit="d")), times(3)),
    ({"code": {"text": "DAILY"}}, times(1)),
    (repeat(boundsPeriod={"start": "2024-01-01"}), NOT_SAID),
    (None, NOT_SAID),
]  # fmt: skip


@pytest.mark.parametrize(("timing", "expected"), UNDERSTOOD, ids=lambda value: "")
def test_a_clear_timing_is_understood(timing, expected):
    assert read_timing(timing) == expected


UNCLEAR = [
    repeat(period=1, periodUnit="d"),
    repeat(period=2, periodUnit="wk"),
    repeat(frequency=1, periodUnit="d"),
    repeat(count=1, periodUnit="d"),
    repeat(frequency=1, frequencyMax=2, period=1, periodUnit="d"),
    repeat(frequency=1, period=4, periodMax=6, periodUnit="h"),
    repeat(frequency=2, period=1, periodUnit="wk"),
    repeat(frequency=3, period=1, periodUnit="mo"),
    repeat(frequency=1, period=1, periodUnit="a"),
    repeat(frequency=1, period=Decimal("1.5"), periodUnit="d"),
    repeat(frequency=1, period=1, periodUnit="d", dayOfWeek=["mon"]),
    repeat(dayOfWeek=["mon", "thu"]),
    repeat(dayOfWeek=["mon"], timeOfDay=["08:00"]),
    repeat(dayOfWeek=["mon"], when=["MORN"]),
    repeat(frequency=1, period=1, periodUnit="wk", when=["MORN"]),
    repeat(frequency=1, period=1, periodUnit="d", when=["MORN", "HS"]),
    repeat(when=["NIGHT"]),
    repeat(when=["C"]),
    repeat(when=["MORN", "CM"]),
    repeat(when=["MORN"], offset=30),
    repeat(timeOfDay=["15:30"]),
    repeat(timeOfDay=["25:00"]),
    repeat(timeOfDay=["08:00", "09:00"]),
    repeat(frequency=0, period=1, periodUnit="d"),
    repeat(frequency=-1, period=1, periodUnit="d"),
    repeat(frequency="one", period=1, periodUnit="d"),
    repeat(frequency=1, period=0, periodUnit="d"),
    repeat(frequency=1, period=1, periodUnit="day"),
    repeat(frequency=1, period=1, periodUnit="d", duration=7),
    coded("BID", **repeat(frequency=3, period=1, periodUnit="d")),
    coded("WK", **repeat(frequency=1, period=1, periodUnit="d")),
    coded("LOCAL-17") | {"code": {"text": "per protocol"}},
    {"event": ["2024-01-01"]},
    {"event": ["2024-01-01"], **repeat(frequency=1, period=1, periodUnit="d")},
    "daily",
    [],
]


@pytest.mark.parametrize("timing", UNCLEAR, ids=str)
def test_an_unclear_timing_is_not_used_at_all(timing):
    assert read_timing(timing) == UNCERTAIN


@pytest.mark.parametrize("unit", ["wk", "mo", "a"])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("period", [1, 2, 4, 12])
def test_weekly_and_longer_never_becomes_daily(unit, count, period):
    found = read_timing(repeat(frequency=count, period=period, periodUnit=unit))
    assert not found.slots and not found.times_a_day and not found.gap_hours


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        (repeat(period=2, periodUnit="wk"), "every 2 weeks"),
        (repeat(frequency=1, period=3, periodUnit="d"), "every 3 days"),
        (repeat(frequency=2, period=1, periodUnit="wk"), "2 times every week"),
        (repeat(frequency=1, period=4, periodMax=6, periodUnit="h"),
         "every 4 to 6 hours"),
        (repeat(when=["HS"]), "at bedtime"),
        (repeat(frequency=1, period=1, periodUnit="wk", dayOfWeek=["mon"]),
         "1 time every week, on mon"),
        (repeat(count=1, periodUnit="d"), "1 in all"),
        ({"code": {"text": "per protocol"}}, "per protocol"),
        (None, ""),
    ],
)  # fmt: skip
def test_codes_are_said_in_words_without_adding_any(timing, words):
    assert in_words(timing) == words
