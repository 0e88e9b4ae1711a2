"""What the app of updates brings to the pages about a patient.

`patients` may not import `messaging` (ADR 6), but a chart without what is asked and
what was told is no chart. So `messaging` hands one loader in when it starts, and the
home, the chart and the summary ask here. Why a loader and not a signal: ADR 8.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from consents.access import OpenPatient
from patients.codes import Measure


@dataclass(frozen=True)
class Told:
    """One update in two lines. `href` leads to the whole of it.

    `pressing`: that it was not sent, or is late, in words; such a one never folds.
    """

    title: str
    at: datetime
    who: str
    href: str
    pressing: str = ""


@dataclass(frozen=True)
class Counted:
    """A value of a measure, wherever it was written down."""

    measure: Measure
    value: Decimal
    at: datetime
    note: str = ""
    id: uuid.UUID | None = None
    part2_origin: bool = False


@dataclass(frozen=True)
class SafetyAnswer:
    """The newest answer to the question about suicidal thoughts, as it was given."""

    answer: str
    at: datetime
    who: str
    id: uuid.UUID
    part2_origin: bool = False


@dataclass(frozen=True)
class Conversation:
    """What this reader may see of the updates: newest first, each permitted whole."""

    asked: tuple[Told, ...] = ()
    updates: tuple[Told, ...] = ()
    numbers: tuple[Counted, ...] = ()
    safety: SafetyAnswer | None = None


Loader = Callable[[OpenPatient], Conversation]
_loaders: list[Loader] = []


def provide(loader: Loader) -> None:
    """Called once, when the app of updates starts."""
    if loader not in _loaders:
        _loaders.append(loader)


def conversation(opened: OpenPatient) -> Conversation:
    """Read as this reader may, with its disclosure; empty without that app."""
    for loader in _loaders:
        return loader(opened)
    return Conversation()
