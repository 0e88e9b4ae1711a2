"""What messaging shows to one person, with its disclosure.

An update by a colleague is read for treatment, one from another organization for
care coordination: the purpose follows from who wrote it, never from the client. What
stands in the chart is read for treatment whoever wrote it, and so is the news of it:
coordination opens no chart, and names nothing of one. The rule itself stays the one of
consents/decisions.py.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from consents import decisions
from consents.access import OpenPatient, open_for, open_patient, open_to_try
from consents.codes import Relation
from consents.decisions import Reader
from consents.disclosable import Disclosable
from consents.querysets import by_colleagues
from messaging.models import Update
from patients.codes import CONVERSATION
from patients.models import TimelineEvent
from providers.querysets import colleagues_of

__all__ = ["OpenPatient", "open_for", "open_patient", "open_to_try"]

WITHIN, BETWEEN = "TREAT", "COC"


Item = TypeVar("Item", bound=Disclosable)


def purpose_between(user_id: uuid.UUID | None, party_id: uuid.UUID | None) -> str:
    """For what this user and a clinician disclose to each other."""
    if user_id is None or party_id is None:
        return BETWEEN
    together = colleagues_of(user_id).filter(practitioner_id=party_id).exists()
    return WITHIN if together else BETWEEN


def doors(opened: OpenPatient) -> list[tuple[OpenPatient, Q]]:
    """The patient as opened for each purpose, with the items that it is for."""
    if opened.relation != Relation.CLINICIAN:
        return [(opened, Q())]
    near = by_colleagues(opened.reading.user.pk)
    return [
        (replace(opened, purpose=WITHIN), near),
        (replace(opened, purpose=BETWEEN), ~near),
    ]


def items(opened: OpenPatient, queryset: QuerySet[Item]) -> list[Item]:
    """The permitted items, each for its own purpose, their disclosure queued."""
    return [
        item
        for door, which in doors(opened)
        for item in door.items(queryset.filter(which))
    ]


def item(opened: OpenPatient, queryset: QuerySet[Item], pk: uuid.UUID) -> Item:
    """One permitted item, or the 404."""
    found = items(opened, queryset.filter(pk=pk))
    if not found:
        opened.refuse()
    return found[0]


def newest(opened: OpenPatient, queryset: QuerySet, *, limit: int) -> list[tuple]:
    """(occurred_at, id) of the newest permitted items: ids first, bodies late."""
    rows: list[tuple] = []
    for door, which in doors(opened):
        found = decisions.permitted(
            queryset.filter(
                which, patient_id=opened.patient.pk, entered_in_error_at=None
            ),
            door.reader,
        )
        newest_first = found.order_by("-occurred_at", "-pk")
        rows += newest_first.values_list("occurred_at", "pk")[:limit]
    return sorted(rows, reverse=True)[:limit]


def purpose_of_event(user_id: uuid.UUID, event: TimelineEvent) -> str:
    """For what a clinician is told of an event; `event_readers` is the same of many."""
    if event.kind in CONVERSATION:
        return purpose_between(user_id, event.author_id)
    return WITHIN


def event_readers(user_id: uuid.UUID, at) -> list[tuple[Reader, Q]]:
    """As `readers`, for timeline events: what is not an update stands in the chart."""
    between = Q(kind__in=CONVERSATION) & ~by_colleagues(user_id)
    leads = leads_to_update(user_id, at)
    return [
        (Reader(user_id=user_id, purpose=WITHIN, at=at), ~between & leads),
        (Reader(user_id=user_id, purpose=BETWEEN, at=at), between & leads),
    ]


def leads_to_update(user_id: uuid.UUID, at) -> Q:
    """Of the news of an update, what this clinician could open with it (ADR 13).

    An answer is newer than what it answers, by another hand, and of fewer kinds: its
    reader may not be one of the update any more.
    """
    found = ~Q(kind__in=CONVERSATION)
    for reader, which in readers(user_id, at):
        update = Update.objects.standing().filter(which, pk=OuterRef("about"))
        found |= Q(Exists(decisions.permitted(update, reader)))
    return found


def readers(user_id: uuid.UUID, at) -> list[tuple[Reader, Q]]:
    """As `doors`, for lists across patients."""
    near = by_colleagues(user_id)
    return [
        (Reader(user_id=user_id, purpose=WITHIN, at=at), near),
        (Reader(user_id=user_id, purpose=BETWEEN, at=at), ~near),
    ]
