"""Joining and leaving a care team, behind the gate."""

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from providers import actions as provider_actions
from providers.codes import Profession
from providers.models import CareTeamParticipant, Party
from providers.roles import Role


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


@transaction.atomic
def stand_in(
    *, patient, party: Party, role: Role | None, name: str, by: User, at: datetime
) -> User:
    """A sign-in for who has none, or for a new person of a role at an organization.

    For previews alone: the caller rolls it back, and nobody can sign in with it.
    """
    gate.bump(patient.pk)
    if role is None:
        return provider_actions.give_sign_in(party=party, name=name)
    profession = role.code if role.code in Profession.values else Profession.OTHER
    practitioner = provider_actions.add_practitioner(name=name, profession=profession)
    provider_actions.join_organization(
        practitioner=practitioner, organization=party.organization, by=by, at=at
    )
    join(patient=patient, party=practitioner.party, role=role.code, by=by, at=at)
    return provider_actions.give_sign_in(party=practitioner.party, name=name)
