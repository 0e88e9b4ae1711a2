"""Names that are near to what somebody typed: begun, misspelled, or said as heard."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.starter import Medicine, all_medicines
from patients.medicine_knowledge.typed_names import name_only

HowFar = Callable[[str, str], int | None]
MOST = 8
MOST_COMPARED = 60
LONGEST_TYPED = 200
SHORTEST_FOR_MISSPELLING = 4
NOT_OFFERED = {"combined_only"}
# As it sounds: `seraquel` and `Seroquel`, `prozack` and `Prozac` are one word.
_SOUNDS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|[cq]"), "k"),
    (re.compile(r"z"), "s"),
    (re.compile(r"(?<=.)[aeiouyh]+"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_LAST_E = re.compile(r"(?<=...)e$")


class Candidate(NamedTuple):
    """A name that could be meant, in the spelling of `keys.key`."""

    key: str
    name: str
    is_brand: bool
    generic: str


class Near(NamedTuple):
    """A candidate and how far it is from what was typed; 0 is the name itself."""

    distance: int
    candidate: Candidate


@dataclass(frozen=True)
class Suggestion:
    """One medicine to choose: what goes on the list, and how it is told apart."""

    name: str
    brand: str = ""
    medicine: Medicine | None = None
    is_certain: bool = False

    @property
    def value(self) -> str:
        """What a form sends back for it."""
        return f"{self.name}|{self.brand}"

    @property
    def used_for(self) -> str:
        return self.medicine.used_for if self.medicine else ""


def grams(name: str) -> set[str]:
    """Three letters at a time, each word with a space before and behind."""
    return {
        padded[place : place + 3]
        for padded in (f" {word} " for word in name.split())
        for place in range(len(padded) - 2)
    }


@cache
def sound(word: str) -> str:
    """The word with letters that sound alike written alike."""
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return _LAST_E.sub("", word)


def distance(one: str, other: str, *, most: int) -> int:
    """Letters to add, drop, change or swap; `most + 1` where it would be more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            cost = 0 if letter == against else 1
            best = min(last[column] + 1, now[-1] + 1, last[column - 1] + cost)
            swapped = row > 1 and column > 1 and letter == other[column - 2]
            if swapped and one[row - 2] == against:
                best = min(best, before[column - 2] + 1)
            now.append(best)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return min(last[-1], most + 1)


def most_slips(typed: str) -> int:
    """How many slips are forgiven: one in a short word, three in a long one."""
    return 1 if len(typed) < 6 else 2 if len(typed) < 9 else 3


def begun(typed: str, candidate: str) -> int | None:
    """0 for the name itself, 1 for its beginning, 2 for that of a later word."""
    if not candidate.startswith(typed):
        return 2 if f" {typed}" in candidate else None
    return 0 if typed == candidate else 1


def slips(typed: str, candidate: str) -> int | None:
    """The fewest slips, to the whole name or to as much of it as was typed."""
    most = most_slips(typed)
    start = candidate[: len(typed)]
    # A word that sounds the same is one slip, however it is written.
    heard = distance(sound(typed), sound(candidate), most=1)
    found = min(
        distance(typed, candidate, most=most),
        distance(typed, start, most=most) + (len(candidate) > len(typed)),
        heard + 1 if heard <= 1 else most + 1,
    )
    return found if found <= most else None


def rank(typed: str, candidates: Iterable[Candidate], how_far: HowFar) -> list[Near]:
    """The candidates that are near enough, the nearest first."""
    found = [
        Near(far, candidate)
        for candidate in candidates
        if (far := how_far(typed, candidate.key)) is not None
    ]
    return sorted(found, key=lambda one: (one.distance, len(one.candidate.key), one[1]))


@cache
def _starter() -> tuple[Candidate, ...]:
    """All names of the starter list."""
    return tuple(_candidates())


@cache
def _places() -> dict[str, tuple[int, ...]]:
    """Which names hold these three letters, as written or as heard."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, candidate in enumerate(_starter()):
        for gram in grams(candidate.key) | grams(sound(candidate.key)):
            places[gram].append(place)
    return {gram: tuple(found) for gram, found in places.items()}


def _candidates() -> Iterator[Candidate]:
    for one in all_medicines():
        if one.group in NOT_OFFERED and not one.brands:
            continue
        for name in (one.name, *one.also):
            yield Candidate(key(name), name, False, one.name)
        for brand in one.brands:
            yield Candidate(key(brand), brand, True, one.name)


@cache
def by_name() -> dict[str, Medicine]:
    return {one.name: one for one in all_medicines()}


def begun_in_starter(asked: str) -> list[Near]:
    """The names of the starter list that begin as it was typed."""
    return rank(asked, _starter(), begun)


def misspelled_in_starter(asked: str) -> list[Near]:
    """The names of the starter list that may be meant by a misspelled one."""
    if len(asked) < SHORTEST_FOR_MISSPELLING:
        return []
    return rank(asked, _sharing_letters(asked), slips)


def _sharing_letters(asked: str) -> list[Candidate]:
    """The names that share the most letters with it: only these are compared."""
    shared: Counter[int] = Counter()
    for gram in grams(asked) | grams(sound(asked)):
        shared.update(_places().get(gram, ()))
    listed = _starter()
    return [listed[place] for place, _count in shared.most_common(MOST_COMPARED)]


def gathered(found: Iterable[Near], *, most: int = MOST) -> list[Suggestion]:
    """One suggestion for each medicine; under a brand only if the brand was meant."""
    suggestions: dict[str, Suggestion] = {}
    for far, candidate in found:
        if candidate.generic in suggestions:
            continue
        suggestions[candidate.generic] = Suggestion(
            name=candidate.generic,
            brand=candidate.name if candidate.is_brand else "",
            medicine=by_name().get(candidate.generic),
            is_certain=far == 0,
        )
        if len(suggestions) == most:
            break
    return list(suggestions.values())


def meant_by(name: str) -> list[str]:
    """What a misspelled name may stand for: offered, never checked in its place.

    Nothing for a name that stands in the list as it was typed.
    """
    found = gathered(misspelled_in_starter(key(name_only(name))))
    return [] if any(one.is_certain for one in found) else [one.name for one in found]
