"""By when an answer is due, and since when it is late. Late is computed, not stored.

A working day is Monday to Friday; public holidays differ by place and are not known
here. A day is over at midnight of whoever wrote the date.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from carecoord import zones
from messaging.codes import Plan, RecipientStatus, Urgency

if TYPE_CHECKING:
    from messaging.models import Update, UpdateRecipient

SATURDAY = 5
WORKING_DAYS: dict[str, int] = {Urgency.TODAY: 0, Urgency.TWO_DAYS: 2}
# A plan that names a day, and is finished by an answer.
PROMISES = frozenset({Plan.CALL_BY, Plan.DECIDE_AT})


def working_days_after(day: date, count: int) -> date:
    """The day that is `count` working days after `day`; `day` itself for none."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day


def proposed_date(urgency: str, *, today: date) -> date | None:
    """By when, from how soon; nothing for what names no day ("before next visit")."""
    count = WORKING_DAYS.get(urgency)
    return None if count is None else working_days_after(today, count)


def overdue_since(row: UpdateRecipient, update: Update, *, at: datetime) -> date | None:
    """The day that has passed without an answer, or nothing.

    Asked and not taken on: the author's day. Taken on with a day and not answered:
    the day that the recipient named.
    """
    if row.status == RecipientStatus.SENT:
        return _passed(update.answer_by_date, update.recorded_by.time_zone, at)
    promised = row.status == RecipientStatus.ACKNOWLEDGED and row.plan in PROMISES
    if promised and row.acknowledged_by:
        return _passed(row.plan_date, row.acknowledged_by.time_zone, at)
    return None


def _passed(day: date | None, zone: str, at: datetime) -> date | None:
    return day if day and zones.today(at, zone) > day else None
