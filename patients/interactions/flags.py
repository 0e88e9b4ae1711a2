"""What goes into a check, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac

from patients.interactions.codes import Kind, Severity


@dataclass(frozen=True)
class Taken:
    """Something taken: a medicine or a substance.

    `key` is what the caller knows it by, and `state` says how it stands now (a
    version): a flag that was set aside comes back when the state is another one.
    """

    key: str
    name: str
    ingredients: frozenset[str]
    state: str = ""
    is_substance: bool = False
    # Of the ingredients, those that stay where they are put: on skin, in eye or ear.
    stays_outside: frozenset[str] = frozenset()
    # Name, brand, form and unit: for notes on one product. Empty: the name is all.
    line: str = ""


@dataclass(frozen=True)
class Stopped(Taken):
    """A medicine that was stopped, so many days ago: it may still be in the body."""

    days_ago: int = 0


@dataclass(frozen=True)
class Intolerance:
    """An allergy or bad reaction, by the words it was entered with."""

    key: str
    name: str
    state: str = ""
    is_mild: bool = False


@dataclass(frozen=True)
class Condition:
    """A diagnosis that holds now, or pregnancy."""

    key: str
    name: str
    state: str = ""


@dataclass(frozen=True)
class Flag:
    """One thing to talk about: how serious, why, what to do, and who says so."""

    rule: str
    kind: Kind
    severity: Severity
    a: Taken
    b: Taken | Intolerance | Condition | None
    sentence: str
    what_to_do: Any
    source: str
    source_date: str
    is_low_value: bool = False

    @property
    def about(self) -> tuple[str, ...]:
        """The keys of what it is about, in one order whatever the list's order."""
        return tuple(sorted(one.key for one in (self.a, self.b) if one))

    @property
    def pair(self) -> tuple[str, tuple[str, ...]]:
        return self.kind, self.about

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in (self.a, self.b) if one)

    @property
    def mark(self) -> str:
        """Of this flag as things stand: after another dose it is another mark.

        It stands in addresses. Of the service's own key: whoever finds one in a log
        does not find names and doses by trying each.
        """
        states = sorted(f"{one.key}@{one.state}" for one in (self.a, self.b) if one)
        said = "|".join([self.kind, str(int(self.severity)), *states])
        return salted_hmac("flags.mark", said, algorithm="sha256").hexdigest()[:32]

    @property
    def source_day(self) -> date:
        return date.fromisoformat(self.source_date)

    @property
    def is_red(self) -> bool:
        return self.severity is Severity.AVOID
