"""What waits for the privacy officer: sections, each handed in by whoever has one.

    office.register(Section(key="reports", order=10, heading=..., empty=..., lines=...))

An app hands its sections in from the module of its addresses. A line holds metadata
only: who, when, which state. Never what a record says (DESIGN 2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import get_resolver

if TYPE_CHECKING:
    from carecoord.models import User
    from consents.access.reading import Reading

# Lines of one section on the first page; the rest is behind its own address.
MOST_LINES = 10


@dataclass(frozen=True)
class Office:
    """The privacy officer at work: who it is, and the instant of this reading."""

    user: User
    reading: Reading

    @property
    def at(self) -> datetime:
        return self.reading.at


@dataclass(frozen=True)
class Line:
    """One thing to do or to know. `note` is its day or state, in words."""

    text: str
    href: str = ""
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Section:
    """One heading of the first page. `lines` gives the most urgent ones first.

    `more` is the name of the address that lists all of them.
    """

    key: str
    order: int
    heading: Any
    empty: Any
    lines: Callable[[Office], list[Line]]
    more: str = ""
    more_text: Any = ""


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Adds a section. Raises ValueError when another one has its key."""
    if _sections.setdefault(section.key, section) is not section:
        raise ValueError(f"{section.key} is registered twice.")


def sections() -> list[Section]:
    """Every section, in order."""
    get_resolver().url_patterns  # noqa: B018  each app's addresses bring its sections
    return sorted(_sections.values(), key=lambda each: (each.order, each.key))
