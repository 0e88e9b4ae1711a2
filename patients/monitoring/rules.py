"""The two files, read once and checked: a gap or an unknown word is refused.

A deployment that wants other rhythms puts its own two files into a folder and names
it in CARECOORD_MONITORING_FOLDER.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from patients.codes import Measure
from patients.dosage import add_months
from patients.interactions.knowledge import knowledge

SPAN = re.compile(r"([1-9]\d{0,2}) (day|week|month)s?")
# Who looks after a test if nobody was chosen: who prescribes, or who has the labs.
OWNERS = ("prescriber", "labs")
RHYTHMS = ("source", "own")
REVIEWS = ("awaiting", "reviewed")
TEST_KEYS = {"name", "tells_of", "numbers", "units", "slip", "words", "pair"}
SCHEDULE_KEYS = {
    *("id", "tests", "medicines", "baseline", "at", "after_change", "every", "note"),
    *(
        "source",
        "source_date",
        "review",
        "owner",
        "checked",
        "rhythm",
        "to_age",
        "lasts",
    ),
}


class BadSchedule(ValueError):
    """An entry of the two files with a gap, an unknown test or an unknown word."""


@dataclass(frozen=True)
class Span:
    """So many days, weeks or months."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        """The day so much later; at the end of a short month, its last day."""
        if self.unit == "month":
            return add_months(day, self.count)
        return day + timedelta(days=self.count * {"day": 1, "week": 7}[self.unit])


@dataclass(frozen=True)
class Step:
    """Again and again, each `each`, until so long after the start."""

    each: Span
    until: Span | None = None


@dataclass(frozen=True)
class Test:
    """One thing that is measured, and how its result is written down."""

    __test__ = False  # not a case of the test suite

    key: str
    name: str
    tells_of: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    slip: Mapping[str, tuple[float, float]] | None = None
    words: bool = False
    pair: bool = False

    @property
    def mark(self) -> str:
        """Stands in addresses, which name no medicine.

        Of the service's own key: whoever finds one in a log or in the history of a
        browser does not find the test by trying each.
        """
        keyed = salted_hmac("monitoring.mark", self.key, algorithm="sha256")
        return keyed.hexdigest()[:10]


@dataclass(frozen=True)
class Schedule:
    """Tests that these ingredients ask for, on one rhythm."""

    id: str
    tests: tuple[str, ...]
    medicines: frozenset[str]
    source: str
    source_date: str
    review: str
    baseline: bool = False
    at: tuple[Span, ...] = ()
    after_change: Span | None = None
    every: tuple[Step, ...] = ()
    note: str = ""
    owner: str = "labs"
    # The day the rhythm was compared with the source; empty where it was not.
    checked: str = ""
    # The days are this service's: the source names none, or not these.
    own_rhythm: bool = False
    # In full years, included: nobody older is asked. None: everybody is.
    to_age: int | None = None
    # What it finds stays for life: a result of any day is the one that was asked for.
    lasts: bool = False

    @property
    def only_before(self) -> bool:
        """Asked for before the first dose, and never again."""
        return self.baseline and not (self.at or self.after_change or self.every)

    def suits(self, age: int | None) -> bool:
        """An age that is not known could be any."""
        return age is None or self.to_age is None or age <= self.to_age


@dataclass(frozen=True)
class Book:
    """Everything the files say."""

    tests: dict[str, Test]
    schedules: tuple[Schedule, ...]

    def asked_by(
        self, ingredients: Iterable[str], *, age: int | None = None
    ) -> list[Schedule]:
        have = set(ingredients)
        return [
            each for each in self.schedules if each.medicines & have and each.suits(age)
        ]


def book() -> Book:
    """The book of this deployment. Raises BadSchedule."""
    return _read(str(settings.MONITORING_FOLDER))


def test_by_mark(mark: str) -> Test | None:
    return next((one for one in book().tests.values() if one.mark == mark), None)


@cache
def _read(folder: str) -> Book:
    tests = {key: _test(key, said) for key, said in _file(folder, "tests").items()}
    said = _file(folder, "schedules")
    groups = {name: group.members for name, group in knowledge().groups.items()}
    groups |= {name: frozenset(has) for name, has in said.get("groups", {}).items()}
    found = tuple(_schedule(each, tests, groups) for each in said["schedule"])
    if len({each.id for each in found}) < len(found):
        raise BadSchedule("Two entries have one id.")
    return Book(tests, found)


def _file(folder: str, name: str) -> dict[str, Any]:
    try:
        with (Path(folder) / f"{name}.toml").open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadSchedule(f"{folder}/{name}.toml: {error}") from error


def _test(key: str, said: dict[str, Any]) -> Test:
    if unknown := said.keys() - TEST_KEYS:
        raise BadSchedule(f"{key}: {', '.join(sorted(unknown))}?")
    measures = tuple(said.get("numbers", ()))
    units, slip = tuple(said.get("units", ())), said.get("slip", {})
    if not said.get("name") or not set(measures) <= set(Measure.values):
        raise BadSchedule(f"{key}: no name, or an unknown number.")
    if not slip.keys() <= set(units) or bool(units) == bool(said.get("words")):
        raise BadSchedule(f"{key}: units, or words, and slips of its units only.")
    return Test(
        key=key,
        name=said["name"],
        tells_of=frozenset(said.get("tells_of", ())),
        numbers=measures,
        units=units,
        slip={unit: (low, high) for unit, (low, high) in slip.items()},
        words=said.get("words", False),
        pair=said.get("pair", False),
    )


def _schedule(
    said: dict[str, Any],
    tests: dict[str, Test],
    groups: Mapping[str, frozenset[str]],
) -> Schedule:
    name = said.get("id", "?")
    if unknown := said.keys() - SCHEDULE_KEYS:
        raise BadSchedule(f"{name}: {', '.join(sorted(unknown))}?")
    for key in ("id", "tests", "medicines", "source", "source_date"):
        if not said.get(key):
            raise BadSchedule(f"{name}: {key} is missing.")
    if said.get("review") not in REVIEWS:
        raise BadSchedule(f"{name}: says nothing of its review.")
    if said.get("owner", "labs") not in OWNERS:
        raise BadSchedule(f"{name}: nobody is called {said['owner']}.")
    if said.get("rhythm", "source") not in RHYTHMS:
        raise BadSchedule(f"{name}: a rhythm of whom?")
    if not isinstance(said.get("lasts", False), bool):
        raise BadSchedule(f"{name}: lasts is neither true nor false.")
    if not isinstance(said.get("to_age", 0), int):
        raise BadSchedule(f"{name}: to_age is no number of years.")
    if missing := set(said["tests"]) - tests.keys():
        raise BadSchedule(f"{name}: no test {', '.join(sorted(missing))}.")
    every = tuple(
        Step(
            _span(name, step["each"]),
            _span(name, step["until"]) if "until" in step else None,
        )
        for step in said.get("every", ())
    )
    if any(step.until is None for step in every[:-1]) or (every and every[-1].until):
        raise BadSchedule(f"{name}: the last step alone has no end.")
    if not (every or said.get("at") or said.get("baseline")):
        raise BadSchedule(f"{name}: says nothing of when.")
    change = said.get("after_change")
    return Schedule(
        id=name,
        tests=tuple(said["tests"]),
        medicines=_members(name, said["medicines"], groups),
        source=said["source"],
        source_date=said["source_date"],
        review=said["review"],
        baseline=said.get("baseline", False),
        at=tuple(_span(name, text) for text in said.get("at", ())),
        after_change=_span(name, change) if change else None,
        every=every,
        note=said.get("note", ""),
        owner=said.get("owner", "labs"),
        checked=said.get("checked", ""),
        own_rhythm=said.get("rhythm", "source") == "own",
        to_age=said.get("to_age"),
        lasts=said.get("lasts", False),
    )


def _members(
    name: str, said: Iterable[str], groups: Mapping[str, frozenset[str]]
) -> frozenset[str]:
    found: set[str] = set()
    for one in said:
        if not one.startswith("@"):
            found.add(one)
        elif one[1:] in groups:
            found |= groups[one[1:]]
        else:
            raise BadSchedule(f"{name}: no group {one}.")
    return frozenset(found)


def _span(name: str, text: str) -> Span:
    match = SPAN.fullmatch(text)
    if match is None:
        raise BadSchedule(f"{name}: {text!r} is not like 2 weeks.")
    return Span(int(match[1]), match[2])
