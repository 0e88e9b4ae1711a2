"""Versions of an item: the only way to read a history table."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

from consents import decisions
from consents.access import OpenPatient
from consents.disclosable import Disclosable

Item = TypeVar("Item", bound=Disclosable)


def open_history(
    opened: OpenPatient, model: type[Item], pk: uuid.UUID
) -> tuple[Item, list[Model]]:
    """An item and those of its versions that may be seen, newest first; else 404.

    Decided twice: on the live item (a label raised later hides old versions too) and
    on each version's own labels. The only way to read a history table.
    """
    rows: QuerySet[Item] = QuerySet(model)
    item = opened.item(rows, pk)
    versions = decisions.permitted(
        model.history.model._default_manager.filter(
            id=pk, patient_id=opened.patient.pk
        ),
        opened.reader,
    )
    return item, list(
        versions.select_related("history_user").order_by("-history_date", "-history_id")
    )


def saved_at(opened: OpenPatient, item: Disclosable) -> datetime | None:
    """When the newest version of a line was saved, for whoever keeps the list."""
    opened.require(opened.decides("medications"))
    opened.require(item.patient_id == opened.patient.pk)
    return item.history.values_list("history_date", flat=True).first()
