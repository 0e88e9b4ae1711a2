"""Reads names as people type them: `Zoloft 50mg`, `lithium carbonate ER 450 mg`.

Nothing is guessed: a number without a unit stays without one, a name that the starter
list does not know stays as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from patients.medicine_knowledge.keys import SALTS, words_of
from patients.medicine_knowledge.parsed import ParsedMedicine, Part
from patients.medicine_knowledge.starter import Medicine, find, find_combination
from patients.medicine_knowledge.units import UNIT_OF, rxnorm_unit

_ANY_UNIT = "|".join(sorted(map(re.escape, UNIT_OF), key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})?(?:\.\d{1,8})?"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<number>(?=[.\d]){_NUMBER}) ?(?P<unit>{_ANY_UNIT})(?![^\W_])\.?"
    rf"(?: ?(?:/|per) ?(?P<volume>\d+(?:\.\d+)?)? ?(?P<per>{_ANY_UNIT})(?![^\W_]))?",
    re.IGNORECASE,
)
# `5/325`, `5-325 mg`, `8 mg-2 mg`, `5 mg/325 mg`: one number for each ingredient.
_SEVERAL = re.compile(
    rf"(?<![\w.,])(?:\d+(?:\.\d+)? ?(?:{_ANY_UNIT})? ?[-/] ?)+"
    rf"\d+(?:\.\d+)? ?(?P<unit>{_ANY_UNIT})?(?![^\W_])",
    re.IGNORECASE,
)
_ONE_OF_SEVERAL = re.compile(r"(\d+(?:\.\d+)?) ?([^\W\d_]+|%)?")
_BARE_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,6}(?:\.\d{1,4})?)$")
_SPLIT = re.compile(r"\s+(?:/|and|with|\+)\s+|,\s*|(?<=\w)[/-](?=[^\W\d_]{4})")
FORMS = {
    "Tablet": "tablet tablets tab tabs pill pills caplet caplets",
    "Capsule": "capsule capsules cap caps",
    "Patch": "patch patches",
    "Film": "film films strip strips",
    "Solution": "solution liquid syrup elixir soln",
    "Suspension": "suspension susp",
    "Injection": "injection injectable shot pen syringe vial",
    "Spray": "spray",
    "Drops": "drop drops",
    "Cream": "cream",
    "Gel": "gel",
    "Ointment": "ointment",
    "Lozenge": "lozenge lozenges",
    "Gum": "gum",
    "Gummy": "gummy gummies",
    "Inhaler": "inhaler",
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
_UNSAID = {"oral", "hcl", "of"}
# `2 tablets`: how many, and no strength.
_COUNT = re.compile(
    rf"(?<![\w.,/-])\d+(?:\.\d+)? (?={'|'.join(sorted(_FORM))})", re.IGNORECASE
)


_WHEN = re.compile(
    r"\b(?:(?:once|twice|(?:one|two|three|four) times) (?:a|per|each) day"
    r"|(?:once|twice|(?:one|two|three|four) times)? ?daily|nightly|by mouth"
    r"|(?:at|every|each|before) (?:bedtime|night|bed|noon)"
    r"|(?:in the|every|each) (?:morning|evening|day)"
    r"|(?:as|when|if|only when) needed|prn|po|bid|tid|qid|qhs|qam|qpm|qd)\b",
    re.IGNORECASE,
)


@dataclass
class _Reading:
    name: str
    amounts: list[tuple[Decimal, str]]
    form: str


def parse_typed(text: str) -> ParsedMedicine:
    """The parts of a typed name. `understood` if the starter list knows the name."""
    whole = " ".join(text.split())
    read = _read(whole)
    medicine, name = _known(read.name)
    if medicine is None:
        # `Depakote ER 500 mg twice daily`: when it is taken is no part of its name.
        medicine, name = _known(_without_when(read.name))
    if medicine is None:
        names = [part for part in _SPLIT.split(read.name) if part]
        if len(names) != len(read.amounts) or len(names) < 2:
            names = [read.name or whole]
        return ParsedMedicine(
            parts=_parts(names, read.amounts),
            form=read.form,
            together=_together(names, read.amounts),
            understood=False,
        )
    own = _names(medicine, name)
    return ParsedMedicine(
        parts=_parts(own, read.amounts),
        form=read.form,
        together=_together(own, read.amounts),
        brand=medicine.brand_in(name),
        text=whole,
    )


def name_only(text: str) -> str:
    """The name without amounts and form: `Zoloft 50mg tab` is `Zoloft`."""
    return _read(" ".join(text.split())).name or text


def names_only(text: str) -> tuple[str, ...]:
    """The name without amounts and form, then also without when it is taken.

    In this order, because `One A Day` and `Daily-Vite` are names.
    """
    name = name_only(text)
    return tuple(dict.fromkeys((name, name_only(_without_when(name)) or name)))


def _without_when(name: str) -> str:
    return " ".join(_WHEN.sub(" ", name).split()).strip(" ,-")


def _read(text: str) -> _Reading:
    """Takes the amounts and the words of the form out of the text."""
    text = _TWO_WORDS.sub(lambda match: f"{match[1]}-release", text)
    text = _COUNT.sub("", text)
    known = find(text)
    if known:
        # `vitamin B12`, `polyethylene glycol 3350`: a number that is part of a name.
        return _Reading(text, [], _form_in(text))
    rest, amounts = _several(text)
    if not amounts:
        rest, amounts = _singles(text)
    return _Reading(_without_form(rest), amounts, _form_in(rest))


def _several(text: str) -> tuple[str, list[tuple[Decimal, str]]]:
    match = _SEVERAL.search(text)
    if match is None:
        return text, []
    found = _ONE_OF_SEVERAL.findall(match.group())
    units = [rxnorm_unit(unit) for _number, unit in found]
    if not {"MG", "MCG", "G", "UNT", ""} >= set(units):
        return text, []
    last = units[-1]
    amounts = [
        (_decimal(number), unit or last)
        for (number, _typed), unit in zip(found, units, strict=True)
    ]
    return f"{text[: match.start()]} {text[match.end() :]}", amounts


def _singles(text: str) -> tuple[str, list[tuple[Decimal, str]]]:
    amounts = [(_decimal(m["number"]), _unit(m)) for m in _AMOUNT.finditer(text)]
    rest = _AMOUNT.sub(" ", text)
    bare = _BARE_NUMBER.search(rest.strip())
    if not amounts and bare:
        return rest.strip()[: bare.start()], [(_decimal(bare[1]), "")]
    return rest, amounts


def _unit(match: re.Match[str]) -> str:
    unit = rxnorm_unit(match["unit"])
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
    return list(medicine.ingredients)


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
