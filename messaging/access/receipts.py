"""What became of an update, for whoever wrote it or has it: asked, and told to the log.

An author keeps the own text, without receipts (DESIGN 2). Whether a consent covers the
author as a reader too is asked of the event of sending: it has the same categories,
labels and lineage, and nobody keeps it as own text.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from consents import decisions
from consents.access import Reading
from consents.codes import Relation
from consents.decisions import Reader
from messaging import access
from messaging.models import UpdateRecipient
from patients.codes import EventKind
from patients.models import TimelineEvent
from providers.querysets import colleagues_of


def with_receipts(
    rows: Iterable[UpdateRecipient], *, user_id: uuid.UUID, at: datetime
) -> set[uuid.UUID]:
    """Of which rows, of own updates or one's own, this person may know what became.

    For the purpose of today: whoever worked in one place when it was sent may not
    work there any more. As many queries whatever there is.
    """
    purposes = _purposes(rows, user_id)
    covered = receipts_of(user_id, [row.update_id for row in purposes], at)
    return {
        row.pk
        for row, purpose in purposes.items()
        if (purpose, row.update_id) in covered
    }


def note_receipts(reading: Reading, rows: Iterable[UpdateRecipient]) -> None:
    """Queues the events on which these receipts rest: an open tab asks about them."""
    rested: dict[tuple[str, uuid.UUID | None], set[uuid.UUID]] = {}
    for row, purpose in _purposes(rows, reading.user.pk).items():
        party = row.party_id if _is_own(row, reading.user.pk) else row.update.author_id
        rested.setdefault((purpose, party), set()).add(row.update_id)
    for (purpose, party), update_ids in rested.items():
        events = decisions.with_basis(_sendings(update_ids), reading.reader(purpose))
        reading.shown(
            list(events),
            relation=Relation.CLINICIAN,
            purpose=purpose,
            recipient_id=party,
        )


def _purposes(
    rows: Iterable[UpdateRecipient], user_id: uuid.UUID
) -> dict[UpdateRecipient, str]:
    """For what this person and the other one of each row tell each other today."""
    others = {row: other_side(row, user_id) for row in rows}
    near = set(
        colleagues_of(user_id)
        .filter(practitioner_id__in=set(others.values()))
        .values_list("practitioner_id", flat=True)
    )
    return {row: _purpose(other in near) for row, other in others.items()}


def _purpose(is_near: bool) -> str:
    return access.WITHIN if is_near else access.BETWEEN


def other_side(row: UpdateRecipient, user_id: uuid.UUID) -> uuid.UUID | None:
    """With whom of the two this person shares it: a party's id."""
    return row.update.author_id if _is_own(row, user_id) else row.party_id


def _is_own(row: UpdateRecipient, user_id: uuid.UUID) -> bool:
    return row.party.user_id == user_id


def receipts_of(
    user_id: uuid.UUID, update_ids: Iterable[uuid.UUID], at: datetime
) -> set[tuple[str, uuid.UUID]]:
    """(purpose, update) for which a consent covers this author as a reader."""
    events = _sendings(update_ids)
    return {
        (purpose, about)
        for purpose in (access.WITHIN, access.BETWEEN)
        for about in decisions.permitted(
            events, Reader(user_id=user_id, purpose=purpose, at=at)
        ).values_list("about", flat=True)
    }


def _sendings(update_ids: Iterable[uuid.UUID]) -> QuerySet[TimelineEvent]:
    return TimelineEvent.objects.filter(
        kind=EventKind.UPDATE_SENT, about__in=list(update_ids)
    )
