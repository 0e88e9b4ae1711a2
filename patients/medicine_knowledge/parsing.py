"""One way in for every name: RxNorm's own, or one that somebody typed."""

from __future__ import annotations

import re
from dataclasses import replace

from patients.medicine_knowledge.parsed import ParsedMedicine
from patients.medicine_knowledge.rxnorm_names import MAX_NAME, parse_rxnorm
from patients.medicine_knowledge.starter import Medicine, find, find_combination
from patients.medicine_knowledge.typed_names import parse_typed

# Capital units, or a form in capitals at the end: how RxNorm writes.
_RXNORM = re.compile(r"\d (?:MG|ML|UNT|MEQ|MMOL|%|MCG|G|HR|ACTUAT|[A-Z]{2,6})\b|^\{")


def parse(text: str) -> ParsedMedicine:
    """What a medicine's name says: ingredients, strengths, form, brand, RxCUI.

    Never raises. A name in RxNorm's form is read by its grammar; any other as people
    type it. The RxCUI is that of the ingredient, if the starter list knows it.
    """
    text = text[: MAX_NAME * 2]
    parsed = parse_rxnorm(text)
    written_by_rxnorm = parsed.understood and (_RXNORM.search(text) or parsed.form)
    if not written_by_rxnorm:
        typed = parse_typed(text)
        parsed = typed if typed.understood or not parsed.understood else parsed
    return replace(parsed, text=" ".join(text.split()), rxcui=_rxcui(parsed))


def _rxcui(parsed: ParsedMedicine) -> str | None:
    found = _medicine(parsed)
    return found.rxcui if found else None


def _medicine(parsed: ParsedMedicine) -> Medicine | None:
    names = list(dict.fromkeys(part.name for part in parsed.ingredients))
    if len(names) == 1:
        return find(names[0])
    return find_combination(names)


def medicines_in(text: str) -> tuple[Medicine, ...]:
    """Every single medicine that a name holds: both halves of a combination.

    Empty if the starter list knows none of them.
    """
    parsed = parse(text)
    found: dict[str, Medicine] = {}
    for part in parsed.ingredients:
        for medicine in _singles(find(part.name)):
            found.setdefault(medicine.name, medicine)
    if not found:
        found = {one.name: one for one in _singles(find(text))}
    return tuple(found.values())


def _singles(medicine: Medicine | None) -> tuple[Medicine, ...]:
    if medicine is None:
        return ()
    if not medicine.is_combination:
        return (medicine,)
    return tuple(one for name in medicine.ingredients if (one := find(name)))
