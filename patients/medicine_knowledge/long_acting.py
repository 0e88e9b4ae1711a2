"""Injections that last for weeks: how late the label still calls "simply give it".

`long_acting.toml` is the readable list, each entry with its source. Nothing here
decides a treatment: the words say what the label says, and to ask. Awaiting review.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from patients.dosage import Dosage, add_months
from patients.medicine_knowledge.starter import find

FILE = Path(__file__).parent / "long_acting.toml"
SPAN = re.compile(r"([1-9]\d?) (week|month)s?")
LATE = ("", "soon", "silent")
REVIEWS = ("awaiting", "reviewed")
DAYS = {"day": 1, "week": 7, "month": 30}


class BadInjection(ValueError):
    """An entry with a gap, an unknown medicine or an unknown word."""


@dataclass(frozen=True)
class Injection:
    """One product, or some strengths of it."""

    id: str
    product: str
    names: tuple[str, ...]
    medicine: str
    every: tuple[int, int] | None
    strengths: frozenset[Decimal]
    until: tuple[tuple[int, str], ...]
    # The day itself is too late.
    before: bool
    # What the label says of a late one, where it names no day.
    late: str
    note: str
    source: str
    source_date: str
    checked: str

    def last_day(self, last: date) -> date | None:
        """The last day on which it can simply be given; none where none is named."""
        if not self.until:
            return None
        day = last
        for count, unit in self.until:
            day = (
                add_months(day, count)
                if unit == "month"
                else day + timedelta(weeks=count)
            )
        return day - timedelta(days=1) if self.before else day

    def fits(self, text: str, dosage: Dosage) -> bool:
        """Whether a line of this name and rhythm is this product."""
        if self.strengths and not self._has_strength(dosage):
            return False
        if any(_names(name, text) for name in self.names):
            return True
        if not (self.medicine and self.every and _names(self.medicine, text)):
            return False
        gap = (dosage.every_count or 0) * DAYS.get(dosage.every_unit, 0)
        return self.every[0] <= gap <= self.every[1]

    def _has_strength(self, dosage: Dosage) -> bool:
        """By the amount of one injection, or by what one syringe holds."""
        amounts = [dosage.amount_each_time, dosage.strength_amount]
        found = {one.value for one in amounts if one and one.unit == "mg"}
        return bool(found & self.strengths)


def injection_of(name: str, brand: str, dosage: Dosage) -> Injection | None:
    """The entry for a line of the list; none for what is no such injection.

    A patch that is changed every week is on the list too, and is no injection.
    """
    if dosage.schedule != "interval" or "patch" in dosage.form.casefold():
        return None
    text = f"{name} {brand}".casefold()
    named = [one for one in injections() if any(_names(n, text) for n in one.names)]
    # A product that is named is no other one of the same ingredient.
    candidates = named or list(injections())
    return next((one for one in candidates if one.fits(text, dosage)), None)


def _names(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


@cache
def injections() -> tuple[Injection, ...]:
    """Every entry, in the order of the file. Raises BadInjection."""
    return tuple(read(tomllib.loads(FILE.read_text("utf-8"))))


def read(said: dict[str, Any]) -> Iterator[Injection]:
    """The entries of a file. Raises BadInjection."""
    for entry in said["injection"]:
        _check(entry)
        every = entry.get("every")
        yield Injection(
            id=entry["id"],
            product=entry["product"],
            names=tuple(entry["names"]),
            medicine=entry.get("medicine", ""),
            every=(every[0], every[1]) if every else None,
            strengths=frozenset(map(Decimal, entry.get("strengths", ()))),
            until=tuple(_span(entry["id"], text) for text in entry.get("until", ())),
            before=entry.get("before", False),
            late=entry.get("late", ""),
            note=entry.get("note", ""),
            source=entry["source"],
            source_date=entry.get("source_date", ""),
            checked=entry.get("checked", ""),
        )


def _check(entry: dict[str, Any]) -> None:
    name = entry.get("id", "?")
    for key in ("id", "product", "names", "source"):
        if not entry.get(key):
            raise BadInjection(f"{name}: {key} is missing.")
    if entry.get("review") not in REVIEWS or entry.get("late", "") not in LATE:
        raise BadInjection(f"{name}: an unknown review, or an unknown word for late.")
    if bool(entry.get("until")) == bool(entry.get("late")):
        raise BadInjection(f"{name}: a last day, or what the label says without one.")
    if bool(entry.get("medicine")) != bool(entry.get("every")):
        raise BadInjection(f"{name}: an ingredient only with its rhythm.")
    if entry.get("medicine") and find(entry["medicine"]) is None:
        raise BadInjection(f"{name}: not on the starter list: {entry['medicine']}.")
    if entry.get("source_date") and not entry.get("checked"):
        raise BadInjection(f"{name}: a date of the source only where it was compared.")


def _span(name: str, text: str) -> tuple[int, str]:
    match = SPAN.fullmatch(text)
    if match is None:
        raise BadInjection(f"{name}: {text!r} is not like 6 weeks.")
    return int(match[1]), match[2]
