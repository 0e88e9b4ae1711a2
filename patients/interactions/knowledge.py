"""The rule files, read once and checked: a gap or an unknown word is refused.

Every entry says whether it was reviewed. Nothing here was, so far: `review =
"awaiting"` stands at each, and docs/wording-awaiting-review.md says so.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from patients.interactions.codes import Kind, Severity

FOLDER = Path(__file__).parent / "rules"
# Where two files say the same of a pair, the earlier one speaks.
PAIR_FILES = ("pairs_onc", "pairs_fda", "pairs_labels", "pairs_ansm")
REVIEWS = ("awaiting",)
OLDEST = 200
LINE_WORD = re.compile(r"[a-z]+")
# Somebody else's, or none.
NOT_THEIRS = re.compile(r"^(?:no|denies) |\bfamily history\b|\bruled out\b")


class BadRule(ValueError):
    """An entry of a rule file with a gap, an unknown group or an unknown word."""


@dataclass(frozen=True)
class Rule:
    """Two sides that do not go together, or one side that has a note."""

    id: str
    kind: Kind
    severity: Severity
    a: frozenset[str]
    b: frozenset[str]
    sentence: str
    what_to_do: str
    source: str
    source_date: str
    review: str
    # In full years, both ends included: whom a note on one medicine is about.
    from_age: int = 0
    to_age: int = OLDEST
    # Words of the whole line: a note may be about some products of an ingredient.
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()

    def is_about(self, line: str) -> bool:
        """Whether a note speaks of the product that this line names."""
        words = set(LINE_WORD.findall(line.casefold()))
        return not words & {*self.but} and (not self.only or bool(words & {*self.only}))

    def suits(self, age: int | None) -> bool:
        """An age that is not known could be any."""
        return age is None or self.from_age <= age <= self.to_age


@dataclass(frozen=True)
class Gap:
    """How many days have to lie between two medicines. Its rule: a taken, b stopped."""

    rule: Rule
    days: int


@dataclass(frozen=True)
class Family:
    """Ingredients one allergy is about, by the words that name it."""

    id: str
    words: tuple[str, ...]
    members: frozenset[str]
    related: frozenset[str]
    whole_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Illness:
    """A condition that rules speak about, by the words that name it."""

    id: str
    kind: Kind
    name: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()

    def is_named(self, said: str) -> bool:
        """Whether a condition of this name is it, and says not the contrary."""
        plain = said.casefold()
        denied = NOT_THEIRS.search(plain) or any(one in plain for one in self.unless)
        return not denied and any(word in plain for word in self.words)


@dataclass(frozen=True)
class Group:
    id: str
    words: str
    members: frozenset[str]
    double: bool


@dataclass(frozen=True)
class Knowledge:
    groups: dict[str, Group]
    pairs: tuple[Rule, ...]
    low_value: tuple[Rule, ...]
    substances: tuple[Rule, ...]
    illnesses: dict[str, Illness]
    by_illness: tuple[tuple[str, Rule], ...]
    notes: tuple[Rule, ...]
    gaps: tuple[Gap, ...]
    families: tuple[Family, ...]
    allergy_source: tuple[str, str]
    synonyms: dict[str, str]
    brands: dict[str, tuple[str, ...]]

    @property
    def ingredients(self) -> frozenset[str]:
        """Every ingredient that any rule speaks about."""
        sides = [rule.a | rule.b for rule in self._rules()]
        families = [family.members | family.related for family in self.families]
        return frozenset().union(*sides, *families)

    def _rules(self) -> Iterator[Rule]:
        yield from (*self.pairs, *self.low_value, *self.substances, *self.notes)
        yield from (rule for _illness, rule in self.by_illness)
        yield from (gap.rule for gap in self.gaps)

    @property
    def longest_gap(self) -> int:
        return max(gap.days for gap in self.gaps)


@cache
def knowledge() -> Knowledge:
    """Everything the files say. Raises BadRule."""
    groups = {
        name: Group(
            name, said["words"], frozenset(said["members"]), said.get("double", False)
        )
        for name, said in _read("groups").items()
    }
    pairs = tuple(rule for name in PAIR_FILES for rule in _pairs(name, groups))
    conditions = _read("conditions")
    illnesses = {
        each["id"]: Illness(
            each["id"],
            Kind(each["kind"]),
            each["name"],
            tuple(each["words"]),
            tuple(each.get("unless", ())),
        )
        for each in conditions["condition"]
    }
    return Knowledge(
        groups=groups,
        pairs=pairs,
        low_value=tuple(_pairs("low_value", groups, severity="know_about")),
        substances=tuple(_pairs("substances", groups, kind=Kind.SUBSTANCE)),
        illnesses=illnesses,
        by_illness=tuple(_by_illness(conditions, illnesses, groups)),
        notes=tuple(_notes(groups)),
        gaps=tuple(_gaps(groups)),
        families=tuple(_families()),
        allergy_source=_source(_read("allergies")),
        synonyms=_read("names")["synonyms"],
        brands={name: tuple(has) for name, has in _read("names")["brands"].items()},
    )


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _source(said: dict[str, Any]) -> tuple[str, str]:
    return said["source"]["name"], said["source"]["date"]


def _pairs(
    name: str,
    groups: dict[str, Group],
    *,
    kind: Kind = Kind.INTERACTION,
    severity: str = "",
) -> Iterator[Rule]:
    said = _read(name)
    for entry in said["pair"]:
        default = {"kind": kind, "severity": severity}
        yield _rule({**default, **entry}, _source(said), groups)


def _by_illness(
    said: dict[str, Any], illnesses: dict[str, Illness], groups: dict[str, Group]
) -> Iterator[tuple[str, Rule]]:
    for entry in said["rule"]:
        illness = entry["condition"]
        if illness not in illnesses:
            raise BadRule(f"{entry['id']}: no condition {illness}.")
        full = {"kind": illnesses[illness].kind, "b": [], **entry}
        yield illness, _rule(full, _source(said), groups)


def _notes(groups: dict[str, Group]) -> Iterator[Rule]:
    said = _read("boxed")
    for entry in said["note"]:
        full = {"kind": Kind.BOXED, "severity": "know_about", "b": [], **entry}
        rule = _rule(full, _source(said), groups)
        if left_out := frozenset(entry.get("but_not", ())) - rule.a:
            raise BadRule(f"{entry['id']}: not in it: {', '.join(sorted(left_out))}.")
        yield replace(rule, a=rule.a - frozenset(entry.get("but_not", ())))


def _gaps(groups: dict[str, Group]) -> Iterator[Gap]:
    said = _read("washout")
    for entry in said["gap"]:
        sides = {"a": entry["taken"], "b": entry["stopped"]}
        rule = _rule({"kind": Kind.WASHOUT, **sides, **entry}, _source(said), groups)
        yield Gap(rule, entry["days"])


def _families() -> Iterator[Family]:
    for entry in _read("allergies")["family"]:
        _reviewed(entry)
        yield Family(
            entry["id"],
            tuple(entry["words"]),
            frozenset(entry["members"]),
            frozenset(entry["related"]),
            tuple(entry.get("whole_words", ())),
        )


def _rule(
    entry: dict[str, Any], source: tuple[str, str], groups: dict[str, Group]
) -> Rule:
    _reviewed(entry)
    try:
        severity = Severity[entry["severity"].upper()]
    except KeyError:
        raise BadRule(f"{entry['id']}: no severity {entry['severity']!r}.") from None
    return Rule(
        id=entry["id"],
        kind=Kind(entry["kind"]),
        severity=severity,
        a=_side(entry, "a", groups),
        b=_side(entry, "b", groups),
        sentence=entry["sentence"],
        what_to_do=entry.get("what_to_do", ""),
        source=_says(entry, source[0]),
        source_date=entry.get("source_date", source[1]),
        review=entry["review"],
        from_age=entry.get("from_age", 0),
        to_age=entry.get("to_age", OLDEST),
        only=tuple(entry.get("only", ())),
        but=tuple(entry.get("except", ())),
    )


def _says(entry: dict[str, Any], source: str) -> str:
    """A label's text and its boxed warning are two things; the flag says which."""
    boxed = "FDA boxed warning" if entry.get("boxed") else source
    return entry.get("source", boxed)


def _reviewed(entry: dict[str, Any]) -> None:
    if entry.get("review") not in REVIEWS:
        raise BadRule(f"{entry['id']}: says nothing of its review.")


def _side(entry: dict[str, Any], side: str, groups: dict[str, Group]) -> frozenset[str]:
    said = entry[side]
    names: Iterable[str] = [said] if isinstance(said, str) else said
    found: set[str] = set()
    for name in names:
        if not name.startswith("@"):
            found.add(name)
        elif name[1:] in groups:
            found |= groups[name[1:]].members
        else:
            raise BadRule(f"{entry['id']}: no group {name}.")
    return frozenset(found)
