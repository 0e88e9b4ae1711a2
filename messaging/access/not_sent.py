"""For whom an own update waits, as far as its author may know: wherever they look.

Those whom the author wrote to; and, of a correction, whom somebody else passed the
version before on to: they go on by what was wrong. To whom it was passed on is a
receipt, so it is said only to an author whom a consent covers as a reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from consents.access import OpenPatient
from messaging.access.receipts import with_receipts
from messaging.access.updates import ROWS
from messaging.codes import RecipientStatus
from messaging.models import Update, UpdateRecipient

WRITTEN_TO = Q(passed_on=False)
CORRECTED = Q(passed_on=True, update__corrects__isnull=False)


def unsent_of_own(opened: OpenPatient, updates: Iterable[Update]) -> set[uuid.UUID]:
    """Which of these are the reader's own and wait for somebody."""
    own = [each.pk for each in updates if each.author_id == opened.party_id]
    if opened.party_id is None or opened.reading.user_id is None:
        return set()
    return set(held_of_own(own, user_id=opened.reading.user_id, at=opened.at))


def held_of_own(
    update_ids: Iterable[uuid.UUID], *, user_id: uuid.UUID, at: datetime
) -> dict[uuid.UUID, list[UpdateRecipient]]:
    """The rows that wait, by own update; as many queries whatever there is."""
    ids = list(update_ids)
    rows = ROWS.filter(
        WRITTEN_TO | CORRECTED, update__in=ids, status=RecipientStatus.HELD
    )
    rows = rows.order_by("party__name", "pk")
    known = with_receipts(rows, user_id=user_id, at=at)
    found: dict[uuid.UUID, list[UpdateRecipient]] = {}
    for row in rows:
        if not row.passed_on or row.pk in known:
            found.setdefault(row.update_id, []).append(row)
    return found
