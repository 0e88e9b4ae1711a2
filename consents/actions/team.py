"""Joining and leaving a care team, behind the gate."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from carecoord.models import User
from consents import gate
from consents.actions.by_name import hold_against
from consents.codes import RepresentativeKind
from consents.models import Representative
from providers import actions as provider_actions
from providers.codes import EndReason, PartyKind
from providers.models import CareTeamParticipant, Party

FAMILY = "caregiver"


@transaction.atomic
def join(
    *,
    patient,
    party: Party,
    role: str,
    by: User,
    at: datetime,
    owns: str = "",
    **known: Any,
) -> CareTeamParticipant:
    """Puts someone on the care team, behind the gate.

    What the patient said against somebody on paper by that name holds at once; `known`
    is what else tells that it is they (`hold_against`).
    """
    hold_against(patient=patient, party=party, at=at, **known)
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


def comes_along(*, patient, party: Party, by: User, at: datetime) -> bool:
    """Whether a permission that an adult signs brings a parent onto the team with it.

    The parent knew the record until the 18th birthday and has a sign-in: an invitation
    would only ask again who they are. Not whoever is on the team, and not whoever was
    blocked: that takes an invitation.
    """
    if party.kind != PartyKind.RELATED_PERSON or party.user_id is None:
        return False
    turned = patient.majority_at
    if by.pk != patient.user_id or turned is None or turned > at:
        return False
    acted = Representative.objects.filter(
        patient_id=patient.pk, party_id=party.pk, kind=RepresentativeKind.PARENT
    )
    here = CareTeamParticipant.objects.filter(
        Q(ended_at=None) | Q(end_reason=EndReason.BLOCKED),
        patient_id=patient.pk,
        party_id=party.pk,
    )
    return acted.exists() and not here.exists()


@transaction.atomic
def let_in(*, patient, party: Party, by: User, at: datetime) -> None:
    """Before such a permission is signed: without a place on the team it is empty."""
    if comes_along(patient=patient, party=party, by=by, at=at):
        join(patient=patient, party=party, role=FAMILY, by=by, at=at)
