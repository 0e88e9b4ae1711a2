"""Lists to check, from names."""

from __future__ import annotations

from patients import interactions
from patients.interactions import Condition, Flag, Intolerance, Severity
from patients.management.commands.interactions import taken_of

RED = Severity.AVOID


def flags(*names: str, allergies=(), conditions=()) -> list[Flag]:
    """The flags of a list of names, without the notes on single medicines."""
    return [
        flag
        for flag in interactions.check(
            taken_of(list(names)),
            intolerant=[Intolerance(f"a{n}", name) for n, name in enumerate(allergies)],
            conditions=[Condition(f"c{n}", name) for n, name in enumerate(conditions)],
        )
        if flag.kind != "boxed"
    ]


def worst(*names: str, **other) -> str:
    """The most serious severity, by its code's name; empty where there is no flag."""
    found = flags(*names, **other)
    return found[0].severity.name.lower() if found else ""
