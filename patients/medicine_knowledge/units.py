"""Units of strength as RxNorm writes them, and the words that people may read."""

from __future__ import annotations

import re

# RxNorm's unit, the words of a label, and other spellings that people type.
UNITS = {
    "MG": ("mg", "mgs milligram milligrams"),
    "MCG": ("mcg", "mcgs ug µg μg microgram micrograms"),
    "G": ("g", "gm gms gram grams"),
    "NG": ("ng", "nanogram nanograms"),
    "ML": ("mL", "cc milliliter milliliters millilitre millilitres"),
    "L": ("L", "liter liters litre litres"),
    "UNT": ("units", "unit u iu ui"),
    "MEQ": ("mEq", "milliequivalent milliequivalents"),
    "MMOL": ("mmol", "millimole millimoles"),
    "%": ("%", "percent"),
    "HR": ("hour", "hr hrs hours h"),
    "ACTUAT": ("puff", "puffs actuation actuations act spray sprays"),
    "MCI": ("mCi", ""),
    "BAU": ("BAU", ""),
    "PNU": ("PNU", ""),
    "AU": ("AU", ""),
    "IR": ("IR", ""),
    "CFU": ("CFU", ""),
    "PFU": ("PFU", ""),
    "CELLS": ("cells", ""),
    "TCID50": ("TCID50", ""),
    "VG": ("vector genomes", ""),
    "SQCM": ("square centimeter", "cm2 sqcm"),
}
SPANS = {"hour"}
UNIT_OF = {
    spelling: unit
    for unit, (words, more) in UNITS.items()
    for spelling in (unit.lower(), words.lower(), *more.split())
}
_NAMES = sorted(UNITS, key=len, reverse=True)
_ALTERNATIVES = "|".join(map(re.escape, _NAMES))
# `MG`, `MG/ML`, `UNT/MG`, `MG/24HR`, `MG/0.5ML`
RXNORM_UNIT = rf"(?:{_ALTERNATIVES})(?:/(?:\d+(?:\.\d+)?)?(?:{_ALTERNATIVES}))?"
_PARTS = re.compile(r"(?P<unit>[^/\d]+)(?:/(?P<number>[\d.]+)?(?P<per>[^/\d]+))?")


def unit_words(unit: str) -> str:
    """`MG/ML` as people may read it: `mg per mL`; an unknown unit stays as it is."""
    match = _PARTS.fullmatch(unit)
    if match is None:
        return unit
    words = _word(match["unit"])
    if not match["per"]:
        return words
    number = f"{match['number']} " if match["number"] else ""
    per = _word(match["per"])
    if number and per in SPANS:
        per = f"{per}s"
    return f"{words} per {number}{per}"


def _word(unit: str) -> str:
    return UNITS[unit][0] if unit in UNITS else unit


def usual_unit(unit: str) -> str:
    """An odd unit of a name by its usual one: `IU/ML` is `UNT/ML`; else as it is."""
    first, slash, per = unit.partition("/")
    return f"{UNIT_OF.get(first.lower(), first)}{slash}{per}"


def rxnorm_unit(typed: str) -> str:
    """RxNorm's unit for one that was typed: `µg` is `MCG`; empty if it is none."""
    return UNIT_OF.get(typed.strip().rstrip(".").lower(), "")
