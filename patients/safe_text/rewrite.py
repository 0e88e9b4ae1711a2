"""What people type, in the form that may be printed.

Only what can mean one thing is changed. `D/C` may be stopped or discharged, `5-10 mg`
may be a range or a combination, `MTX` may be two medicines: they stay as typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from patients.safe_text.vocabulary import (
    AMOUNT,
    BESIDE_A_DOSE,
    CERTAIN,
    DOSE,
    EVERY,
    FORM,
    MEASURE,
    PROTECTED,
    SPACE,
    STAND_IN,
    is_beside_a_dose,
    word,
)

NBSP = "\N{NO-BREAK SPACE}"
# The rows of the table that never survive `safe`, wherever they stand.
ALWAYS_FIXED = frozenset(
    {"D01", "D02", "D03", "D04", "D06", "A02", "A04", "A05", "A07"}
)
MOST_ROUNDS = 8
MOST_CC = 30
SMALL_COUNT = 12

Rewrite = Callable[[re.Match[str]], str]


def safe(text: str) -> str:
    """The text in its safe form; the same text if nothing in it is certain.

    Changes spelling, never meaning. `safe(safe(text)) == safe(text)`.
    """
    kept = PROTECTED.findall(text)
    text = PROTECTED.sub(STAND_IN, text)
    for _round in range(MOST_ROUNDS):
        before, text = text, _rewrite(text)
        if text == before:
            break
    parts = text.split(STAND_IN)
    return "".join(part + end for part, end in zip(parts, [*kept, ""], strict=True))


def _rewrite(text: str) -> str:
    for pattern, replace in REWRITES:
        text = pattern.sub(replace, text)
    for pattern, meaning in ABBREVIATIONS:
        text = pattern.sub(meaning, text)
    for pattern, meaning in ABBREVIATIONS_BESIDE_A_DOSE:
        text = _beside_a_dose(text, pattern, meaning)
    return text


def _beside_a_dose(text: str, pattern: re.Pattern[str], meaning: str) -> str:
    def replace(match: re.Match[str]) -> str:
        return meaning if is_beside_a_dose(text, match) else match.group()

    return pattern.sub(replace, text)


def _comma(match: re.Match[str]) -> str:
    whole, part, tail = match.groups()
    return f"{int(whole):,}{part or ''}{tail}"


def _without_last_zeros(match: re.Match[str]) -> str:
    return match.group().rstrip("0").rstrip(".")


def _thousands(match: re.Match[str]) -> str:
    number = Decimal(match.group(1).replace(",", "")) * 1000
    return f"{number.normalize():,f}{NBSP}{match.group(2)}"


def _fraction(match: re.Match[str]) -> str:
    whole, fraction, gap, form = match.groups()
    words = {"1/2": "half", "1/4": "quarter", "3/4": "three quarters"}[fraction]
    if whole:
        article = "" if fraction == "3/4" else "a "
        return f"{whole} and {article}{words}{gap}{form}"
    return f"{words}{gap}{form.removesuffix('s')}"


def _range(match: re.Match[str]) -> str:
    low, high, rest = match.groups()
    if int(low) < int(high) <= SMALL_COUNT:
        return f"{low} to {high}{rest}"
    return match.group()


def _per(match: re.Match[str]) -> str:
    unit, under = match.groups()
    spanish = under in {"día", "dia", "hora", "semana"}
    under = {"hr": "hour", "hrs": "hour", "h": "hour"}.get(under, under)
    return f"{unit} {'por' if spanish else 'per'} {under}"


def _millilitres(match: re.Match[str]) -> str:
    number = match.group(1)
    # 600 cc is a motorcycle.
    certain = Decimal(number) <= MOST_CC
    return f"{number}{NBSP}mL" if certain else match.group()


def _every(match: re.Match[str]) -> str:
    number, unit = int(match.group(1)), match.group(2)
    if unit.lower() in {"am", "pm"}:
        return f"every day at {number} {unit.upper()}"
    if unit == "°":
        unit = "h"
    name = {"h": "hour", "d": "day", "w": "week"}[unit[0]]
    return f"every {name}" if number == 1 else f"every {number} {name}s"


def _units(match: re.Match[str]) -> str:
    number = match.group(1)
    return f"{number}{NBSP}{'unit' if number == '1' else 'units'}"


def _sign(match: re.Match[str]) -> str:
    # "100 mg > 150 mg" says a change, not a limit.
    before = match.string[: match.start()].rstrip()
    if re.search(rf"(?:\d|{DOSE}|[-=<>])$", before):
        return match.group()
    return f"{SIGNS[match.group(1)]} "


SIGNS = {">": "more than", "<": "less than", "≥": "at least", "≤": "at most"}
# "Since 1/2 tablets make me dizzy" may tell a day.
NO_DATE = "".join(
    rf"(?<!\b{word} )(?<!\b{word.title()} )"
    for word in ("on", "since", "from", "until", "after", "before", "by")
)
NUMBER_GROUP = r"(?<![\w.,/:-])(\d+(?:,\d{3})*(?:\.\d+)?)"


def _compiled() -> tuple[tuple[re.Pattern[str], Rewrite | str], ...]:
    return tuple(
        (re.compile(pattern), replace)
        for pattern, replace in (
            # A02, A01, A08, A11: units first, the other rules look at them.
            (r"[µμ]g\b", "mcg"),
            (r"(\d\s?)ug\b", r"\1mcg"),
            (rf"{NUMBER_GROUP}{SPACE}?(?:IU|UI|I\.U\.)(?![\w'’-])", _units),
            (rf"{NUMBER_GROUP}U(?![\w'’./-])", _units),
            (rf"(?<![\w.,/:-])(\d\d+){SPACE}U(?![\w'’./-])", _units),
            (r"(?<![\w.,-])(\d{1,2}(?:\.\d+)?)\s?cc(?![\w'’:])", _millilitres),
            (
                rf"(?<![\w$.,-])(\d[\d,]{{0,7}}(?:\.\d{{1,3}})?){SPACE}?[Kk]\s?(units)\b",
                _thousands,
            ),
            # D04, D03, D02, D01, D05, D06: how a number is written.
            (
                rf"(?<![\w-])([A-Za-z]{{3,}})(\d+(?:\.\d+)?)(?=\s?{MEASURE}\b)",
                r"\1 \2",
            ),
            (
                rf"(?<![\w-])(\d+(?:[.,]\d+){{0,4}}){SPACE}?({MEASURE})\b",
                rf"\1{NBSP}\2",
            ),
            (rf"(?<![\w.,])(\.\d+)(?=\s?{DOSE}\b)", r"0\1"),
            (
                rf"(?<![\w.,/:-])\d+(?:,\d{{3}})*\.\d*0(?=\s?{DOSE}\b)",
                _without_last_zeros,
            ),
            (rf"(?<![\w.,/:-])([1-9]\d{{3,11}})(\.\d+)?(\s?{MEASURE}\b)", _comma),
            (rf"({AMOUNT})\.(?=[,;]|\s+[a-z])", r"\1"),
            # D07, D08, D11: slashes, fractions and ranges.
            (
                rf"\b({DOSE})\s?/\s?((?:\d[\d.]*\s?)?mL|kg|days?|dose|hours?|hrs?|h"
                r"|weeks?|día|dia|hora|semana)\b",
                _per,
            ),
            (
                rf"(?<![\w.,/:-]){NO_DATE}(?:(\d{{1,2}}) )?"
                rf"(1/2|1/4|3/4)(\s?)({FORM})\b",
                _fraction,
            ),
            (
                rf"(?<![\w./:-])(\d{{1,2}})\s?[-–]\s?(\d{{1,2}})"
                rf"(\s(?:{FORM}|hours|times)\b)",
                _range,
            ),
            # S01, S02: signs that are read as something else.
            (
                rf"(?<![^\s(])([<>≥≤])\s?(?=\d[\d.,]{{0,15}}\s?{DOSE}\b)",
                _sign,
            ),
            (r"(?<!\S)@\s?(?=\d|bedtime\b|noon\b|night\b)", "at "),
            (r"(?<=[AaPp][Mm]) & (?=[AaPp][Mm]\b|bedtime\b|noon\b)", " and "),
            (r"(?<=morning|evening) & (?=\w)", " and "),
            (rf"(\d\s?{DOSE}) & (?=\d)", r"\1 and "),
            (r"(?<![\w+])([A-Za-z]{3,})\+(?=[A-Za-z]{3,})", r"\1 and "),
            (EVERY.pattern, _every),
        )
    )


REWRITES = _compiled()
ABBREVIATIONS = tuple(
    (re.compile(word(pattern)), meaning)
    for table in CERTAIN.values()
    for pattern, meaning in table.items()
)
ABBREVIATIONS_BESIDE_A_DOSE = tuple(
    (re.compile(word(pattern)), meaning)
    for table in BESIDE_A_DOSE.values()
    for pattern, meaning in table.items()
)
