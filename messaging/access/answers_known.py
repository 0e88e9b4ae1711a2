"""What became of an update, as far as a reader may see the answer that says so.

An answer is an item of its own: its author may say of it that it mentions a topic
which is not shared with whoever asked. Then the row of the update is to that reader as
it was before the answer: not decided, and late once its day has passed. Its author
calls, which is safe; a bare "decided" would tell that something is hidden, and reassure
of what nobody told them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from copy import copy
from datetime import datetime

from consents import decisions
from messaging import access
from messaging.access.tellers import as_told, rows_not_told
from messaging.codes import Ask, Plan, RecipientStatus
from messaging.models import Reply, UpdateRecipient


def as_known(
    rows: Iterable[UpdateRecipient], *, user_id: uuid.UUID, at: datetime
) -> list[UpdateRecipient]:
    """The rows, each as this reader may know it; the reader's own as they are.

    As many queries whatever there is.
    """
    readers = access.readers(user_id, at)
    rows = list(rows)
    rows = as_told(rows, rows_not_told(rows, readers))
    replies = Reply.objects.standing().filter(
        update__in={row.update_id for row in rows}
    )
    seen = {
        pk
        for reader, which in readers
        for pk in decisions.permitted(replies.filter(which), reader).values_list(
            "pk", flat=True
        )
    }
    return known_by(rows, user_id=user_id, replies=replies, seen=seen)


def not_known(
    rows: Iterable[UpdateRecipient], *, user_id: uuid.UUID, at: datetime
) -> list[UpdateRecipient]:
    """Those rows, as stored, of whose answer this reader may not know."""
    rows = list(rows)
    known = as_known(rows, user_id=user_id, at=at)
    return [row for row, told in zip(rows, known, strict=True) if told is not row]


def known_by(
    rows: Iterable[UpdateRecipient],
    *,
    user_id: uuid.UUID | None,
    replies: Iterable[Reply],
    seen: Collection[uuid.UUID],
) -> list[UpdateRecipient]:
    """The same where it is known already which of the `replies` the reader may see."""
    by_row: dict[tuple, list[Reply]] = {}
    for reply in replies:
        by_row.setdefault((reply.update_id, reply.author_id), []).append(reply)
    return [
        row
        if row.party.user_id == user_id
        else _known(row, by_row.get((row.update_id, row.party_id), []), seen)
        for row in rows
    ]


def _known(
    row: UpdateRecipient, replies: list[Reply], seen: Collection[uuid.UUID]
) -> UpdateRecipient:
    answers = [each for each in replies if _completes(row, each)]
    if not answers or any(each.pk in seen for each in answers):
        return row
    return _before(row, {each.occurred_at for each in answers})


def _completes(row: UpdateRecipient, reply: Reply) -> bool:
    """Whether it can be what took the row from waiting to answered."""
    taken_on_before = row.plan and row.plan not in (Plan.DECIDED, Plan.SEEN)
    return bool(reply.decision or taken_on_before or row.update.ask == Ask.NOTHING)


def _before(row: UpdateRecipient, answered: set[datetime]) -> UpdateRecipient:
    """A copy as it stood before the answer; never to be saved."""
    known = copy(row)
    seen_by_answer = row.plan == Plan.SEEN and row.acknowledged_at in answered
    by_answer = row.plan == Plan.DECIDED or seen_by_answer
    if by_answer:
        known.plan, known.plan_date = "", None
        known.acknowledged_at = known.acknowledged_by = None
    # Who was asked closes nothing without a plan: that would tell of one.
    closed = row.status == RecipientStatus.CLOSED and by_answer and _by_asked(row)
    if closed:
        known.closed_at = known.closed_by = None
    if closed or row.status == RecipientStatus.REPLIED:
        known.status = (
            RecipientStatus.SENT if by_answer else RecipientStatus.ACKNOWLEDGED
        )
    return known


def _by_asked(row: UpdateRecipient) -> bool:
    return row.closed_by_id is not None and row.closed_by_id == row.party.user_id
