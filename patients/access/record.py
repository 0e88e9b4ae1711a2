"""Loaders of the record pages: for the patient, and for whoever decides for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from consents import decisions, representing
from consents.access import OpenPatient
from consents.disclosable import Disclosable
from consents.models import ItemDeny
from patients.access.medicines import kept_back
from patients.models import TherapyPhase
from patients.record_nouns import NOUNS, Noun


@dataclass(frozen=True)
class NounRows:
    """The newest items of one kind; `more` if there are others."""

    noun: Noun
    items: list[Disclosable]
    more: bool = False


def load_record(opened: OpenPatient, *, shown: int) -> list[NounRows]:
    """The newest items of every kind that is theirs to keep: one query a kind."""
    nouns = [noun for noun in NOUNS if keeps(opened, noun)]
    opened.require(bool(nouns))
    found = []
    for noun in nouns:
        items = opened.items(_rows(noun), limit=shown + 1)
        found.append(NounRows(noun, items[:shown], len(items) > shown))
    return found


def load_phases(opened: OpenPatient) -> list[TherapyPhase]:
    """What happens in therapy, newest first."""
    rows = TherapyPhase.objects.select_related("author")
    return opened.items(rows.order_by("-starts_date", "-recorded_at", "-pk"))


def keeps(opened: OpenPatient, noun: Noun) -> bool:
    """Whether this person keeps items of this kind.

    A single row is kept by whoever knows that there is no other.
    """
    if noun.single:
        return representing.knows_all(opened, noun.category)
    return opened.decides(noun.category)


def load_page(
    opened: OpenPatient, noun: Noun, *, before: uuid.UUID | None, size: int
) -> tuple[list[Disclosable], uuid.UUID | None]:
    """Items of one kind, newest first, and where the next page begins."""
    opened.require(keeps(opened, noun))
    rows = _rows(noun)
    known = decisions.permitted(rows.filter(pk=before), opened.reader)
    last = known.filter(patient_id=opened.patient.pk).first()
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
    opened.require(keeps(opened, noun))
    return opened.item(_rows(noun), pk)


def load_single(opened: OpenPatient, noun: Noun) -> Disclosable | None:
    """The one row of a kind that has a single row."""
    opened.require(keeps(opened, noun))
    return next(iter(opened.items(_rows(noun), limit=1)), None)


def denies_of(opened: OpenPatient, item: Disclosable) -> list[ItemDeny]:
    """Whom the patient keeps this item from."""
    return kept_back(opened).get(item.lineage, [])


def _rows(noun: Noun) -> QuerySet:
    people = ("author", "patient", "recorded_by")
    return noun.model.objects.select_related(*people).order_by("-occurred_at", "-pk")
