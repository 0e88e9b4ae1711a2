"""Loaders of the record pages. All of them for the patient alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from consents.access import OpenPatient
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from patients.access.medicines import kept_back
from patients.record_nouns import NOUNS, Noun


@dataclass(frozen=True)
class NounRows:
    """The newest items of one kind; `more` if there are others."""

    noun: Noun
    items: list[Disclosable]
    more: bool = False


def load_record(opened: OpenPatient, *, shown: int) -> list[NounRows]:
    """The newest items of every kind: one query a kind."""
    opened.require(opened.is_patient)
    found = []
    for noun in NOUNS:
        items = opened.items(_rows(noun), limit=shown + 1)
        found.append(NounRows(noun, items[:shown], len(items) > shown))
    return found


def load_page(
    opened: OpenPatient, noun: Noun, *, before: uuid.UUID | None, size: int
) -> tuple[list[Disclosable], uuid.UUID | None]:
    """Items of one kind, newest first, and where the next page begins."""
    opened.require(opened.is_patient)
    rows = _rows(noun)
    last = rows.filter(patient_id=opened.patient.pk, pk=before).first()
    if last:
        rows = rows.filter(
            Q(occurred_at__lt=last.occurred_at)
            | Q(occurred_at=last.occurred_at, pk__lt=last.pk)
        )
    items = opened.items(rows, limit=size + 1)
    more = items[size - 1].pk if len(items) > size else None
    return items[:size], more


def load_item(opened: OpenPatient, noun: Noun, pk: uuid.UUID) -> Disclosable:
    """One item of the patient, or the 404."""
    opened.require(opened.is_patient)
    return opened.item(_rows(noun), pk)


def load_single(opened: OpenPatient, noun: Noun) -> Disclosable | None:
    """The one row of a kind that has a single row."""
    opened.require(opened.is_patient)
    return next(iter(opened.items(_rows(noun), limit=1)), None)


def denies_of(opened: OpenPatient, item: Disclosable) -> list[ItemDeny]:
    """Whom the patient keeps this item from."""
    return kept_back(opened).get(item.lineage, [])


def _rows(noun: Noun) -> QuerySet:
    return noun.model.objects.select_related("author", "patient").order_by(
        "-occurred_at", "-pk"
    )
