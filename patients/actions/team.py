"""The care team as its patient keeps it: added on paper, put right, ended, blocked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import actions as consents
from consents import gate
from consents.childs_people import childs_own
from consents.codes import RepresentativeKind
from consents.models import Invitation, Representative
from patients import duties
from patients.actions.patients import change_details
from patients.models import Patient
from providers import actions as providers
from providers.codes import EndReason, Profession, Relationship
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

PROFESSION_OF_ROLE = {
    "psychiatrist": Profession.PSYCHIATRIST,
    "telepsychiatrist": Profession.PSYCHIATRIST,
    "therapist": Profession.THERAPIST,
    "primary_care": Profession.PRIMARY_CARE,
    "care_coordinator": Profession.COORDINATOR,
}


@dataclass(frozen=True)
class PaperPerson:
    """Someone who helps and has no account here: on paper only."""

    name: str
    role: str
    phone: str = ""
    after_hours_phone: str = ""
    duties: tuple[str, ...] = field(default=())
    other_duties: str = ""


@transaction.atomic
def add_on_paper(
    *, patient: Patient, person: PaperPerson, by: User, at: datetime
) -> CareTeamParticipant:
    """Someone on the team without a sign-in. Can be called, and sees nothing."""
    member = consents.join(
        patient=patient,
        party=_party(patient, person),
        role=person.role,
        by=by,
        at=at,
    )
    give_duties(
        participant=member, chosen=person.duties, other=person.other_duties, by=by
    )
    return member


def _party(patient: Patient, person: PaperPerson) -> Party:
    if ROLES[person.role].related:
        return providers.add_related_person(
            patient=patient,
            name=person.name,
            relationship=Relationship.OTHER,
            phone=person.phone,
        ).party
    return providers.add_practitioner(
        name=person.name,
        profession=PROFESSION_OF_ROLE[person.role],
        phone=person.phone,
        after_hours_phone=person.after_hours_phone,
    ).party


@transaction.atomic
def give_duties(
    *, participant: CareTeamParticipant, chosen: Iterable[str], other: str, by: User
) -> None:
    """What this person looks after. Each of the five rows has one owner at most.

    What a child gives to somebody of their own is taken from nobody whom a parent
    knows: it would be seen to go. `duties.settled` says whose it is to everybody else.
    """
    gate.lock(participant.patient_id)
    chosen = set(chosen)
    team = list(
        childs_own(CareTeamParticipant.objects.current()).filter(
            patient_id=participant.patient_id
        )
    )
    me = next(member for member in team if member.pk == participant.pk)
    gone = _taken(me, team, chosen, by=by)
    for member in team:
        held = duties.duties_in(member.owns)
        if member is me:
            kept = gone.kept if not me.is_childs_own else set()
            _own(member, duties.text_of(chosen | kept, other))
        elif lost := held & gone.from_member(member):
            _own(member, duties.text_of(held - lost, duties.other_in(member.owns)))
    participant.refresh_from_db()


@dataclass(frozen=True)
class _Taken:
    """Which rows the others give up, and which this person keeps for a parent."""

    from_own: set[str]
    from_known: set[str]
    kept: set[str]

    def from_member(self, member: CareTeamParticipant) -> set[str]:
        return self.from_own if member.is_childs_own else self.from_known


def _taken(
    me: CareTeamParticipant,
    team: list[CareTeamParticipant],
    chosen: set[str],
    *,
    by: User,
) -> _Taken:
    """By the child, who sees whose each row is; or by somebody who may not know."""
    patient = me.patient
    by_child = by.pk == patient.user_id and Representative.objects.filter(
        patient=patient, kind=RepresentativeKind.PARENT, ended_at=None
    )
    before = duties.duties_in(me.owns)
    own = set().union(
        *(duties.duties_in(each.owns) for each in team if each.is_childs_own)
    )
    if by_child:
        return _Taken(chosen, set() if me.is_childs_own else chosen, before & own)
    return _Taken(chosen - (before & own), chosen, set())


def _own(member: CareTeamParticipant, owns: str) -> None:
    member.owns = owns
    member.save(update_fields=["owns"])


@transaction.atomic
def change_paper_card(
    *, participant: CareTeamParticipant, phone: str, after_hours_phone: str
) -> None:
    """Numbers of someone on paper only. Raises ValueError for who signs in."""
    party = participant.party
    if party.user_id:
        raise ValueError("Someone who signs in keeps their own card.")
    if related := getattr(party, "related_person", None):
        related.phone = phone
        related.save(update_fields=["phone"])
        return
    practitioner = party.practitioner
    practitioner.phone = phone
    practitioner.after_hours_phone = after_hours_phone
    practitioner.save(update_fields=["phone", "after_hours_phone"])


@transaction.atomic
def remove(
    *, participant: CareTeamParticipant, by: User, at: datetime, block: bool = False
) -> int:
    """Ends membership and every permission to this person, in the same second.

    Nothing is deleted. Returns how many permissions ended.
    """
    patient = participant.patient
    ended = consents.stop_sharing(
        patient=patient, recipient=participant.party, by=by, at=at
    )
    if patient.list_owner_id == participant.party_id:
        name_list_owner(patient=patient, party=None, by=by)
    reason = EndReason.BLOCKED if block else EndReason.ENDED_BY_PATIENT
    consents.leave(participant=participant, by=by, at=at, reason=reason)
    _take_back_invitations(participant, by=by, at=at)
    return ended


def _take_back_invitations(
    participant: CareTeamParticipant, *, by: User, at: datetime
) -> None:
    """A second one that they accepted, with its code, brings nobody back who is out."""
    Invitation.objects.filter(
        patient=participant.patient,
        accepted_by=participant.party.user_id,
        accepted_at__isnull=False,
        confirmed_at=None,
        cancelled_at=None,
    ).update(cancelled_at=at, cancelled_by=by)


@transaction.atomic
def name_list_owner(*, patient: Patient, party: Party | None, by: User) -> None:
    """Who keeps the master list (S12); the patient themselves without a party."""
    change_details(patient=patient, by=by, list_owner=party)
