"""Which patients a person may open: by membership, never by what they hold."""

from __future__ import annotations

from carecoord.models import User
from patients.models import Patient
from providers.models import CareTeamParticipant


def patients_of(user: User) -> list[Patient]:
    """Patients on whose care team this user is now, by name."""
    teams = CareTeamParticipant.objects.of_user(user.pk)
    return list(
        Patient.objects.filter(pk__in=teams.values("patient_id")).order_by("name", "pk")
    )


def own_patient(user: User) -> Patient | None:
    return Patient.objects.filter(user=user).first()
