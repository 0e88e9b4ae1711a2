"""Which patients a person may open: by membership, never by what they hold."""

from __future__ import annotations

from django.db.models import Q

from carecoord.clock import database_now
from carecoord.models import User
from consents import representing
from patients.models import Patient
from providers.models import CareTeamParticipant


def patients_of(user: User) -> list[Patient]:
    """Patients on whose care team this user is now, or for whom they act, by name."""
    teams = CareTeamParticipant.objects.of_user(user.pk)
    acts_for = representing.of_user(user.pk, database_now())
    return list(
        Patient.objects.filter(
            Q(pk__in=teams.values("patient_id"))
            | Q(pk__in=acts_for.values("patient_id"))
        ).order_by("name", "pk")
    )


def own_patient(user: User) -> Patient | None:
    return Patient.objects.filter(user=user).first()
