"""Joining and leaving a care team, behind the gate."""

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from providers import actions as provider_actions
from providers.models import CareTeamParticipant, Party


@transaction.atomic
def join(
    *, patient, party: Party, role: str, by: User, at: datetime, owns: str = ""
) -> CareTeamParticipant:
    """Puts someone on the care team, behind the gate."""
    gate.bump(patient.pk)
    return provider_actions.join_care_team(
        patient=patient, party=party, role=role, by=by, at=at, owns=owns
    )


@transaction.atomic
def leave(
    *, participant: CareTeamParticipant, by: User, at: datetime, reason: str
) -> None:
    """Ends a membership, behind the gate."""
    gate.bump(participant.patient_id)
    provider_actions.leave_care_team(
        participant=participant, by=by, at=at, reason=reason
    )
