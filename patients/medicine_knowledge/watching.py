"""What a change of a medicine may bring: proposed from its class, never decided here.

`watching.toml` is the readable list: expected benefit and when, what to watch for and
for how many weeks, sedating or activating, and the warning about stopping too
suddenly, each with source and date. Awaiting review by a pharmacist.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from patients.medicine_knowledge.starter import Medicine, all_medicines, find

FILE = Path(__file__).parent / "watching.toml"
PACES = ("sedating", "activating", "steady")
REVIEWS = ("awaiting",)
# What of an entry was compared with its source.
COMPARED = ("all", "stop", "watch")


class BadEntry(ValueError):
    """An entry with a gap, an unknown medicine or an unknown word."""


@dataclass(frozen=True)
class Course:
    """What to expect by when, and what to watch for during how many weeks."""

    expected: str = ""
    expected_weeks: int | None = None
    watch_for: str = ""
    weeks: int | None = None


@dataclass(frozen=True)
class Watching:
    """One entry of the list."""

    id: str
    medicines: frozenset[str]
    classes: frozenset[str]
    course: Course
    after_stop: Course
    pace: str
    # Empty where stopping at once is no danger of its own.
    stop: str
    source: str
    # Of when the source is; empty where the entry was not compared with it, or the
    # copy that it was compared with says no day.
    source_date: str
    checked: str
    compared: str
    review: str

    def speaks_of(self, medicine: Medicine) -> bool:
        named = {medicine.name, *medicine.ingredients} & self.medicines
        return bool(named or medicine.classes & self.classes)


def watching_of(*names: str) -> Watching | None:
    """The entry for a medicine by its name or brand; none for what is not known."""
    medicine = next((found for name in names if name and (found := find(name))), None)
    if medicine is None:
        return None
    return next((one for one in entries() if one.speaks_of(medicine)), None)


@cache
def entries() -> tuple[Watching, ...]:
    """Every entry, in the order of the file. Raises BadEntry."""
    return tuple(_read(tomllib.loads(FILE.read_text("utf-8"))))


def _read(said: dict[str, Any]) -> Iterator[Watching]:
    listed = {one.name for one in all_medicines()}
    classes = {name for one in all_medicines() for name in one.classes}
    for entry in said["change"]:
        _check(entry, listed=listed, classes=classes)
        yield Watching(
            id=entry["id"],
            medicines=frozenset(entry.get("medicines", ())),
            classes=frozenset(entry.get("classes", ())),
            course=Course(
                entry["expected"],
                entry["expected_weeks"],
                entry["watch_for"],
                entry["weeks"],
            ),
            after_stop=Course(
                watch_for=entry.get("stop_watch_for", ""),
                weeks=entry.get("stop_weeks"),
            ),
            pace=entry["pace"],
            stop=entry.get("stop", ""),
            source=entry["source"],
            source_date=entry.get("source_date", ""),
            checked=entry.get("checked", ""),
            compared=entry.get("compared", "all"),
            review=entry["review"],
        )


def _check(entry: dict[str, Any], *, listed: set[str], classes: set[str]) -> None:
    name = entry["id"]
    unknown = {*entry.get("medicines", ())} - listed
    unknown |= {*entry.get("classes", ())} - classes
    if unknown:
        raise BadEntry(f"{name}: not on the starter list: {', '.join(sorted(unknown))}")
    if not (entry.get("medicines") or entry.get("classes")):
        raise BadEntry(f"{name}: speaks of no medicine.")
    if entry["pace"] not in PACES or entry["review"] not in REVIEWS:
        raise BadEntry(f"{name}: an unknown pace or review.")
    if not entry.get("checked") and {"source_date", "compared"} & entry.keys():
        raise BadEntry(f"{name}: a date of the source only where it was compared.")
    if entry.get("compared", "all") not in COMPARED:
        raise BadEntry(f"{name}: compared in part, but in which?")
    if bool(entry.get("stop_watch_for")) != bool(entry.get("stop_weeks")):
        raise BadEntry(f"{name}: what to watch for after a stop needs its weeks.")
