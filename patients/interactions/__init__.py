"""What goes badly together: a check over a list, for a conversation.

Pure functions over names and ingredients; nothing here knows a database, a reader or
a consent. Whoever calls passes only what the reader may see, and so the answer can't
tell of anything else. The rules are the readable files in `rules/`.
"""

from patients.interactions.checking import check
from patients.interactions.codes import CAVEAT, Kind, Severity
from patients.interactions.flags import Condition, Flag, Intolerance, Stopped, Taken
from patients.interactions.knowledge import knowledge
from patients.interactions.naming import (
    ingredients_of,
    is_recognised,
    is_substance,
    stays_outside,
)


def longest_gap() -> int:
    """For how many days what was stopped may still matter."""
    return knowledge().longest_gap


__all__ = [
    "CAVEAT",
    "Condition",
    "Flag",
    "Intolerance",
    "Kind",
    "Severity",
    "Stopped",
    "Taken",
    "check",
    "ingredients_of",
    "is_recognised",
    "is_substance",
    "stays_outside",
    "longest_gap",
]
