"""What medicines ask to be measured, and when: read from files, computed, not stored.

It helps to remember. It decides no treatment, and has no ranges of its own.
"""

from patients.monitoring.due import (
    RECENT_ENOUGH,
    SOON,
    Due,
    State,
    Used,
    due_of,
)
from patients.monitoring.rules import (
    BadSchedule,
    Schedule,
    Span,
    Test,
    book,
    test_by_mark,
)

__all__ = [
    "RECENT_ENOUGH",
    "SOON",
    "BadSchedule",
    "Due",
    "Schedule",
    "Span",
    "State",
    "Test",
    "Used",
    "book",
    "due_of",
    "test_by_mark",
]
