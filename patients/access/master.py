"""Loaders of what the master list shows beside medicines and allergies (S13)."""

from __future__ import annotations

from consents.access import OpenPatient
from patients.access import audience
from patients.models import Condition
from providers.models import CareTeamParticipant


def load_conditions(opened: OpenPatient) -> list[Condition]:
    return opened.items(Condition.objects.order_by("status", "name", "pk"))


def load_providers(opened: OpenPatient) -> list[CareTeamParticipant]:
    """The care team, for the patient and for readers whose consent names it."""
    if opened.is_patient or opened.scope.has("care_team"):
        return audience.team(opened)
    return []
