"""Who may tell a reader what they did with an update: that they opened it, their plan.

That is disclosed by whoever did it, as an answer is by who wrote it. Where a permission
names who alone may tell, the rule is asked as if they had written the update; to whom
they may not tell, the row is as it was when it was sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from copy import copy

from django.db.models import F, Q

from consents import decisions
from consents.access import OpenPatient
from consents.models import Consent
from consents.readers import Guest, Reader
from messaging import access
from messaging.codes import RecipientStatus
from messaging.models import Update, UpdateRecipient

Readers = Sequence[tuple[Reader | Guest, Q]]
# What the rule asks of an item, as the row has it: by whom it would be told is `party`.
AS_IF_WRITTEN = {
    name: F(f"update__{name}")
    for name in ("patient_id", "categories", "labels", "lineage", "occurred_at")
} | {"author_id": F("party_id")}


def as_told(
    rows: Iterable[UpdateRecipient], not_told: Collection[uuid.UUID]
) -> list[UpdateRecipient]:
    """The rows; as they were sent, those of whom this reader is told nothing."""
    return [_as_sent(row) if row.pk in not_told else row for row in rows]


def readers_of(opened: OpenPatient) -> Readers:
    """Whoever opened the record, for each purpose of what they read there."""
    return [(door.reader, which) for door, which in access.doors(opened)]


def passed_on_by_told(
    rows: Iterable[UpdateRecipient], own_row: UpdateRecipient | None
) -> list[UpdateRecipient]:
    """Without those to whom it was passed on by who may not tell this reader of it."""
    rows = list(rows)
    passed_to = {row.passed_to_id for row in rows}
    return [
        row
        for row in rows
        if not row.passed_on or row == own_row or row.party_id in passed_to
    ]


def rows_not_told(rows: Iterable[UpdateRecipient], readers: Readers) -> set[uuid.UUID]:
    """The rows whose recipient is none of those who may tell this reader.

    Where every permission of the reader is for anybody's words, the answer is known.
    """
    by_patient: dict[uuid.UUID, set[uuid.UUID]] = {}
    # A guest has no sign-in, and no row of their own.
    me = getattr(readers[0][0], "user_id", None)
    for row in rows:
        if me is None or row.party.user_id != me:
            by_patient.setdefault(row.update.patient_id, set()).add(row.pk)
    asked = {
        pk
        for patient_id in _limited(by_patient, readers)
        for pk in by_patient[patient_id]
    }
    if not asked:
        return asked
    items = UpdateRecipient.objects.filter(pk__in=asked).annotate(**AS_IF_WRITTEN)
    told = {
        pk
        for reader, which in readers
        for pk in items.filter(which, decisions.rule(Update, reader)).values_list(
            "pk", flat=True
        )
    }
    return asked - told


def _limited(patients: Iterable[uuid.UUID], readers: Readers) -> set[uuid.UUID]:
    """Of whose record somebody may be told by certain people only."""
    reader = readers[0][0]
    permits = Consent.objects.in_force(reader.at).permits()
    limited = permits.filter(
        decisions.is_for(reader, field="recipient"),
        patient_id__in=list(patients),
        any_discloser=False,
    )
    return set(limited.values_list("patient_id", flat=True))


def _as_sent(row: UpdateRecipient) -> UpdateRecipient:
    """A copy without what its recipient did; never to be saved."""
    known = copy(row)
    known._state.fields_cache["opening"] = None
    known.plan, known.plan_date, known.passed_to = "", None, None
    known.acknowledged_at = known.acknowledged_by = None
    if row.status == RecipientStatus.HELD:
        return known
    by_author = row.closed_at and row.closed_by_id != row.party.user_id
    if not by_author:
        known.closed_at = known.closed_by = None
        known.status = RecipientStatus.SENT
    return known
