"""What a correction does to the version before it, and who gets it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from messaging.codes import RecipientStatus
from messaging.models import Update
from providers.models import Party


def with_earlier(recipients: list[Party], corrects: Update | None) -> list[Party]:
    """Whoever had the version before must learn that it was corrected."""
    chosen = {party.pk: party for party in recipients}
    if corrects:
        earlier = corrects.recipients.select_related("party__user")
        chosen |= {row.party_id: row.party for row in earlier}
    return list(chosen.values())


def passed_on(corrects: Update | None) -> set[uuid.UUID]:
    """Who has the version before from somebody else than its author."""
    if corrects is None:
        return set()
    rows = corrects.recipients.filter(passed_on=True)
    return set(rows.values_list("party_id", flat=True))


@transaction.atomic
def close(*, corrects: Update | None, by: User, at: datetime) -> None:
    """The version before asks for nothing any more; what is held stays held."""
    if corrects is None:
        return
    done = (RecipientStatus.HELD, RecipientStatus.CLOSED)
    for row in corrects.recipients.exclude(status__in=done):
        row.status = RecipientStatus.CLOSED
        row.closed_at, row.closed_by = at, by
        row._history_user = by
        row.save(update_fields=["status", "closed_at", "closed_by"])
