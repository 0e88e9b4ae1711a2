"""A part of the log by days, found by key: old days cost what new days cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from carecoord import zones
from consents import withheld
from consents.access.patient import OpenPatient
from consents.models import Disclosure


@dataclass(frozen=True)
class Window:
    """From the first day to the last, both included; open where none is named."""

    first: date | None = None
    last: date | None = None

    @property
    def is_open(self) -> bool:
        return not (self.first or self.last)

    def of(self, rows: QuerySet, opened: OpenPatient) -> QuerySet:
        """The rows within. Times never go back along a chain, so a day is a key."""
        zone, patient_id = opened.patient.time_zone, opened.patient.pk
        chain = Disclosure.objects.filter(patient_id=patient_id)
        if self.first:
            since = chain.filter(at__gte=zones.start_of(self.first, zone))
            rows = rows.filter(seq__gte=_seq(since.order_by("at", "seq"), 2**62))
        if self.last:
            until = chain.filter(at__lt=zones.end_of(self.last, zone))
            rows = rows.filter(seq__lte=_seq(until.order_by("-at", "-seq"), 0))
        return rows


def _seq(rows: QuerySet, otherwise: int) -> int:
    first = rows.values_list("seq", flat=True).first()
    return otherwise if first is None else first


def years(opened: OpenPatient) -> list[int]:
    """The years since the first row that the patient is told of, newest first.

    What is withheld offers no year: it would tell that something stands there.
    """
    patient_id = opened.patient.pk
    rows = Disclosure.objects.filter(patient_id=patient_id)
    told = withheld.told(rows, patient_id=patient_id, at=opened.at).order_by("seq")
    first = told.values_list("at", flat=True).first()
    if first is None:
        return []
    zone = opened.patient.time_zone
    newest, oldest = zones.today(opened.at, zone).year, zones.today(first, zone).year
    return list(range(newest, oldest - 1, -1))
