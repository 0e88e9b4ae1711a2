"""What an item says, in plain lines, for a reader who gets single items.

Apps above hand in the words of their models (`provide`); what nobody describes is said
by its kind alone, and cannot be picked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Described:
    """A title, and the item in full."""

    title: str
    lines: tuple[str, ...]

    @property
    def whole(self) -> str:
        """In one piece, never shortened: for whoever chooses among many."""
        return ". ".join([self.title, *(line.rstrip(".") for line in self.lines)])


Describe = Callable[[Any, str], Described]
_known: dict[str, Describe] = {}


def provide(label: str, describe: Describe) -> None:
    """Called once for a model ("patients.condition"), when its app starts."""
    _known[label] = describe


def labels() -> list[str]:
    """The models that can be described, in the order they were handed in."""
    return list(_known)


def describe(item, zone: str) -> Described:
    """The item in words; days in `zone`. Raises KeyError for an unknown model."""
    return _known[item._meta.label_lower](item, zone)
