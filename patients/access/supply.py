"""What is left of each medicine, who refills it, and the pharmacy.

A count is the patient's, and as visible as its medicine. The pharmacy is one of the
contacts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from consents.access import OpenPatient
from patients.models import DailyLife, MedicationStatement, SupplyCount, TimelineEvent


def load_counts(
    opened: OpenPatient, medicines: Iterable[MedicationStatement]
) -> dict[uuid.UUID, SupplyCount]:
    """The newest count of each of these medicines that this reader may see."""
    rows = SupplyCount.objects.filter(medicine__in=[item.pk for item in medicines])
    found: dict[uuid.UUID, SupplyCount] = {}
    for row in opened.items(rows.order_by("-counted_date", "-recorded_at", "-pk")):
        found.setdefault(row.medicine_id, row)
    return found


def load_pharmacy(opened: OpenPatient) -> str:
    rows = opened.items(DailyLife.objects.all())
    return rows[0].pharmacy if rows else ""


def load_told(opened: OpenPatient, pk: uuid.UUID) -> TimelineEvent:
    """One's own event that is not taken back, or the 404."""
    opened.require(opened.decides("medications"))
    return opened.item(
        TimelineEvent.objects.filter(
            cancelled_at=None, recorded_by=opened.reading.user
        ).select_related("patient"),
        pk,
    )
