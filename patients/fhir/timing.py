"""How often, from a FHIR Timing: every part is understood, or none of it is used.

Sources: FHIR R4 2.24 Timing, EventTiming, v3-GTSAbbreviation. The rule: weekly or
monthly never becomes daily, and a time of day is never made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir.tolerant import (
    as_dict,
    as_list,
    can_be_kept,
    codes,
    concept_text,
    number,
    texts,
    whole,
)

# EventTiming codes with one clear place among the four times of the list.
SLOT_OF_CODE = {
    "MORN": "morning",
    "MORN.early": "morning",
    "MORN.late": "morning",
    "WAKE": "morning",
    "ACM": "morning",
    "CM": "morning",
    "PCM": "morning",
    "NOON": "noon",
    "ACD": "noon",
    "CD": "noon",
    "PCD": "noon",
    "EVE": "evening",
    "EVE.early": "evening",
    "EVE.late": "evening",
    "ACV": "evening",
    "CV": "evening",
    "PCV": "evening",
    "HS": "bedtime",
}
# v3-GTSAbbreviation and the codes seen beside it: (times, every so many hours).
TIMES_A_DAY = {"QD": 1, "BID": 2, "TID": 3, "QID": 4, "DAILY": 1}
SLOT_OF_TIMING = {"AM": "morning", "BED": "bedtime", "HS": "bedtime"}
HOURS_APART = {"Q1H": 1, "Q2H": 2, "Q3H": 3, "Q4H": 4, "Q6H": 6, "Q8H": 8, "Q12H": 12}
DAYS_APART = {"QOD": 2, "WK": 7}
# From the first minute to before the last: 15:30 has no place among four times.
_SLOT_HOURS = (
    ("morning", "05:00", "11:00"),
    ("noon", "11:00", "15:00"),
    ("evening", "16:00", "20:31"),
    ("bedtime", "20:31", "24:00"),
)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?", re.ASCII)
_UNDERSTOOD = frozenset(
    {
        "boundsPeriod",
        "dayOfWeek",
        "extension",
        "frequency",
        "frequencyMax",
        "id",
        "period",
        "periodMax",
        "periodUnit",
        "timeOfDay",
        "when",
    }
)
_UNIT_HOURS = {"h": Decimal(1), "d": Decimal(24), "wk": Decimal(168)}


@dataclass(frozen=True)
class Frequency:
    """How often, once it is certain; everything empty means that it is not."""

    slots: tuple[str, ...] = ()  # morning, noon, evening, bedtime: every day
    times_a_day: int | None = None  # so often a day, the times of day not said
    every_count: int | None = None  # not every day
    every_unit: str = ""
    gap_hours: Decimal | None = None  # one every so many hours
    certain: bool = False


UNCERTAIN = Frequency()
NOT_SAID = Frequency(certain=True)


def read_timing(timing: Any) -> Frequency:
    """The frequency a Timing states; `certain` is False if any of it is unclear."""
    found = as_dict(timing)
    if not found:
        return NOT_SAID if timing is None else UNCERTAIN
    if found.get("event"):
        return UNCERTAIN
    stated = _from_repeat(as_dict(found.get("repeat")))
    coded = _from_code(found.get("code"))
    if stated is coded is NOT_SAID and concept_text(found.get("code")):
        return UNCERTAIN  # a code of that hospital alone
    if stated is NOT_SAID or coded is NOT_SAID:
        return coded if stated is NOT_SAID else stated
    return stated if _agree(stated, coded) else UNCERTAIN


def _from_repeat(repeat: dict[str, Any]) -> Frequency:
    said = {key for key in repeat if not key.startswith("_")} - {"boundsPeriod", "id"}
    if not said:
        return NOT_SAID
    if said - _UNDERSTOOD or _has_range(repeat):
        return UNCERTAIN
    if "when" in said or "timeOfDay" in said:
        return _at_times(repeat)
    if "dayOfWeek" in said:
        return UNCERTAIN
    return _per_period(repeat)


def _has_range(repeat: dict[str, Any]) -> bool:
    pairs = (("frequency", "frequencyMax"), ("period", "periodMax"))
    return any(
        key in repeat and number(repeat[key]) != number(repeat.get(base))
        for base, key in pairs
    )


def _at_times(repeat: dict[str, Any]) -> Frequency:
    """Named times of a day, if they are those of every day and each counted once."""
    if "dayOfWeek" in repeat or ("when" in repeat and "timeOfDay" in repeat):
        return UNCERTAIN
    said = [SLOT_OF_CODE.get(code) for code in texts(repeat.get("when"))]
    said += [_slot_of_clock(time) for time in texts(repeat.get("timeOfDay"))]
    slots = [slot for slot in said if slot]
    if not slots or len(slots) != len(said) or len(set(slots)) != len(slots):
        return UNCERTAIN
    times, hours = whole(repeat.get("frequency")), _period_hours(repeat)
    if "frequency" in repeat and times != len(slots):
        return UNCERTAIN
    if ("period" in repeat or "periodUnit" in repeat) and hours != 24:
        return UNCERTAIN
    return Frequency(slots=tuple(slots), certain=True)


def _slot_of_clock(time: str) -> str | None:
    if not _CLOCK.fullmatch(time):
        return None
    inside = (slot for slot, start, end in _SLOT_HOURS if start <= time[:5] < end)
    return next(inside, None)


def _period_hours(repeat: dict[str, Any]) -> Decimal | None:
    period = number(repeat.get("period"))
    unit = _UNIT_HOURS.get(clean_text(repeat.get("periodUnit")))
    return period * unit if period and unit else None


def _per_period(repeat: dict[str, Any]) -> Frequency:
    times, period = whole(repeat.get("frequency")), number(repeat.get("period"))
    unit = clean_text(repeat.get("periodUnit"))
    if not times or times < 1 or not period or period <= 0:
        return UNCERTAIN
    if unit == "mo":
        return _every(period, "month") if times == 1 else UNCERTAIN
    hours = _period_hours(repeat)
    if hours is None:
        return UNCERTAIN
    return _within_hours(hours, times=times, weeks=unit == "wk")


def _within_hours(hours: Decimal, *, times: int, weeks: bool) -> Frequency:
    if hours == 24 and times <= 24:
        return Frequency(times_a_day=times, certain=True)
    if times != 1:
        return UNCERTAIN
    if weeks:
        return _every(hours / 168, "week")
    if hours < 24 and not can_be_kept(hours):
        return UNCERTAIN
    if hours < 24:
        return Frequency(gap_hours=hours, certain=True)
    return _every(hours / 24, "day")


def _every(count: Decimal, unit: str) -> Frequency:
    if count != count.to_integral_value() or not 1 <= count <= 366:
        return UNCERTAIN
    if unit == "day" and count % 7 == 0:
        count, unit = count / 7, "week"
    return Frequency(every_count=int(count), every_unit=unit, certain=True)


def _from_code(code: Any) -> Frequency:
    said = {text.upper() for text in codes(code)}
    text = clean_text(as_dict(code).get("text")).upper()
    known = [found for found in map(_of_timing_code, said or {text}) if found]
    if known:
        return known[0] if len(set(known)) == 1 else UNCERTAIN
    # Words beside a stated repeat ("0800 & 1800") add nothing that is understood.
    return NOT_SAID


def _of_timing_code(code: str) -> Frequency | None:
    if code in TIMES_A_DAY:
        return Frequency(times_a_day=TIMES_A_DAY[code], certain=True)
    if code in SLOT_OF_TIMING:
        return Frequency(slots=(SLOT_OF_TIMING[code],), certain=True)
    if code in HOURS_APART:
        return Frequency(gap_hours=Decimal(HOURS_APART[code]), certain=True)
    if code in DAYS_APART:
        return _every(Decimal(DAYS_APART[code]), "day")
    return _every(Decimal(1), "month") if code == "MO" else None


def _agree(one: Frequency, other: Frequency) -> bool:
    """Whether a repeat and a code can both be true; every 8 hours is 3 a day."""
    if not one.certain or not other.certain:
        return False
    return one == other or (
        _day_count(one) is not None and _day_count(one) == _day_count(other)
    )


def _day_count(found: Frequency) -> Decimal | None:
    if found.slots:
        return Decimal(len(found.slots))
    if found.gap_hours:
        return 24 / found.gap_hours
    return Decimal(found.times_a_day) if found.times_a_day else None


def in_words(timing: Any) -> str:
    """The codes of a Timing as words, adding and leaving out nothing."""
    found = as_dict(timing)
    repeat = as_dict(found.get("repeat"))
    parts = [clean_text(as_dict(found.get("code")).get("text"))]
    parts += [_rate_words(repeat), *(_WHEN_WORDS.get(w, w) for w in _whens(repeat))]
    days = texts(repeat.get("dayOfWeek"))
    parts += [f"on {', '.join(days)}"] if days else []
    total = clean_text(repeat.get("count"))
    parts += [f"{total} in all"] if total else []
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _whens(repeat: dict[str, Any]) -> list[str]:
    return [*texts(repeat.get("when")), *texts(as_list(repeat.get("timeOfDay")))]


_WHEN_WORDS = {
    code: {"bedtime": "at bedtime", "noon": "at noon"}.get(slot, f"in the {slot}")
    for code, slot in SLOT_OF_CODE.items()
}
_UNIT_WORDS = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
}


def _rate_words(repeat: dict[str, Any]) -> str:
    unit = clean_text(repeat.get("periodUnit"))
    unit = _UNIT_WORDS.get(unit, unit)
    period = _span(repeat, "period")
    if not period or not unit:
        return ""
    every = f"every {unit}" if period == "1" else f"every {period} {unit}s"
    times = _span(repeat, "frequency")
    if not times or (times == "1" and period != "1"):
        return every
    return f"{times} time{'' if times == '1' else 's'} {every}"


def _span(repeat: dict[str, Any], key: str) -> str:
    low, high = clean_text(repeat.get(key)), clean_text(repeat.get(f"{key}Max"))
    return f"{low} to {high}" if low and high and high != low else low
