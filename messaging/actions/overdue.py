"""Tells both sides of a late answer: found in the rows, by the day (messaging/due.py).

Also of one that was answered, where whoever asked may not know of the answer.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from carecoord import zones
from consents import gate
from messaging import due, routing, waiting
from messaging.access.answers_known import not_known
from messaging.actions.notices import tell
from messaging.codes import NoticeKind, RecipientStatus
from messaging.models import UpdateRecipient

ANSWERED = (
    RecipientStatus.ACKNOWLEDGED,
    RecipientStatus.REPLIED,
    RecipientStatus.CLOSED,
)


def remind_of_overdue(*, at: datetime) -> int:
    """Tells both sides of a late answer, once on each of their days."""
    rows = list(waiting.maybe_overdue(at))
    late = [row for row in rows if due.overdue_since(row, row.update, at=at)]
    late += [row for row in _answered_unknown(rows, at) if row not in late]
    for row in late:
        _tell_late(row, at=at)
    return len(late)


def _answered_unknown(rows: list[UpdateRecipient], at: datetime) -> list:
    """Answered, but not to its author: as many queries as there are authors."""
    of_author: dict[uuid.UUID, list[UpdateRecipient]] = {}
    for row in rows:
        if row.status in ANSWERED and row.update.author and row.update.author.user_id:
            of_author.setdefault(row.update.author.user_id, []).append(row)
    return [
        row
        for user_id, theirs in of_author.items()
        for row in not_known(theirs, user_id=user_id, at=at)
    ]


@transaction.atomic
def _tell_late(row: UpdateRecipient, *, at: datetime) -> None:
    patient_id = row.update.patient_id
    gate.share(patient_id)
    author = row.update.author
    for user in (row.party.user, author.user if author else None):
        if user is None or not routing.is_late_to(user.pk, row, at=at):
            continue
        tell(
            kind=NoticeKind.OVERDUE,
            user_id=user.pk,
            patient_id=patient_id,
            event=_of_day(row.pk, zones.today(at, user.time_zone)),
            about=row.pk,
            at=at,
        )


def _of_day(pk: uuid.UUID, day: date) -> uuid.UUID:
    return uuid.uuid5(pk, f"overdue {day.isoformat()}")
