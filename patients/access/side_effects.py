"""Loaders of side effects: with their medicine, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from consents.access import OpenPatient
from patients.models import MedicationStatement, SideEffect, SideEffectMark


@dataclass(frozen=True)
class EffectRow:
    """One side effect and what clinicians made of it, newest first."""

    item: SideEffect
    marks: list[SideEffectMark] = field(default_factory=list)


def load_side_effects(
    opened: OpenPatient, medicines: Collection[uuid.UUID]
) -> list[EffectRow]:
    """Those of medicines that this reader sees: what is over comes last."""
    items = opened.items(
        SideEffect.objects.filter(medicine__in=medicines)
        .select_related("medicine", "recorded_by")
        .order_by("over_date", "-occurred_at", "-pk")
    )
    items.sort(key=lambda item: item.over_date is not None)
    marks = opened.items(
        SideEffectMark.objects.filter(side_effect__in=[item.pk for item in items])
        .select_related("author")
        .order_by("-occurred_at", "-pk")
    )
    return [
        EffectRow(item, [row for row in marks if row.side_effect_id == item.pk])
        for item in items
    ]


def load_side_effect(
    opened: OpenPatient, medicine: MedicationStatement, pk: uuid.UUID
) -> SideEffect:
    """One of this medicine's, or the 404."""
    rows = SideEffect.objects.filter(medicine=medicine)
    return opened.item(rows.select_related("medicine", "patient"), pk)
