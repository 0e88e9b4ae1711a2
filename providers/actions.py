"""Every write about who gives care: keyword-only, atomic, attributed."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from carecoord.models import MailWhen, User
from providers.codes import EndReason, PartyKind
from providers.models import (
    CareTeamParticipant,
    Organization,
    Party,
    Practitioner,
    PractitionerRole,
    RelatedPerson,
)
from providers.querysets import ON_CARE_TEAM

PERMISSION = f"patients.{ON_CARE_TEAM}"


@transaction.atomic
def add_organization(*, name: str, **fields: str) -> Organization:
    party = Party.objects.create(kind=PartyKind.ORGANIZATION, name=name)
    return Organization.objects.create(party=party, **fields)


@transaction.atomic
def add_practitioner(
    *, name: str, profession: str, user: User | None = None, **fields: object
) -> Practitioner:
    """A clinician; without a user, one who is on paper only (S1)."""
    party = Party.objects.create(kind=PartyKind.PRACTITIONER, name=name, user=user)
    if user and user.mail_when == MailWhen.LEAST:
        # Whoever treats somebody is told of what changes.
        user.mail_when = MailWhen.ANY
        user.save(update_fields=["mail_when"])
    return Practitioner.objects.create(party=party, profession=profession, **fields)


@transaction.atomic
def add_related_person(
    *, patient, name: str, relationship: str, user: User | None = None, **fields: object
) -> RelatedPerson:
    party = Party.objects.create(kind=PartyKind.RELATED_PERSON, name=name, user=user)
    return RelatedPerson.objects.create(
        party=party, patient=patient, relationship=relationship, **fields
    )


@transaction.atomic
def add_guest(*, party: Party) -> None:
    """Whoever will hold one code: named by the patient, checked by nobody."""
    party.save(force_insert=True)


@transaction.atomic
def join_organization(
    *, practitioner: Practitioner, organization: Organization, by: User, at: datetime
) -> PractitionerRole:
    return PractitionerRole.objects.create(
        practitioner=practitioner,
        organization=organization,
        started_at=at,
        started_by=by,
    )


@transaction.atomic
def leave_organizations(
    *,
    practitioner: Practitioner,
    organizations: Iterable[Organization],
    by: User,
    at: datetime,
) -> None:
    """Ends whatever the clinician does there."""
    PractitionerRole.objects.filter(
        practitioner=practitioner, organization__in=list(organizations), ended_at=None
    ).update(ended_at=at, ended_by=by)


@transaction.atomic
def join_care_team(
    *, patient, party: Party, role: str, by: User, at: datetime, owns: str = ""
) -> CareTeamParticipant:
    """Writes the membership and, for someone who signs in, guardian's row.

    The caller holds the patient's gate (consents.actions.join).
    """
    participant = CareTeamParticipant.objects.create(
        patient=patient, party=party, role=role, started_at=at, started_by=by, owns=owns
    )
    if party.user:
        assign_perm(PERMISSION, party.user, patient)
    return participant


@transaction.atomic
def give_sign_in(*, party: Party, name: str) -> User:
    """A user for who was on paper only, on every care team that they are on now.

    The password is unusable. The caller holds the gates.
    """
    user = User(email=f"{uuid.uuid4()}@nobody.invalid", name=name)
    user.set_unusable_password()
    user.save()
    party.user = user
    party.save(update_fields=["user"])
    for member in CareTeamParticipant.objects.current().filter(party=party):
        assign_perm(PERMISSION, user, member.patient)
    return user


@transaction.atomic
def leave_care_team(
    *,
    participant: CareTeamParticipant,
    by: User,
    at: datetime,
    reason: str = EndReason.LEFT,
) -> None:
    """Ends the membership and removes guardian's row, in the same transaction."""
    # Where the clock went back since they joined, they leave all the same.
    participant.ended_at = max(at, participant.started_at)
    participant.ended_by, participant.end_reason = by, reason
    participant.save(update_fields=["ended_at", "ended_by", "end_reason"])
    user = participant.party.user
    if user and not _still_on_team(participant, user):
        remove_perm(PERMISSION, user, participant.patient)


def _still_on_team(participant: CareTeamParticipant, user: User) -> bool:
    return (
        CareTeamParticipant.objects.current()
        .filter(patient=participant.patient, party__user=user)
        .exists()
    )
