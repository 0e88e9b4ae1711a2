"""What follows an item by more than its lineage, once the item is given back.

The apps above hand in what they know: `following.register(rule)`, in their AppConfig.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from carecoord.models import User
    from patients.models import Patient


class Rule(Protocol):
    """Puts right what follows items of this patient. Inside atomic() only."""

    def __call__(self, *, patient: Patient, by: User, at: datetime) -> None: ...


_RULES: list[Rule] = []


def register(rule: Rule) -> None:
    if rule not in _RULES:
        _RULES.append(rule)


def put_right(*, patient: Patient, by: User, at: datetime) -> None:
    for rule in _RULES:
        rule(patient=patient, by=by, at=at)
