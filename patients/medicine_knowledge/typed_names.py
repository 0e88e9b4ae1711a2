"""Reads names as people type them: `Zoloft 50mg`, `lithium carbonate ER 450 mg`.

Nothing is guessed: a number without a unit stays without one, a name that the starter
list does not know stays as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from patients.medicine_knowledge.directions import (
    asides,
    plain,
    with_written_out,
    without_directions,
    without_when,
)
from patients.medicine_knowledge.keys import SALTS, key, words_of
from patients.medicine_knowledge.parsed import ParsedMedicine, Part, number_text
from patients.medicine_knowledge.starter import Medicine, find, find_combination
from patients.medicine_knowledge.typed_amounts import GAP, SPLIT, amounts_in, apart
from patients.medicine_knowledge.typed_forms import (
    RELEASE_OF,
    form_in,
    without_form,
)

# `insulin glargine-yfgn`: four letters that tell one maker's biologic from another's.
_BIOLOGIC = re.compile(r"(insulin \w+|\w+(?:mab|cept|stim))-[a-z]{4}(?!\w)")
_ELEMENT = re.compile(r"\belemental\b|^\d[\d.]* ?(?:mg)? ?(?:iron|fe)\b", re.I)
_TWO_OF_THEM = re.compile(r",|\+|&|\band\b", re.IGNORECASE)
_TWO_WORDS = re.compile(r"\b(extended|delayed|immediate)[ -]release\b", re.IGNORECASE)
_UNSAID = {
    *("oral", "hcl", "of", "nasal", "topical", "ophthalmic", "ophth", "eye", "ear"),
    *("otic", "vaginal", "rectal", "transdermal", "ds"),
}


@dataclass
class _Reading:
    name: str
    amounts: list[tuple[Decimal, str]]
    form: str
    # What stands in front of the first amount, what behind it, and what in brackets.
    before: str = ""
    behind: str = ""
    asides: tuple[str, ...] = ()
    # `5/325`, or an amount behind each name: not `10 mg and 5 mg`.
    is_split: bool = True
    # What one holds, and how long it lasts: `1 ML`, `24 HR`.
    quantity: str = ""
    duration: str = ""
    # Of a salt: `65 mg elemental iron`, as it was typed.
    elements: tuple[str, ...] = ()


def parse_typed(text: str) -> ParsedMedicine:
    """The parts of a typed name. `understood` if the starter list knows the name."""
    whole = " ".join(text.split())
    read = _read(whole)
    medicine, name = _meant(read)
    if medicine is None:
        said = " ".join((read.name, *(f"({aside})" for aside in read.asides)))
        names = [part.strip() for part in SPLIT.split(read.name) if part.strip()]
        if len(names) < 2 or len(names) != len(read.amounts):
            names = [said.strip() or whole]
        if not read.amounts and " / " in names[0]:
            names = names[0].split(" / ")
        own = _halves(read)
        names = own or names
        return ParsedMedicine(
            parts=_parts(names, read.amounts),
            form=read.form,
            quantity=read.quantity,
            duration=read.duration,
            qualifiers=read.elements,
            together=_together(names, read.amounts),
            understood=bool(own),
        )
    own = _names(medicine, name)
    each = read.amounts if _one_for_each(medicine, read) else []
    return ParsedMedicine(
        parts=_parts(own, each),
        form=read.form,
        quantity=read.quantity,
        duration=read.duration,
        qualifiers=read.elements,
        together=_together(own, each) if each else tuple(read.amounts),
        brand=medicine.brand_in(plain(whole)),
        text=whole,
    )


def _halves(read: _Reading) -> list[str]:
    """The medicines of a mixture that is not listed as one, each of them known.

    Empty where one of them is not, and for two that only stand in one line:
    `sertraline and bupropion`, `Lexapro with Xanax`.
    """
    said = without_when(read.name)
    names = [part.strip() for part in SPLIT.split(said)]
    medicines = [one for name in names if (one := _known(name)[0])]
    is_mixture = len(names) > 1 and not (_TWO_OF_THEM.search(said) or read.asides)
    if not is_mixture or len(medicines) < len(names):
        return []
    if any(one.is_combination or one.brand_in(said) for one in medicines):
        return []
    return [one.name for one in medicines]


def _meant(read: _Reading) -> tuple[Medicine | None, str]:
    """The medicine that was read, by the first of its spellings that is known.

    What stands behind the amount may tell how it is taken: `Cymbalta 60 mg one in the
    morning`. That is left out only if it names no other medicine, nor does an aside.
    """
    names = (read.name, without_when(read.name), read.before, *read.asides)
    for name in filter(None, names):
        medicine, known_as = _known(name)
        if medicine:
            return (None, name) if _others(medicine, read) else (medicine, known_as)
    return None, read.name


def _one_for_each(medicine: Medicine, read: _Reading) -> bool:
    """Whether the amounts are those of the ingredients, in their order.

    Adderall is labelled by the mixture: `10 mg and 5 mg` of it are two doses.
    """
    if not medicine.is_combination or len(read.amounts) < 2:
        return True
    by_mixture = any(strength.amounts for strength in medicine.strengths)
    return read.is_split and not by_mixture


def _others(medicine: Medicine, read: _Reading) -> bool:
    """Whether another medicine than this one is named beside it."""
    own = {key(name) for name in medicine.ingredients}
    words = read.behind.split()
    said = [*words, *map(" ".join, zip(words, words[1:], strict=False)), *read.asides]
    found = [one for name in said if (one := _known(name.strip(" ,;()"))[0])]
    return any({key(name) for name in one.ingredients} - own for one in found)


def name_only(text: str) -> str:
    """The name without amounts and form: `Zoloft 50mg tab` is `Zoloft`."""
    return _read(" ".join(text.split())).name or text


def names_only(text: str) -> tuple[str, ...]:
    """The name without amounts and form, then also without when it is taken.

    In this order, because `One A Day` and `Daily-Vite` are names.
    """
    name = name_only(text)
    return tuple(dict.fromkeys((name, name_only(without_when(name)) or name)))


def _read(text: str) -> _Reading:
    """Takes the amounts and the words of the form out of the text."""
    text = _TWO_WORDS.sub(lambda match: f"{match[1]}-release", text)
    text = with_written_out(text)
    known = find(text)
    if known:
        # `vitamin B12`, `polyethylene glycol 3350`: a number that is part of a name.
        return _Reading(text, [], form_in(text))
    text, beside = asides(plain(text))
    elements = tuple(aside for aside in beside if _ELEMENT.search(aside))
    beside = tuple(aside for aside in beside if aside not in elements)
    form = form_in(text)
    text = without_directions(text)
    rest, amounts, is_split = amounts_in(text)
    before, _amount, behind = rest.partition(GAP)
    name = without_form(apart(rest.replace(GAP, " ")))
    before = without_form(before)
    read = _Reading(name, amounts, form, before, behind, beside, is_split)
    read.elements = elements
    return _without_what_is_no_strength(read)


def _without_what_is_no_strength(read: _Reading) -> _Reading:
    """`75 mg 24 hr` and `Nexium 24HR` last a day; `100 mg/mL 1 mL` is one milliliter
    of it."""
    spans = [amount for amount in read.amounts if amount[1] == "HR"]
    volumes = [amount for amount in read.amounts if amount[1] == "ML"]
    others = [one for one in read.amounts if one not in (*spans, *volumes)]
    if spans:
        read.duration = _as_text(spans[0])
        read.amounts = [one for one in read.amounts if one not in spans]
    if len(volumes) == 1 and any("ML" in unit for _number, unit in others):
        read.quantity = _as_text(volumes[0])
        read.amounts = [one for one in read.amounts if one not in volumes]
    return read


def _as_text(amount: tuple[Decimal, str]) -> str:
    return f"{number_text(amount[0])} {amount[1]}"


def _known(name: str) -> tuple[Medicine | None, str]:
    """The medicine, tried with and without what was added to its name."""
    bare = " ".join(
        word for word in name.split() if word.lower() not in {*RELEASE_OF, *_UNSAID}
    )
    for asked in dict.fromkeys((name, bare, _BIOLOGIC.sub(r"\1", bare))):
        if asked and (found := find(asked)):
            return found, asked
        if found := find_combination(SPLIT.split(asked)):
            return found, asked
    return None, name


def _names(medicine: Medicine, name: str) -> list[str]:
    """The generic names; a salt that was typed stays, as in `lithium carbonate`."""
    words = [word for word in words_of(name) if word not in {*RELEASE_OF, *_UNSAID}]
    own = list(words_of(medicine.name))
    salt = words[len(own) :]
    if words[: len(own)] == own and salt and set(salt) <= SALTS:
        return [" ".join((medicine.name, *salt))]
    return _in_the_order_typed(medicine, words)


def _in_the_order_typed(medicine: Medicine, words: list[str]) -> list[str]:
    """The halves of a combination as they were written; of a brand, as on its label.

    The amounts follow the names: `naloxone 2 mg / buprenorphine 8 mg` the other way
    round would be eight of naloxone.
    """
    said = " ".join(words).replace("-", " ")
    places = {
        name: min(
            (at for also in _spellings(name) if (at := _place(also, said)) >= 0),
            default=-1,
        )
        for name in medicine.ingredients
    }
    if min(places.values()) < 0:
        return list(medicine.ingredients)
    return sorted(medicine.ingredients, key=places.__getitem__)


def _spellings(ingredient: str) -> tuple[str, ...]:
    known = find(ingredient)
    return tuple(map(key, (ingredient, *(known.also if known else ()))))


def _place(name: str, said: str) -> int:
    return f" {said} ".find(f" {name} ")


def _together(
    names: list[str], amounts: list[tuple[Decimal, str]]
) -> tuple[tuple[Decimal, str], ...]:
    """The amounts that `_parts` gives to no single name: kept, never dropped."""
    spare = len(amounts) > len(names) or 0 < len(amounts) < len(names)
    return tuple(amounts) if spare else ()


def _parts(names: list[str], amounts: list[tuple[Decimal, str]]) -> tuple[Part, ...]:
    """Each name with its amount. More amounts than names: none is given away."""
    if len(amounts) > len(names):
        return tuple(Part(name) for name in names)
    if 0 < len(amounts) < len(names):
        return tuple(Part(name) for name in names)
    pairs = zip_longest(names, amounts)
    return tuple(Part(name, *(amount or ())) for name, amount in pairs)
