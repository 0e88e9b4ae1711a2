"""Which mails left because of a record: handed in by the app that writes them.

`consents` may not import `messaging` (ADR 6), and the patient's list of who looked
names mails as well. The same way as patients/conversation.py (ADR 8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consents.access.patient import OpenPatient


@dataclass(frozen=True)
class Mailed:
    """One mail without content: when, and to whom."""

    at: datetime
    name: str


Loader = Callable[["OpenPatient", datetime | None, int], list[Mailed]]
_loaders: list[Loader] = []


def register(loader: Loader) -> None:
    """Adds one way of writing mails. Called when an app starts."""
    if loader not in _loaders:
        _loaders.append(loader)


def mailed(opened: OpenPatient, *, before: datetime | None, limit: int) -> list[Mailed]:
    """Mails about this record, newest first."""
    found = [row for loader in _loaders for row in loader(opened, before, limit)]
    return sorted(found, key=lambda row: row.at, reverse=True)[:limit]
