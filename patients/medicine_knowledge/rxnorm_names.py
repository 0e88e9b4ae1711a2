"""Reads names as RxNorm writes them.

    [qualifiers] [24 HR] [0.5 ML] name strength UNIT / name strength UNIT Form [Brand]
    {14 (name 25 MG Oral Tablet) / 7 (…) } Pack [Brand]

Source: RxNorm Technical Documentation, appendix on normalised forms of names.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from patients.medicine_knowledge.dose_forms import is_form, split_form
from patients.medicine_knowledge.parsed import PackItem, ParsedMedicine, Part
from patients.medicine_knowledge.units import RXNORM_UNIT, usual_unit

MAX_NAME = 4_000
_NUMBER = r"\d{1,16}(?:\.\d{1,12})?"
_STRENGTH = re.compile(
    rf"(?:(?<= )|^)(?P<number>{_NUMBER}) (?P<unit>{RXNORM_UNIT})(?= |$)"
)
# A unit that is not on the list, if it can be nothing else: `5 AMBU Oral Tablet`.
_ODD_STRENGTH = re.compile(
    rf"(?<= )(?P<number>{_NUMBER}) (?P<unit>[A-Z][A-Z0-9]{{0,15}}"
    r"(?:/(?:\d{1,6}(?:\.\d{1,6})?)?[A-Z][A-Z0-9]{0,15})?)(?= |$)"
)
_QUALIFIER = re.compile(
    r"(?:\d{1,3}-(?:Bead|Day|Week|Month|Year|Hour)|(?:Once|Twice|Thrice)-[A-Z]\w+"
    r"|[A-Z]\w+-(?:Free|Deterrent|Resistant|Reduced)|Microencapsulated|Micronized"
    r"|(?:NDA|ANDA|BLA)\d{4,8}) ",
    re.ASCII,
)
_DURATION = re.compile(rf"({_NUMBER} HR) ")
_QUANTITY = re.compile(rf"({_NUMBER} (?:ML|ACTUAT|MG|UNT|G|L|MCI)) ")
_PACK = re.compile(r"\{(?P<inside>.*)\} ?Pack", re.DOTALL)
_ITEM = re.compile(
    r"(?P<count>\d{1,6}) (?:\((?P<size>[^()]{1,40})\) )?\((?P<name>.+)\)"
)


def parse_rxnorm(text: str) -> ParsedMedicine:
    """The parts of a name. Never raises; `understood` is False where a word is left.

    A text that is too long to be a name is not understood.
    """
    whole = " ".join(text.split())
    if not whole or len(whole) > MAX_NAME:
        return _whole(whole[:MAX_NAME])
    rest, brand = _brand(whole)
    pack = _PACK.fullmatch(rest)
    parsed = _pack(pack["inside"]) if pack else _medicine(rest)
    if parsed is None:
        return _whole(whole)
    return ParsedMedicine(**{**vars(parsed), "brand": brand, "text": whole})


def _whole(text: str) -> ParsedMedicine:
    return ParsedMedicine(parts=(Part(text),), understood=False, text=text)


def _brand(text: str) -> tuple[str, str]:
    """`… [Seroquel]`; brackets in a brand are kept, as in `[A [B]]`."""
    if not text.endswith("]"):
        return text, ""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        depth += {"]": 1, "[": -1}.get(text[place], 0)
        if depth == 0:
            return text[:place].rstrip(), text[place + 1 : -1].strip()
    return text, ""


def _pack(inside: str) -> ParsedMedicine | None:
    items = [_item(item) for item in _outer_split(inside.strip())]
    if not items or None in items:
        return None
    return ParsedMedicine(form="Pack", contents=tuple(item for item in items if item))


def _item(text: str) -> PackItem | None:
    match = _ITEM.fullmatch(text.strip())
    if match is None:
        return None
    medicine = parse_rxnorm(match["name"])
    if not medicine.understood or medicine.contents:
        return None
    return PackItem(int(match["count"]), match["size"] or "", medicine)


def _outer_split(text: str) -> list[str]:
    """Splits at ` / ` outside of brackets."""
    pieces, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and text.startswith(" / ", place):
            pieces.append(text[start:place])
            start = place + 3
    return [*pieces, text[start:]]


def _medicine(text: str) -> ParsedMedicine | None:
    rest, before = _prefixes(text)
    pieces = _outer_split(rest)
    parts = [_part(piece) for piece in pieces[:-1]]
    last, form = _last_part(pieces[-1])
    parts.append(last)
    has_strength = any(part.strength is not None for part in parts if part)
    if None in parts or not all(part and part.name for part in parts):
        return None
    if not (has_strength or form):
        return None
    return ParsedMedicine(
        parts=tuple(part for part in parts if part), form=form, **before
    )


def _prefixes(text: str) -> tuple[str, dict[str, Any]]:
    """What stands before the first name, as long as a strength or form follows."""
    found: dict[str, Any] = {}
    qualifiers: list[str] = []
    while True:
        if match := _QUALIFIER.match(text):
            qualifiers.append(match.group().strip())
        elif "duration" not in found and (match := _DURATION.match(text)):
            found["duration"] = match[1]
        elif "quantity" not in found and (match := _quantity(text)):
            found["quantity"] = match[1]
        else:
            return text, {**found, "qualifiers": tuple(qualifiers)}
        text = text[match.end() :]


def _quantity(text: str) -> re.Match[str] | None:
    """`0.5 ML methotrexate 20 MG/ML …`: a second strength tells that it is no dose."""
    match = _QUANTITY.match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    return match if _STRENGTH.search(rest) or split_form(rest)[1] else None


def _part(text: str) -> Part | None:
    """One ingredient that another one follows: nothing may stand behind its unit."""
    found = [m for m in _STRENGTH.finditer(text) if m.end() == len(text)]
    found = found or [m for m in _ODD_STRENGTH.finditer(text) if m.end() == len(text)]
    return _made(text, found[-1]) if found else Part(text)


def _last_part(text: str) -> tuple[Part | None, str]:
    """The last ingredient and the form behind it."""
    for pattern in (_STRENGTH, _ODD_STRENGTH):
        for match in reversed(list(pattern.finditer(text))):
            tail = text[match.end() :].strip()
            if not tail or is_form(tail):
                return _made(text, match), tail
    found = list(_STRENGTH.finditer(text))
    if found:
        # A form with a word that is not known yet is still what follows the strength.
        tail = text[found[-1].end() :].strip()
        return (_made(text, found[-1]), tail) if tail[:1].isupper() else (None, "")
    name, form = split_form(text)
    return Part(name), form


def _made(text: str, match: re.Match[str]) -> Part:
    name = text[: match.start()].strip()
    unit = usual_unit(match["unit"])
    return Part(name, Decimal(match["number"]).normalize() + 0, unit)
