"""Loaders of what the master list shows beside medicines and allergies (S13)."""

from __future__ import annotations

from consents.access import OpenPatient
from patients.access.team import roster
from patients.models import Condition
from providers.models import CareTeamParticipant


def load_conditions(opened: OpenPatient) -> list[Condition]:
    return opened.items(Condition.objects.order_by("status", "name", "pk"))


def load_providers(opened: OpenPatient) -> list[CareTeamParticipant]:
    """The care team by name, with its disclosure; empty where it is not shared."""
    return sorted(roster(opened), key=lambda member: member.party.name)
