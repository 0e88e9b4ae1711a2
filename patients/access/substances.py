"""Loaders of the block of alcohol, cannabis and nicotine."""

from __future__ import annotations

import uuid

from consents import scopes
from consents.access import OpenPatient
from patients.access import audience
from patients.models import SubstanceUse


def load_substances(opened: OpenPatient) -> list[SubstanceUse]:
    rows = SubstanceUse.objects.select_related("recorded_by")
    return opened.items(rows.order_by("substance", "name", "pk"))


def load_substance(opened: OpenPatient, pk: uuid.UUID) -> SubstanceUse:
    """One row, for whoever may change it; or 404."""
    opened.require(opened.decides("substances"))
    return opened.item(SubstanceUse.objects.all(), pk)


def substances_seen_by(opened: OpenPatient) -> list[str]:
    """For the patient: who may see the block. By the rows, or by consent if empty."""
    opened.require(opened.is_patient)
    rows = SubstanceUse.objects.filter(
        patient_id=opened.patient.pk, entered_in_error_at=None
    )
    if rows.exists():
        return audience.who_sees(opened, rows)
    return [
        member.party.name
        for member, reader in audience.readers(opened)
        if scopes.scope(opened.patient.pk, reader).has("substances")
    ]
