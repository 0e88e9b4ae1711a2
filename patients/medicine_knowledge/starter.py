"""The starter list: some hundred medicines that people really take, and what they are.

One file per field of medicine in `data/`. A group has a title, classes and a use; a
medicine in it may add classes (`classes`), leave some out (`not_classes`) and say its
own use. `forms` are the usual strengths on a label, `most_per_day` the most a label of
the US allows a grown-up in a day, given only where it is certain. `rxcui` is RxNorm's
code of the ingredient, of the salt where the entry is one, or of the combination; what
has none says why in `no_rxcui`, and a combination without one has those of its parts.
Awaiting review by a pharmacist.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from patients.medicine_knowledge.keys import bare_key, key

DATA = Path(__file__).parent / "data"
# How a form of the list is called, and the form it is counted in.
FORM_NAMES = {
    "er_tablet": ("extended-release tablet", "tablet"),
    "dr_tablet": ("delayed-release tablet", "tablet"),
    "er_capsule": ("extended-release capsule", "capsule"),
    "dr_capsule": ("delayed-release capsule", "capsule"),
    "er_liquid": ("extended-release liquid", "liquid"),
    "chewable": ("chewable tablet", "tablet"),
    "odt": ("tablet that melts on the tongue", "tablet"),
    "sublingual": ("tablet under the tongue", "tablet"),
    "cream": ("cream", "application"),
    "gel": ("gel", "application"),
}
_AMOUNTS = re.compile(r"(?P<numbers>[\d. ]+?) ?(?P<unit>%|[a-zA-Z].*)")
_BETWEEN = (
    re.compile(r"\s+/\s+"),
    re.compile(r"\s+(?:/|and|with|\+)\s+|,\s*|(?<=\w)/"),
)
# Ritonavir with nirmatrelvir treats COVID-19 and says nothing about HIV.
_NOT_HIV = re.compile(r"nirmatrelvir|paxlovid", re.IGNORECASE)


class Amount(NamedTuple):
    """A number with its unit in plain words: 25 `mg`, 20 `mg per mL`."""

    value: Decimal
    unit: str


class Strength(NamedTuple):
    """The usual strengths of one form. A combination has words and no amounts."""

    form: str
    amounts: tuple[Amount, ...]
    words: str

    @property
    def form_name(self) -> str:
        """`extended-release tablet`."""
        return FORM_NAMES.get(self.form, (self.form, self.form))[0]

    @property
    def counted_as(self) -> str:
        """The form in which people count it: `tablet`."""
        return FORM_NAMES.get(self.form, (self.form, self.form))[1]


@dataclass(frozen=True)
class Medicine:
    """One medicine of the list, or a combination with its `ingredients`."""

    name: str
    group: str
    classes: frozenset[str]
    used_for: str
    rxcui: str | None = None
    no_rxcui: str = ""
    ingredients: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    salts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    tall_man: str = ""
    strengths: tuple[Strength, ...] = ()
    most_per_day: Amount | None = None
    label: str = ""
    kind: str = "prescription"

    @property
    def ingredient(self) -> str:
        """The generic name: `sertraline`, `buprenorphine and naloxone`."""
        return self.name

    @property
    def is_combination(self) -> bool:
        return len(self.ingredients) > 1

    @property
    def seen_name(self) -> str:
        """The name in tall man letters, as clinicians see it."""
        return self.tall_man or self.name

    def brand_in(self, text: str) -> str:
        """The brand that a text names, or an empty one: `ZOLOFT 50` is `Zoloft`."""
        said = f" {key(text)} "
        known = sorted(self.brands, key=len, reverse=True)
        return next((brand for brand in known if f" {key(brand)} " in said), "")


@cache
def all_medicines() -> tuple[Medicine, ...]:
    """Every medicine of the starter list, in the order of its files."""
    found: list[Medicine] = []
    for path in sorted(DATA.glob("*.toml")):
        for group, content in tomllib.loads(path.read_text("utf-8")).items():
            medicines = content.get("medicines", {})
            found += [_medicine(group, content, *one) for one in medicines.items()]
    return tuple(found)


def _medicine(
    group: str, shared: dict[str, Any], name: str, own: dict[str, Any]
) -> Medicine:
    classes = {*shared["classes"], *own.get("classes", ())}
    most = own.get("most_per_day")
    return Medicine(
        name=name,
        group=group,
        classes=frozenset(classes - set(own.get("not_classes", ()))),
        used_for=own.get("used_for", shared["used_for"]),
        rxcui=own.get("rxcui"),
        no_rxcui=own.get("no_rxcui", ""),
        ingredients=tuple(own.get("ingredients", (name,))),
        brands=tuple(own.get("brands", ())),
        salts=tuple(own.get("salts", ())),
        also=tuple(own.get("also", ())),
        tall_man=own.get("tall_man", ""),
        strengths=tuple(_strengths(own.get("forms", {}))),
        most_per_day=_amounts(most)[0] if most else None,
        label=own.get("label", ""),
        kind=own.get("kind", "prescription"),
    )


def _strengths(forms: dict[str, str]) -> Iterator[Strength]:
    for form, words in forms.items():
        yield Strength(form, () if " with " in words else _amounts(words), words)


def _amounts(words: str) -> tuple[Amount, ...]:
    """`25 50 mg` as two amounts; `1250 mcg, 50000 units` as one of each unit."""
    found: list[Amount] = []
    for piece in filter(None, words.split(", ")):
        match = _AMOUNTS.fullmatch(piece)
        if match is None:
            raise ValueError(f"not a strength in the starter list: {words!r}")
        numbers = match["numbers"].split()
        found += [Amount(Decimal(number), match["unit"]) for number in numbers]
    return tuple(found)


@cache
def _index() -> dict[str, Medicine]:
    """Every name that means one medicine. A generic name wins over a brand."""
    index: dict[str, Medicine] = {}
    listed = sorted(all_medicines(), key=lambda one: one.is_combination)
    for names in (_own_names, _with_salts, lambda one: one.brands, _short_brands):
        for medicine in listed:
            for name in filter(None, map(key, names(medicine))):
                index.setdefault(name, medicine)
    return index


def _own_names(medicine: Medicine) -> Iterable[str]:
    return (medicine.name, *medicine.also)


def _short_brands(medicine: Medicine) -> Iterable[str]:
    """`Nurtec ODT` and `Qudexy XR` are asked for as `Nurtec` and `Qudexy`."""
    return map(bare_key, medicine.brands)


def _with_salts(medicine: Medicine) -> Iterable[str]:
    return (f"{medicine.name} {salt}" for salt in medicine.salts)


@cache
def _combinations() -> dict[frozenset[str], Medicine]:
    listed = [one for one in all_medicines() if one.is_combination]
    return {frozenset(map(key, one.ingredients)): one for one in listed}


def find(name: str) -> Medicine | None:
    """The medicine that a generic name, a brand or a name with its salt means.

    Exact but for case, salt, release and form. What is misspelled is None: see
    `search.suggest`.
    """
    for asked in dict.fromkeys((key(name), bare_key(name))):
        if asked and (found := _index().get(asked)):
            return found
    # RxNorm first: `docusate / sennosides, USP` are two.
    tries = (find_combination(between.split(name)) for between in _BETWEEN)
    return next(filter(None, tries), None)


def find_combination(names: Iterable[str]) -> Medicine | None:
    """The combination of exactly these ingredients, in any order."""
    found = [_index().get(key(name)) or _index().get(bare_key(name)) for name in names]
    if len(found) < 2 or not all(found):
        return None
    return _combinations().get(frozenset(key(one.name) for one in found if one))


def with_class(*classes: str) -> tuple[Medicine, ...]:
    """The medicines that belong to any of these classes."""
    return tuple(one for one in all_medicines() if one.classes & set(classes))


@cache
def group_titles() -> dict[str, str]:
    """Each group and its title: `ssri` is `SSRI antidepressants`."""
    return {
        group: content["title"]
        for path in sorted(DATA.glob("*.toml"))
        for group, content in tomllib.loads(path.read_text("utf-8")).items()
        if "title" in content
    }


def group_title(group: str) -> str:
    """What a group or class is called; a class without a title says its own name."""
    return group_titles().get(group, group.replace("_", " "))


@cache
def _labelled() -> dict[str, re.Pattern[str]]:
    names: dict[str, set[str]] = {}
    for one in all_medicines():
        if one.label:
            listed = {*_own_names(one), *one.brands}
            names.setdefault(one.label, set()).update(map(str.lower, listed))
    return {
        label: re.compile(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(found)))})(?![^\W\d_])"
        )
        for label, found in sorted(names.items())
    }


def labels_of(*names: str) -> tuple[str, ...]:
    """The sensitivity labels that a medicine's name, ingredient or brand betrays.

    Only a proposal: the patient decides.
    """
    said = " | ".join(names).lower()
    found = [label for label, pattern in _labelled().items() if pattern.search(said)]
    if "hiv" in found and _NOT_HIV.search(said):
        found.remove("hiv")
    return tuple(found)
