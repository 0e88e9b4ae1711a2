"""What a correction does to the version before it, and who gets it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from carecoord.models import User
from consents import gate
from messaging.access.answers_known import not_known
from messaging.codes import RecipientStatus
from messaging.models import Update
from messaging.querysets import closed_by_asked
from patients.actions.labels import set_labels
from patients.codes import CONVERSATION
from patients.models import TimelineEvent
from providers.models import Party


def make_version_of(corrects: Update | None, update: Update) -> None:
    """Not saved yet: "only me" on one version is about all of them, and so is the day.

    A permission for items from a day on opens no correction of what is older (ADR 14).
    """
    if corrects:
        update.lineage, update.occurred_at = corrects.lineage, corrects.occurred_at


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


def same_people(recipients: list[Party], sent: Update) -> bool:
    """Whether it was sent to these. Nothing here tells who passed it on."""
    asked = {party.pk for party in with_earlier(recipients, sent.corrects)}
    earlier = passed_on(sent.corrects)
    rows = sent.recipients.filter(Q(passed_on=False) | Q(party__in=earlier))
    return asked == set(rows.values_list("party_id", flat=True))


@transaction.atomic
def mark_earlier(
    *, corrects: Update | None, labels: int, categories: int, by: User, at: datetime
) -> None:
    """Who may not read the correction reads the versions before it no more (ADR 14).

    What was wrong would stand there as if it still held. To them it is as if the
    patient had kept it back: with all that was told of it, and no word of a correction.
    """
    if corrects is None:
        return
    if labels & ~corrects.labels:
        set_labels(item=corrects, labels=labels | corrects.labels, by=by, at=at)
    if categories & ~corrects.categories:
        # Whoever reads no such kind has the version before on the screen (T23).
        gate.bump(corrects.patient_id)
    same = {"patient_id": corrects.patient_id, "lineage": corrects.lineage}
    told = TimelineEvent.objects.filter(**same, kind__in=CONVERSATION)
    for item in (*Update.objects.filter(**same), *told):
        if categories & ~item.categories:
            item.categories |= categories
            item._history_user = by
            item.save(update_fields=["categories"])
    corrects.refresh_from_db(fields=["labels", "categories"])


@transaction.atomic
def close(*, corrects: Update | None, by: User, at: datetime) -> None:
    """The version before asks for nothing any more; what is held stays held."""
    if corrects is None:
        return
    done = (RecipientStatus.HELD, RecipientStatus.CLOSED)
    rows = corrects.recipients.select_related("party", "update")
    # Also what somebody closed for themselves, where its author may not know of it.
    closed = not_known(rows.filter(closed_by_asked()), user_id=by.pk, at=at)
    for row in [*rows.exclude(status__in=done), *closed]:
        row.status = RecipientStatus.CLOSED
        row.closed_at, row.closed_by = at, by
        row._history_user = by
        row.save(update_fields=["status", "closed_at", "closed_by"])
