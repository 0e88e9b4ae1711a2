"""Takes the amounts out of a typed name: `50mg`, `8-2 mg`, `100 units/mL`, `5/325`.

Nothing is guessed: a number without a unit stays without one.
"""

from __future__ import annotations

import re
from decimal import Decimal

from patients.dosage.amounts import POINT_OR_THOUSAND
from patients.medicine_knowledge.directions import without_when
from patients.medicine_knowledge.typed_forms import (
    form_in,
    without_form,
    without_release,
)
from patients.medicine_knowledge.units import UNIT_OF, rxnorm_unit

Amounts = list[tuple[Decimal, str]]

_ANY_UNIT = "|".join(sorted(map(re.escape, UNIT_OF), key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})?(?:\.\d{1,8})?"
_FULL = r"(?:(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,8})?|\.\d{1,8})"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<number>(?=[.\d]){_NUMBER}) ?(?P<unit>{_ANY_UNIT})(?![^\W_])\.?"
    rf"(?: ?(?:/|per) ?(?P<volume>\d+(?:\.\d+)?)? ?(?P<per>{_ANY_UNIT})(?![^\W_])"
    r"|(?P<daily> ?(?:/|per|a) ?(?P<days>\d{1,2})? ?(?:days?|d)(?![^\W_])))?",
    re.IGNORECASE,
)
_PER_ALL = r"mL|cc|actuations?|actuat|act|puffs?|sprays?"
# `5/325`, `5-325 mg`, `8 mg-2 mg`, `25 to 50 mg`: one number for each ingredient, or a
# range of one.
_BETWEEN = r"(?:->|[-–—→/&+]|to|and|or)(?! ?\d+(?:\.\d+)? ?(?:mL|cc)(?![^\W_]))"
_SEVERAL = re.compile(
    rf"(?<![\w.,])(?:{_FULL} ?(?:(?:{_ANY_UNIT})(?![^\W_]))? ?{_BETWEEN} ?)+"
    rf"{_FULL} ?(?P<unit>{_ANY_UNIT})?(?![^\W_])"
    # `0.5-2.5 mg/3 mL`, `250-50 mcg/dose`: of both.
    r"(?P<tail> ?(?:/|per) ?(?P<volume>\d+(?:\.\d+)?)? ?"
    rf"(?:(?P<per>{_PER_ALL})|dose|device|blister)(?![^\W_]))?",
    re.IGNORECASE,
)
_NO_SPLIT = re.compile(r"->|[–—→&+]|\b(?:to|and|or)\b", re.IGNORECASE)
_ONE_OF_SEVERAL = re.compile(rf"({_FULL}) ?([^\W\d_]+|%)?")
_BARE_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})$")
# `calcium 600 + D`
_BARE_BEFORE_D = re.compile(r"(?<![\w.,-])(\d{2,4})(?= and vitamin D\b)")
SPLIT = re.compile(r"\s+(?:/|and|with|\+)\s+|,\s*|(?<=\w)[/-](?=[^\W\d_]{4})")
MOST_COUNTED = 12
# Where an amount was taken out of the text.
GAP = " \N{OBJECT REPLACEMENT CHARACTER} "


def amounts_in(text: str) -> tuple[str, Amounts, bool]:
    """The text with gaps, its amounts, and whether they part ingredients."""
    rest, amounts, is_split = _several(text)
    if amounts:
        return rest, amounts, is_split
    rest, amounts = _singles(rest)
    before = GAP.join(rest.split(GAP)[:-1])
    return rest, amounts, bool(SPLIT.search(apart(before)))


def holds_amount(name: str) -> bool:
    """Whether a number with its unit stands in a name: `Calcium 600 mg + D3`."""
    return bool(_AMOUNT.search(name))


def apart(text: str) -> str:
    """`buprenorphine  /naloxone`, its amount taken out, is of two again."""
    return re.sub(r"\s+[/-](?=[^\W\d_]{2})", " / ", text)


def _several(text: str) -> tuple[str, Amounts, bool]:
    """The text, the amounts of a row like `5/325`, and whether it parts ingredients.

    A row without a unit beside an amount that has one is a count: `50 mg 1-2 at night`.
    """
    match = _SEVERAL.search(text)
    if match is None:
        return text, [], False
    outside = f"{text[: match.start()]}{GAP}{text[match.end() :]}"
    row = match.group().removesuffix(match["tail"] or "")
    found = _ONE_OF_SEVERAL.findall(row)
    units = [rxnorm_unit(unit) for _number, unit in found]
    if not any(units) and _AMOUNT.search(outside):
        return outside.replace(GAP, " "), [], False
    if not {"MG", "MCG", "G", "UNT", ""} >= set(units):
        return text, [], False
    last = units[-1]
    if not last and any(units) and _is_count(found[-1][0]):
        # `20 mg - 1 daily`
        return text, [], False
    per = _per(match) if match["per"] else ""
    amounts = [
        (_decimal(number), f"{unit or last}{per}")
        for (number, _typed), unit in zip(found, units, strict=True)
    ]
    return outside, amounts, not _NO_SPLIT.search(match.group())


def _is_count(number: str) -> bool:
    return number.isdecimal() and int(number) <= MOST_COUNTED


def _singles(text: str) -> tuple[str, Amounts]:
    is_patch = "Patch" in form_in(text)
    amounts = [
        (_decimal(m["number"]), _unit(m, is_patch))
        for m in _AMOUNT.finditer(text)
        if not POINT_OR_THOUSAND.fullmatch(m["number"])
    ]
    rest = _AMOUNT.sub(GAP, text)
    bare = _BARE_NUMBER.search(without_release(without_form(text)))
    bare = bare or _BARE_BEFORE_D.search(text)
    if bare is None:
        # `clonazepam 0.5 prn`; `Abilify 2 daily` may be two of them.
        bare = _BARE_NUMBER.search(without_when(without_form(text)))
        bare = (
            bare if bare and ("." in bare[1] or int(bare[1]) > MOST_COUNTED) else None
        )
    if not amounts and bare and not POINT_OR_THOUSAND.fullmatch(bare[1]):
        number = re.escape(bare[1])
        rest = re.sub(rf"(?<![\w.,-]){number}(?![\w.,-])", GAP, text, count=1)
        return rest, [(_decimal(bare[1]), "")]
    return rest, amounts


def _unit(match: re.Match[str], is_patch: bool) -> str:
    """`/day` of a patch is what it gives off; of anything else it is when.

    `1 mg/3 days` is a rate whatever the form.
    """
    unit = rxnorm_unit(match["unit"])
    if match["daily"] and (is_patch or match["days"]):
        return f"{unit}/{24 * int(match['days'] or 1)}HR"
    return f"{unit}{_per(match)}" if match["per"] else unit


def _per(match: re.Match[str]) -> str:
    """`/5ML`; of one milliliter `/ML`."""
    volume = _decimal(match["volume"]) if match["volume"] else Decimal(1)
    number = "" if volume == 1 else format(volume, "f")
    return f"/{number}{rxnorm_unit(match['per'])}"


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "")).normalize() + 0
