"""Reads names as people type them: `Zoloft 50mg`, `lithium carbonate ER 450 mg`.

Nothing is guessed: a number without a unit stays without one, a name that the starter
list does not know stays as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from patients.dosage.amounts import POINT_OR_THOUSAND
from patients.medicine_knowledge.directions import (
    asides,
    plain,
    without_directions,
    without_when,
)
from patients.medicine_knowledge.keys import SALTS, key, words_of
from patients.medicine_knowledge.parsed import ParsedMedicine, Part, number_text
from patients.medicine_knowledge.starter import Medicine, find, find_combination
from patients.medicine_knowledge.units import UNIT_OF, rxnorm_unit

_ANY_UNIT = "|".join(sorted(map(re.escape, UNIT_OF), key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})?(?:\.\d{1,8})?"
_FULL = r"(?:(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,8})?|\.\d{1,8})"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<number>(?=[.\d]){_NUMBER}) ?(?P<unit>{_ANY_UNIT})(?![^\W_])\.?"
    rf"(?: ?(?:/|per) ?(?P<volume>\d+(?:\.\d+)?)? ?(?P<per>{_ANY_UNIT})(?![^\W_])"
    r"|(?P<daily> ?(?:/|per|a) ?(?:day|d)(?![^\W_])))?",
    re.IGNORECASE,
)
# `5/325`, `5-325 mg`, `8 mg-2 mg`, `25 to 50 mg`: one number for each ingredient, or a
# range of one.
_BETWEEN = r"(?:->|[-–—→/&+]|to|and|or)"
_SEVERAL = re.compile(
    rf"(?<![\w.,])(?:{_FULL} ?(?:(?:{_ANY_UNIT})(?![^\W_]))? ?{_BETWEEN} ?)+"
    rf"{_FULL} ?(?P<unit>{_ANY_UNIT})?(?![^\W_])",
    re.IGNORECASE,
)
_NO_SPLIT = re.compile(r"->|[–—→&+]|\b(?:to|and|or)\b", re.IGNORECASE)
_ONE_OF_SEVERAL = re.compile(rf"({_FULL}) ?([^\W\d_]+|%)?")
_BARE_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,6}(?:\.\d{1,4})?|\.\d{1,4})$")
_SPLIT = re.compile(r"\s+(?:/|and|with|\+)\s+|,\s*|(?<=\w)[/-](?=[^\W\d_]{4})")
FORMS = {
    "Tablet": "tablet tablets tab tabs pill pills caplet caplets",
    "Capsule": "capsule capsules cap caps",
    "Patch": "patch patches",
    "Film": "film films strip strips",
    "Solution": "solution liquid syrup elixir soln syr syp",
    "Suspension": "suspension susp",
    "Injection": "injection injectable shot pen syringe vial inj",
    "Spray": "spray",
    "Drops": "drop drops",
    "Cream": "cream",
    "Gel": "gel",
    "Lotion": "lotion",
    "Shampoo": "shampoo",
    "Foam": "foam",
    "Ointment": "ointment oint",
    "Lozenge": "lozenge lozenges",
    "Gum": "gum",
    "Gummy": "gummy gummies",
    "Inhaler": "inhaler inhl",
    "Suppository": "suppository suppositories",
    "Powder": "powder packet packets",
}
RELEASES = {
    "Extended Release": "er xr sr xl la cr cd extended-release",
    "Delayed Release": "dr ec delayed-release enteric-coated",
    "Disintegrating": "odt disintegrating",
    "Chewable": "chewable chew",
    "Sublingual": "sublingual sl",
    "Immediate Release": "ir immediate-release",
}
_FORM = {word: form for form, words in FORMS.items() for word in words.split()}
RELEASE_OF = {word: form for form, words in RELEASES.items() for word in words.split()}
_TWO_WORDS = re.compile(r"\b(extended|delayed|immediate)[ -]release\b", re.IGNORECASE)
_UNSAID = {
    *("oral", "hcl", "of", "nasal", "topical", "ophthalmic", "ophth", "eye", "ear"),
    *("otic", "vaginal", "rectal", "transdermal"),
}
MOST_COUNTED = 12
# Where an amount was taken out of the text.
_GAP = " \N{OBJECT REPLACEMENT CHARACTER} "


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


def parse_typed(text: str) -> ParsedMedicine:
    """The parts of a typed name. `understood` if the starter list knows the name."""
    whole = " ".join(text.split())
    read = _read(whole)
    medicine, name = _meant(read)
    if medicine is None:
        said = " ".join((read.name, *(f"({aside})" for aside in read.asides)))
        names = [part.strip() for part in _SPLIT.split(read.name) if part.strip()]
        if len(names) < 2 or len(names) != len(read.amounts):
            names = [said.strip() or whole]
        if not read.amounts and " / " in names[0]:
            names = names[0].split(" / ")
        return ParsedMedicine(
            parts=_parts(names, read.amounts),
            form=read.form,
            quantity=read.quantity,
            duration=read.duration,
            together=_together(names, read.amounts),
            understood=False,
        )
    own = _names(medicine, name)
    each = read.amounts if _one_for_each(medicine, read) else []
    return ParsedMedicine(
        parts=_parts(own, each),
        form=read.form,
        quantity=read.quantity,
        duration=read.duration,
        together=_together(own, each) if each else tuple(read.amounts),
        brand=medicine.brand_in(plain(whole)),
        text=whole,
    )


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
    known = find(text)
    if known:
        # `vitamin B12`, `polyethylene glycol 3350`: a number that is part of a name.
        return _Reading(text, [], _form_in(text))
    text, beside = asides(plain(text))
    form = _form_in(text)
    text = without_directions(text)
    rest, amounts, is_split = _several(text)
    if not amounts:
        rest, amounts = _singles(rest)
        is_split = bool(_SPLIT.search(_apart(_GAP.join(rest.split(_GAP)[:-1]))))
    before, _amount, behind = rest.partition(_GAP)
    name = _without_form(_apart(rest.replace(_GAP, " ")))
    before = _without_form(before)
    read = _Reading(name, amounts, form, before, behind, beside, is_split)
    return _without_what_is_no_strength(read)


def _apart(text: str) -> str:
    """`buprenorphine  /naloxone`, its amount taken out, is of two again."""
    return re.sub(r"\s+/(?=[^\W\d_])", " / ", text)


def _without_what_is_no_strength(read: _Reading) -> _Reading:
    """`75 mg 24 hr` lasts a day; `100 mg/mL 1 mL` is one milliliter of it."""
    spans = [amount for amount in read.amounts if amount[1] == "HR"]
    volumes = [amount for amount in read.amounts if amount[1] == "ML"]
    others = [one for one in read.amounts if one not in (*spans, *volumes)]
    if spans and (others or volumes):
        read.duration = _as_text(spans[0])
        read.amounts = [one for one in read.amounts if one not in spans]
    if len(volumes) == 1 and any("ML" in unit for _number, unit in others):
        read.quantity = _as_text(volumes[0])
        read.amounts = [one for one in read.amounts if one not in volumes]
    return read


def _as_text(amount: tuple[Decimal, str]) -> str:
    return f"{number_text(amount[0])} {amount[1]}"


def _several(text: str) -> tuple[str, list[tuple[Decimal, str]], bool]:
    """The text, the amounts of a row like `5/325`, and whether it parts ingredients.

    A row without a unit beside an amount that has one is a count: `50 mg 1-2 at night`.
    """
    match = _SEVERAL.search(text)
    if match is None:
        return text, [], False
    outside = f"{text[: match.start()]}{_GAP}{text[match.end() :]}"
    found = _ONE_OF_SEVERAL.findall(match.group())
    units = [rxnorm_unit(unit) for _number, unit in found]
    if not any(units) and _AMOUNT.search(outside):
        return outside.replace(_GAP, " "), [], False
    if not {"MG", "MCG", "G", "UNT", ""} >= set(units):
        return text, [], False
    last = units[-1]
    if not last and any(units) and _is_count(found[-1][0]):
        # `20 mg - 1 daily`
        return text, [], False
    amounts = [
        (_decimal(number), unit or last)
        for (number, _typed), unit in zip(found, units, strict=True)
    ]
    return outside, amounts, not _NO_SPLIT.search(match.group())


def _is_count(number: str) -> bool:
    return number.isdecimal() and int(number) <= MOST_COUNTED


def _singles(text: str) -> tuple[str, list[tuple[Decimal, str]]]:
    is_patch = "Patch" in _form_in(text)
    amounts = [
        (_decimal(m["number"]), _unit(m, is_patch))
        for m in _AMOUNT.finditer(text)
        if not POINT_OR_THOUSAND.fullmatch(m["number"])
    ]
    rest = _AMOUNT.sub(_GAP, text)
    bare = _BARE_NUMBER.search(_without_release(_without_form(text)))
    if bare is None:
        # `clonazepam 0.5 prn`; `Abilify 2 daily` may be two of them.
        bare = _BARE_NUMBER.search(without_when(_without_form(text)))
        bare = (
            bare if bare and ("." in bare[1] or int(bare[1]) > MOST_COUNTED) else None
        )
    if not amounts and bare and not POINT_OR_THOUSAND.fullmatch(bare[1]):
        number = re.escape(bare[1])
        rest = re.sub(rf"(?<![\w.,-]){number}(?![\w.,-])", _GAP, text, count=1)
        return rest, [(_decimal(bare[1]), "")]
    return rest, amounts


def _unit(match: re.Match[str], is_patch: bool) -> str:
    """`/day` of a patch is what it gives off; of anything else it is when."""
    unit = rxnorm_unit(match["unit"])
    if match["daily"] and is_patch:
        return f"{unit}/24HR"
    if not match["per"]:
        return unit
    volume = _decimal(match["volume"]) if match["volume"] else Decimal(1)
    number = "" if volume == 1 else format(volume, "f")
    return f"{unit}/{number}{rxnorm_unit(match['per'])}"


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "")).normalize() + 0


def _form_in(text: str) -> str:
    words = [word.lower() for word in re.findall(r"[\w-]+", text)]
    said = [RELEASE_OF[word] for word in words if word in RELEASE_OF]
    said += [_FORM[word] for word in words if word in _FORM]
    return " ".join(dict.fromkeys(said))


def _without_form(text: str) -> str:
    """The name alone; the release stays for now, `Adderall XR` is a name of its own."""
    words = [w for w in text.split() if w.strip("(),.").lower() not in {*_FORM, "mg"}]
    return " ".join(words).strip(" ,-/()")


def _without_release(text: str) -> str:
    """`bupropion 300 xl` ends with its number."""
    words = text.split()
    while words and words[-1].lower() in RELEASE_OF:
        words.pop()
    return " ".join(words)


def _known(name: str) -> tuple[Medicine | None, str]:
    """The medicine, tried with and without what was added to its name."""
    bare = " ".join(
        word for word in name.split() if word.lower() not in {*RELEASE_OF, *_UNSAID}
    )
    for asked in dict.fromkeys((name, bare)):
        if asked and (found := find(asked)):
            return found, asked
        if found := find_combination(_SPLIT.split(asked)):
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
