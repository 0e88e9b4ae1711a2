"""Side effects that are urgent whatever else was said of them, in plain words.

`interactions/rules/urgent_signs.toml` is the readable list, with its source: a rash
with lamotrigine, fever with clozapine. It decides nothing: it says what it can be and
whom to call. Clinical wording: awaiting review (docs/wording-awaiting-review.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from patients import interactions, medicine_words
from patients.codes import SideEffectKind
from patients.interactions.knowledge import FOLDER, Group, knowledge
from patients.models import SideEffect

FILE = FOLDER / "urgent_signs.toml"
REVIEWS = ("awaiting", "reviewed")


class BadSign(ValueError):
    """An entry with a gap, an unknown kind or an unknown group."""


@dataclass(frozen=True)
class Sign:
    """One kind of side effect, with any medicine or with some."""

    id: str
    kind: str
    medicines: frozenset[str]
    sentence: str
    what_to_do: str
    source: str
    source_date: str


@dataclass(frozen=True)
class Urgent:
    """What to say of one side effect: what it may be, and what to do about it."""

    sentence: str
    what_to_do: str
    source: str


def is_urgent(item: SideEffect) -> bool:
    """Whether its kind is one of the urgent ones, and it is not over."""
    return item.over_date is None and any(one.kind == item.kind for one in signs())


def urgent_of(item: SideEffect, *, numbers: Mapping[str, str]) -> Urgent | None:
    """What to say of it; none for what is over or not urgent.

    `numbers`: `emergency` and `crisis`, those of the place.
    """
    if not is_urgent(item):
        return None
    medicine = item.medicine
    has = interactions.ingredients_of(f"{medicine.name} {medicine.brand}")
    for one in signs():
        if one.kind == item.kind and (not one.medicines or one.medicines & has):
            said = {"medicine": medicine_words.name_of(medicine), **numbers}
            return Urgent(
                one.sentence.format(**said),
                one.what_to_do.format(**said),
                f"{one.source}, {one.source_date}",
            )
    return None


@cache
def signs() -> tuple[Sign, ...]:
    """Every entry, in the order of the file. Raises BadSign."""
    return tuple(read(FILE, groups=knowledge().groups))


def read(file: Path, *, groups: Mapping[str, Group]) -> Iterator[Sign]:
    """The entries of a file. Raises BadSign."""
    said = tomllib.loads(file.read_text("utf-8"))
    for entry in said["sign"]:
        _check(entry)
        yield Sign(
            id=entry["id"],
            kind=entry["kind"],
            medicines=_members(entry, groups),
            sentence=entry["sentence"],
            what_to_do=entry["what_to_do"],
            source=entry.get("source", said["source"]["name"]),
            source_date=entry.get("source_date", said["source"]["date"]),
        )


def _check(entry: Mapping[str, Any]) -> None:
    name = entry.get("id", "?")
    for key in ("id", "kind", "sentence", "what_to_do"):
        if not entry.get(key):
            raise BadSign(f"{name}: {key} is missing.")
    if entry["kind"] not in SideEffectKind.values:
        raise BadSign(f"{name}: no side effect {entry['kind']}.")
    if entry.get("review") not in REVIEWS:
        raise BadSign(f"{name}: says nothing of its review.")
    if bool(entry.get("source")) != bool(entry.get("checked")):
        raise BadSign(f"{name}: a source of its own only where it was compared.")


def _members(entry: Mapping[str, Any], groups: Mapping[str, Group]) -> frozenset[str]:
    found: set[str] = set()
    for one in entry.get("medicines", ()):
        if not one.startswith("@"):
            found.add(one)
        elif one[1:] in groups:
            found |= groups[one[1:]].members
        else:
            raise BadSign(f"{entry['id']}: no group {one}.")
    return frozenset(found)
