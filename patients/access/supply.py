"""What is left of each medicine, who refills it, and the pharmacy.

A count is the patient's, and as visible as its medicine. The pharmacy is one of the
contacts.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from carecoord import zones
from consents.access import OpenPatient
from patients import missed_doses
from patients.codes import EventKind, MedicineStatus
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


# "I ran out" is of the days before the next box; later nobody knows what is left.
OUT_STANDS = timedelta(days=7)


def load_left(
    opened: OpenPatient, medicines: Iterable[MedicationStatement]
) -> dict[uuid.UUID, SupplyCount]:
    """For whoever keeps the list: the counts, none of them older than "I ran out".

    What was said to have run out has none left since that day, until it is counted
    again.
    """
    items = {item.pk: item for item in medicines}
    counts = load_counts(opened, items.values())
    today = zones.today(opened.at, opened.patient.time_zone)
    for pk, event in _ran_out(opened, items).items():
        counted = counts.get(pk)
        if counted and counted.recorded_at > event.recorded_at:
            continue
        counts.pop(pk, None)
        if event.happened_date and event.happened_date > today - OUT_STANDS:
            counts[pk] = SupplyCount(
                medicine=items[pk],
                left=Decimal(0),
                counted_date=event.happened_date,
                refills_left=counted.refills_left if counted else None,
                refilled_by=counted.refilled_by if counted else "",
            )
    return counts


def _ran_out(
    opened: OpenPatient, pks: Iterable[uuid.UUID]
) -> dict[uuid.UUID, TimelineEvent]:
    """The newest word of each that was not taken back."""
    rows = TimelineEvent.objects.filter(
        kind=EventKind.RAN_OUT, about__in=list(pks), cancelled_at=None
    )
    found: dict[uuid.UUID, TimelineEvent] = {}
    for row in opened.items(rows.order_by("-recorded_at", "-pk")):
        if row.about:
            found.setdefault(row.about, row)
    return found


def load_missed(opened: OpenPatient) -> list[TimelineEvent]:
    """Every dose of the last 14 days that was told as missed with one tap.

    Nothing for whoever is shown no numbers: it would be counted for a page without it.
    """
    if not (opened.is_patient or opened.scope.has("measures")):
        return []
    # A tap is about a medicine; an answer to "how many" is about a number.
    lines = MedicationStatement.objects.filter(patient_id=opened.patient.pk)
    lines = lines.exclude(status=MedicineStatus.ENTERED_IN_ERROR)
    today = zones.today(opened.at, opened.patient.time_zone)
    rows = TimelineEvent.objects.filter(
        kind=EventKind.DOSES_MISSED,
        about__in=lines.values("pk"),
        cancelled_at=None,
        happened_date__range=(missed_doses.first_day(today), today),
    )
    return opened.items(rows.order_by("-recorded_at", "-pk"))


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
