"""Reading with another person's eyes: what the patient opens to see what others get.

The rule, the loaders and the pages are those of the other person; the log says that
the patient read. Whatever is written on the way is rolled back.

Whoever acts for the patient may know less than the other person gets. For them each
answer of the rule is for both (readers.knowing), and of permissions, memberships and
requests only those stand that they may know of (ADR 12).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from carecoord.models import User
from consents import actions, preview, readers, representing, told
from consents.access import recipients, sharing
from consents.access.known import known_requests
from consents.access.patient import OpenPatient
from consents.access.reading import Reading, Shown
from consents.codes import Relation
from consents.decisions import Reader
from consents.models import Disclosure
from consents.proposals import Proposal
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party, PractitionerRole
from providers.roles import ROLES, Role


class Eyes(Reading):
    """Decides as somebody else; what is shown is the reading of who opened it.

    No disclosure, no refusal and no "opened" comes of it, and no alarm.
    """

    counts = False

    def __init__(self, *, user: User, entrance: str, opened: OpenPatient) -> None:
        super().__init__(user=user, entrance=entrance)
        self.looker = opened
        self.own = opened.reading
        self.written: list[Disclosure] = []

    @cached_property
    def at(self) -> datetime:
        return self.own.at

    def shown(
        self,
        items: Sequence[Shown],
        *,
        relation: str,
        purpose: str,
        recipient_id: uuid.UUID | None,
        channel: str | None = None,
        about: uuid.UUID | None = None,
    ) -> None:
        acting = self.looker.representative
        self.own.shown(
            items,
            relation=self.looker.relation,
            purpose=self.looker.purpose,
            recipient_id=acting.party_id if acting else None,
            channel=channel or self.channel,
            about=about,
        )

    def looked(self, patient_id: uuid.UUID, **about: object) -> None:
        """Whoever opened the preview looked, not this person."""

    def write_disclosures(self) -> list[Disclosure]:
        """Nothing: the reading of whoever opened it writes what was shown."""
        return []

    def not_delivered(self, rows: list[Disclosure]) -> None:
        self.own.not_delivered(self.written)

    def refuse(self, patient_id: uuid.UUID) -> None:
        """Nobody asked for what is not theirs."""


@dataclass(frozen=True)
class Who:
    """Whose eyes: somebody the patient knows, or a new person of a role there."""

    party: Party
    role: Role | None = None

    @property
    def name(self) -> str:
        if self.role is None:
            return self.party.name
        return new_person(self.role)

    @property
    def chooses(self) -> bool:
        """An organization has no eyes: first choose one of its people."""
        return self.party.kind == PartyKind.ORGANIZATION and self.role is None

    @property
    def has_sign_in(self) -> bool:
        return self.role is None and self.party.user_id is not None

    @property
    def relation(self) -> str:
        related = self.party.kind == PartyKind.RELATED_PERSON
        return Relation.FAMILY if related else Relation.CLINICIAN


def new_person(role: Role) -> str:
    """ "New person (therapist)": nobody yet, as the pages will name them."""
    return _("New person (%(role)s)") % {"role": role.name.lower()}


def whose(opened: OpenPatient, party_id: uuid.UUID, role: str = "") -> Who:
    """Somebody the patient shares with, or can share with; else the 404."""
    party = _known(opened, party_id)
    # Somebody with a code reads one page of another kind, and no page of the team.
    opened.require(party.kind != PartyKind.GUEST)
    if not role:
        return Who(party)
    opened.require(party.kind == PartyKind.ORGANIZATION and role in roles_there())
    return Who(party, ROLES[role])


def _known(opened: OpenPatient, party_id: uuid.UUID) -> Party:
    for each in recipients.recipients(opened):
        if each.party.pk == party_id:
            return each.party
    return sharing.person(opened, party_id).party


def roles_there() -> dict[str, Role]:
    """What somebody who works at an organization can be on a care team."""
    return {
        code: role
        for code, role in ROLES.items()
        if role.categories and not role.related
    }


def staff(opened: OpenPatient, organization: Party) -> list[CareTeamParticipant]:
    """Those of the care team who act for it now."""
    there = PractitionerRole.objects.filter(
        organization_id=organization.pk, ended_at=None
    )
    known = [each.party.pk for each in recipients.recipients(opened)]
    return list(
        CareTeamParticipant.objects.current()
        .filter(
            patient_id=opened.patient.pk,
            party__in=known,
            party_id__in=there.values("practitioner_id"),
        )
        .select_related("party")
        .order_by("party__name", "pk")
    )


@contextmanager
def seeing(opened: OpenPatient, who: Who, proposal: Proposal | None) -> Iterator[User]:
    """That person's user, with the proposed permission signed; nothing is kept.

    What is rendered inside is what the person would get; of it, for whoever acts for
    the patient, what they may know. All of it is taken back at the end, whatever
    happened in it.
    """
    with (
        actions.taken_back(),
        _leave_out(opened),
        _signed_in(opened, who) as user,
        _signed(opened, proposal),
        readers.knowing(_knower(opened)),
    ):
        yield user


def _knower(opened: OpenPatient) -> Reader | None:
    """Who has to be permitted as well: whoever acts; nobody where the patient looks."""
    if opened.is_patient:
        return None
    return opened.reading.reader(opened.purpose)


def _leave_out(opened: OpenPatient) -> AbstractContextManager[None]:
    """What whoever acts may not know of; nothing where the patient looks."""
    if not opened.representative:
        return nullcontext()
    return actions.leave_out(
        patient=opened.patient,
        permits=told.known_permissions(opened),
        members=representing.known_members(opened),
        requests=known_requests(opened),
        by=opened.reading.user,
        at=opened.at,
    )


def _signed_in(opened: OpenPatient, who: Who) -> AbstractContextManager[User]:
    if who.has_sign_in:
        return nullcontext(who.party.account)
    return actions.stand_in(
        patient=opened.patient,
        # Its own copy: the rollback does not undo what is in memory.
        party=Party.objects.get(pk=who.party.pk),
        role=who.role,
        name=who.name,
        by=opened.reading.user,
        at=opened.at,
    )


def _signed(
    opened: OpenPatient, proposal: Proposal | None
) -> AbstractContextManager[None]:
    if proposal is None:
        return nullcontext()
    return preview.signed_for_now(
        patient=opened.patient,
        terms=proposal.terms,
        by=opened.reading.user,
        at=opened.at,
        supersedes=proposal.old,
        representative=opened.representative,
    )
