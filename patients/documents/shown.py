"""Which of the rows of a reader stand on the sheet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from patients import change_windows
from patients.access.chart import ChartRows
from patients.models import MedicineChange, TimelineEvent
from patients.one_page import Line

# As many lines as a sheet may carry of one section (one_page.bounds.MAX_LINES).
MOST_LINES = 40


def open_windows(
    events: Iterable[TimelineEvent], *, on: date
) -> dict[uuid.UUID, MedicineChange]:
    """By event, the changes to be watched on a day.

    Of each medicine the newest: it ended the windows before it.
    """
    found = [getattr(event, "medicine_change", None) for event in events]
    changes = [one for one in found if one is not None and one.entry_id is None]
    return {
        one.event_id: one
        for one in change_windows.newest(changes)
        if one.watch_until_date and one.watch_until_date >= on
    }


def most(items: tuple[Line, ...]) -> tuple[Line, ...]:
    """The first forty lines, and every dangerous one beyond them."""
    later = (line for line in items[MOST_LINES:] if line.dangerous)
    dangerous = tuple(later)
    return items[: MOST_LINES - len(dangerous)] + dangerous


def every_row(rows: ChartRows) -> Iterable[object]:
    yield from (*rows.medicines.current, *rows.medicines.entries)
    yield from (*rows.allergies.items, *rows.substances, *rows.changes, *rows.trials)
    yield from (*rows.treatments, *rows.conditions, *rows.stays, *rows.symptoms)
    yield from (*rows.goals, *rows.decisions, *rows.contacts)
    yield from (value for values in rows.numbers.values() for value in values)
    yield from (rows.daily_life, rows.conversation.safety)
