"""The ER core of one patient: what a stated emergency opens, with its disclosure."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from consents.access import OpenPatient
from patients.access.allergies import AllergyRows, load_allergies
from patients.access.chart import load_changes
from patients.access.medicines import MedicineRows, load_list
from patients.models import (
    Condition,
    DailyLife,
    EmergencyContact,
    MedicineTrial,
    TimelineEvent,
)


@dataclass(frozen=True)
class EmergencyRows:
    """Permitted rows only, in the order of the page."""

    allergies: AllergyRows
    medicines: MedicineRows
    dangerous: list[MedicineTrial]
    changes: list[TimelineEvent]
    conditions: list[Condition]
    contacts: list[EmergencyContact]
    daily_life: DailyLife | None


def load_emergency(opened: OpenPatient) -> EmergencyRows:
    """The same number of queries however much there is."""
    medicines = load_list(opened)
    trials = MedicineTrial.objects.filter(dangerous=True)
    return EmergencyRows(
        allergies=load_allergies(opened),
        medicines=medicines,
        dangerous=opened.items(trials.order_by(F("year").desc(nulls_last=True), "pk")),
        changes=load_changes(opened, medicines.statements),
        conditions=opened.items(Condition.objects.order_by("status", "name", "pk")),
        contacts=opened.items(EmergencyContact.objects.order_by("occurred_at", "pk")),
        daily_life=next(iter(opened.items(DailyLife.objects.all())), None),
    )
