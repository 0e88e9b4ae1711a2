"""Names that look alike, in tall man letters, as in `buPROPion` and `busPIRone`.

The names, their groups and what each is used for stand in patients.medicine_knowledge
(`look_alikes.toml` and the starter list) and await review by a clinician.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from patients import medicine_knowledge
from patients.medicine_knowledge import Medicine, all_medicines, find

_FILE = Path(medicine_knowledge.__file__).parent / "look_alikes.toml"
_LISTED = tomllib.loads(_FILE.read_text("utf-8"))
LOOK_ALIKES: tuple[tuple[str, ...], ...] = tuple(
    tuple(group) for table in ("listed", "recalled") for group in _LISTED[table]
)
WORD = re.compile(r"[A-Za-z]+")
# The names that a cut text is checked for: those people here take most.
_OFTEN_TAKEN = frozenset(
    {"antidepressant", "antipsychotic", "mood_stabilizer", "anticonvulsant"}
    | {"benzodiazepine", "stimulant", "opioid", "beta_blocker", "thyroid_hormone"}
)


def _tall_spellings() -> dict[str, str]:
    names = [one.tall_man for one in all_medicines() if WORD.fullmatch(one.tall_man)]
    names += [name for group in LOOK_ALIKES for name in group]
    return {name.lower(): name for name in names if name != name.lower()}


def _brands() -> dict[str, str]:
    listed = [brand for one in all_medicines() for brand in one.brands]
    return {brand.lower(): brand for brand in listed if WORD.fullmatch(brand)}


TALL_MAN = _tall_spellings()
# A tall man brand has a plain spelling with a capital: `KlonoPIN` is `Klonopin`.
PLAIN = {name: brand for name, brand in _brands().items() if name in TALL_MAN}
KNOWN_NAMES = frozenset(TALL_MAN) | {
    one.name
    for one in all_medicines()
    if one.classes & _OFTEN_TAKEN and WORD.fullmatch(one.name)
}


class NamePart(NamedTuple):
    """A piece of a name as it is seen and as it is read aloud."""

    seen: str
    heard: str

    @property
    def is_tall(self) -> bool:
        return self.seen != self.heard


def tall_man(name: str) -> str:
    """The name as clinicians see it: `bupropion XL` becomes `buPROPion XL`."""
    return WORD.sub(lambda match: _tall(match.group()), name)


def plain_name(name: str) -> str:
    """The name as patients see it, without tall man letters: `bupropion XL`."""
    return WORD.sub(lambda match: _plain(match.group()), name)


def without_tall_letters(text: str) -> str:
    """The text with every name in tall man letters in its plain spelling."""
    return WORD.sub(lambda match: _untall(match.group()), text)


def name_parts(name: str) -> list[NamePart]:
    """The name in pieces, so that a screen reader is given the plain spelling."""
    parts, end = [], 0
    for match in WORD.finditer(name):
        if match.group().lower() not in TALL_MAN:
            continue
        if match.start() > end:
            between = name[end : match.start()]
            parts.append(NamePart(between, between))
        parts.append(NamePart(_tall(match.group()), _plain(match.group())))
        end = match.end()
    if end < len(name):
        parts.append(NamePart(name[end:], name[end:]))
    return parts


def look_alikes(name: str) -> tuple[str, ...]:
    """The names, in tall man letters, that any word of this one is mistaken for."""
    words = {match.group().lower() for match in WORD.finditer(name)}
    found: dict[str, None] = {}
    for group in LOOK_ALIKES:
        if words & {other.lower() for other in group}:
            found |= {other: None for other in group if other.lower() not in words}
    return tuple(found)


def used_for(name: str) -> str:
    """What a medicine is mostly taken for, to tell look-alikes apart; or nothing."""
    whole = find(name)
    if whole is not None:
        return whole.used_for
    found = (_medicine(match.group()) for match in WORD.finditer(name))
    return next((one.used_for for one in found if one), "")


def _medicine(word: str) -> Medicine | None:
    return find(word) if len(word) > 3 else None


def _tall(word: str) -> str:
    return TALL_MAN.get(word.lower(), word)


def _untall(word: str) -> str:
    return _plain(word) if TALL_MAN.get(word.lower()) == word else word


def _plain(word: str) -> str:
    lower = word.lower()
    return PLAIN.get(lower, lower) if lower in TALL_MAN else word
