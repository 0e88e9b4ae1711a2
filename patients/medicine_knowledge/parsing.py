"""One way in for every name: RxNorm's own, or one that somebody typed."""

from __future__ import annotations

import re
from dataclasses import replace

from patients.dosage.amounts import POINT_OR_THOUSAND
from patients.medicine_knowledge.parsed import ParsedMedicine
from patients.medicine_knowledge.rxnorm_names import MAX_NAME, parse_rxnorm
from patients.medicine_knowledge.starter import Medicine, find, find_combination
from patients.medicine_knowledge.typed_amounts import holds_amount
from patients.medicine_knowledge.typed_forms import RELEASE_OF
from patients.medicine_knowledge.typed_names import parse_typed

# Capital units, or a form in capitals at the end: how RxNorm writes.
_RXNORM = re.compile(r"\d (?:MG|ML|UNT|MEQ|MMOL|%|MCG|G|HR|ACTUAT|[A-Z]{2,6})\b|^\{")

# Signs of ownership on a label are no part of a name.
_MARKS = re.compile("[®™©℠]")
# RxNorm writes no zero at the end, so `1.000 IU` is somebody's own.
_UNCLEAR = re.compile(rf"(?<![\w.,]){POINT_OR_THOUSAND.pattern}(?![\d.,])", re.ASCII)


def parse(text: str) -> ParsedMedicine:
    """What a medicine's name says: ingredients, strengths, form, brand, RxCUI.

    Never raises. A name in RxNorm's form is read by its grammar; any other as people
    type it. The RxCUI is that of the ingredient, if the starter list knows it.
    """
    text = text[: MAX_NAME * 2]
    plain = _MARKS.sub("", text)
    parsed = _released(parse_rxnorm(plain))
    looks_so = (_RXNORM.search(plain) or parsed.form) and not _UNCLEAR.search(plain)
    written_by_rxnorm = parsed.understood and looks_so and not _is_mixed(plain, parsed)
    if not written_by_rxnorm:
        typed = parse_typed(plain)
        parsed = typed if typed.understood or not parsed.understood else parsed
    return replace(parsed, text=" ".join(text.split()), rxcui=_rxcui(parsed))


def _is_mixed(text: str, parsed: ParsedMedicine) -> bool:
    """Somebody's own way of writing that RxNorm's grammar reads by chance.

    `aspirin 81 EC` has no unit, `Nexium 24HR` no amount, `perphenazine 2 mg /
    amitriptyline 10 MG Oral Tablet` half of them, and capitals only are of a label.
    """
    words = {part.unit.lower() for part in parsed.ingredients}
    return (
        bool(words & {*RELEASE_OF, "hr"})
        or any(holds_amount(part.name) for part in parsed.ingredients)
        or text.isupper()
    )


def _released(parsed: ParsedMedicine) -> ParsedMedicine:
    """`lithium carbonate ER 450 MG Oral Tablet`: the release is of the form.

    RxNorm itself writes it there; labels and pharmacies write it behind the name.
    """
    if len(parsed.parts) != 1 or not parsed.form or parsed.contents:
        return parsed
    name, _space, last = parsed.parts[0].name.rpartition(" ")
    release = RELEASE_OF.get(last.lower()) if last.isupper() else None
    if not name or release is None:
        return parsed
    form = parsed.form if release in parsed.form else f"{release} {parsed.form}"
    return replace(parsed, parts=(parsed.parts[0]._replace(name=name),), form=form)


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
