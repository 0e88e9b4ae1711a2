"""Alcohol, cannabis, nicotine and the like: a block and a category of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents.codes import CATEGORIES
from patients.actions.conflict import save_next
from patients.models import Patient, SubstanceUse

CATEGORY = CATEGORIES["substances"]


@dataclass(frozen=True)
class Use:
    """What is taken, how much, how often, in the person's words."""

    substance: str
    name: str = ""
    amount: str = ""
    often: str = ""


@transaction.atomic
def add(
    *, patient: Patient, use: Use, by: User, at: datetime, labels: int = 0
) -> SubstanceUse:
    """A new row. A glass of wine gets no label by itself: it brands nobody."""
    item = SubstanceUse(
        patient=patient,
        categories=CATEGORY,
        labels=labels,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        **vars(use),
    )
    item._history_user, item._history_date = by, at
    item.save()
    return item


@transaction.atomic
def change(
    *, item: SubstanceUse, version: int, use: Use, by: User, at: datetime
) -> SubstanceUse:
    """What is used now. Raises EditConflict."""
    save_next(item, version=version, by=by, at=at, **vars(use))
    return item


@transaction.atomic
def added_by_mistake(
    *, item: SubstanceUse, version: int, by: User, at: datetime
) -> SubstanceUse:
    """Off the block; its history stays. Raises EditConflict."""
    save_next(
        item,
        version=version,
        by=by,
        at=at,
        entered_in_error_at=at,
        entered_in_error_by=by,
    )
    return item
