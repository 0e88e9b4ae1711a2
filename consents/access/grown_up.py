"""What a parent signed, on the days after the patient's 18th birthday."""

from __future__ import annotations

import uuid
from datetime import datetime

from consents import representing
from consents.access.patient import OpenPatient
from consents.codes import RepresentativeKind
from consents.models import Consent, Representative
from consents.representing import TREATING
from providers.models import Party


def signed_by_parents(opened: OpenPatient) -> list[Consent]:
    """Permissions that still go on, for the patient to keep, change or stop.

    Nobody before the 18th birthday: the page tells its reader that they are an adult.
    """
    majority = opened.patient.majority_at
    opened.require(opened.is_patient and not (majority and majority > opened.at))
    return list(_standing(opened.patient.pk, opened.at).order_by("-signed_at", "-pk"))


def parents_of(opened: OpenPatient) -> list[Party]:
    """Who acted as a parent and was let see nothing since: each once, by name."""
    mine = opened.patient.pk
    acted = Representative.objects.filter(
        patient_id=mine, kind=RepresentativeKind.PARENT, party__user__is_active=True
    )
    acts = representing.in_force(opened.at).filter(patient_id=mine)
    shared = Consent.objects.in_force(opened.at).permits().filter(patient_id=mine)
    return list(
        Party.objects.filter(pk__in=acted.values("party_id"))
        .exclude(user__in=acts.values("party__user_id"))
        .exclude(pk__in=shared.values("recipient_id"))
        .order_by("name", "pk")
    )


def waits_for(patient_id: uuid.UUID, at: datetime) -> bool:
    """Whether a new adult has something to decide before anything else."""
    return _standing(patient_id, at).exists()


def _standing(patient_id: uuid.UUID, at: datetime):
    return (
        Consent.objects.in_force(at)
        .permits()
        .filter(
            patient_id=patient_id,
            patient__majority_at__lte=at,
            patient__carried_until__gt=at,
            representative__kind=RepresentativeKind.PARENT,
            recipient__kind__in=TREATING,
        )
        .select_related("recipient", "representative__party", "patient")
        .defer("text")
    )
