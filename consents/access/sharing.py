"""What the patient reads about their own sharing: people, permissions, receipts.

Only for the patient: every address that leads here is PATIENT_ONLY (urls/sharing.py).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import OuterRef, Subquery

from carecoord import form_keys
from consents import representing, scopes, talking, windows, withheld
from consents.access.emergency import open_now
from consents.access.known import known_parties, known_requests
from consents.access.patient import OpenPatient
from consents.actions.signed_forms import of_form
from consents.codes import CATEGORIES, LABELS, Code
from consents.drafts import Draft
from consents.inviting import known_invitations
from consents.models import Consent, ConsentRequest, Disclosure, Invitation
from consents.representing import labels_that_count
from consents.scopes import Scope
from consents.told import known_permissions, told
from consents.windows import State
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party, PractitionerRole
from providers.roles import ROLES


@dataclass
class Person:
    """One card of the overview: somebody on the team, or with a permission."""

    party: Party
    role: str
    on_team: bool
    scope: Scope
    state: State
    permits: list[Consent] = field(default_factory=list)
    denies: list[Consent] = field(default_factory=list)
    # The newest permission that is over, where none stands: what to share again.
    over: Consent | None = None
    labels: int = 0
    last_looked: datetime | None = None
    waiting: ConsentRequest | None = None
    # Until when the emergency page is open to them, if it is open now.
    emergency_until: datetime | None = None
    # How much they talk, by what the patient said; None where nothing was said.
    talks: talking.Level | None = None
    # The last day of some of it, where the rest goes on longer.
    sooner: date | None = None

    @property
    def kinds(self) -> list[Code]:
        return CATEGORIES.of(self.scope.categories)

    @property
    def topics(self) -> list[Code]:
        return LABELS.of(self.labels) if self.scope.categories else []

    @property
    def shares(self) -> bool:
        return bool(self.permits)


def people(opened: OpenPatient) -> list[Person]:
    """Everyone on the care team, and whoever else has a permission that stands.

    The same number of queries for one person as for twenty.
    """
    return _People(opened).all()


def person(
    opened: OpenPatient, party_id: uuid.UUID, *, looked: Party | None = None
) -> Person:
    """One of them, or anybody with whom something was ever signed; else the 404.

    Or `looked`: whoever is known from the log alone.
    """
    cards = _People(opened)
    found = cards.one(party_id) or (cards.other(looked) if looked else None)
    if found is None:
        opened.refuse()
    return found


class _People:
    """Reads everything once, then puts cards together in memory."""

    def __init__(self, opened: OpenPatient) -> None:
        self.at, self.zone = opened.at, opened.patient.time_zone
        self.patient = opened.patient
        patient_id = opened.patient.pk
        self.team = list(
            CareTeamParticipant.objects.current()
            .filter(representing.known_members(opened), patient_id=patient_id)
            .select_related("party")
            .order_by("started_at", "pk")
        )
        if (parties := known_parties(opened)) is not None:
            self.team = [each for each in self.team if each.party_id in parties]
        self.consents = consents(opened)
        self.employers: dict[uuid.UUID, set[uuid.UUID]] = {}
        for practitioner, organization in PractitionerRole.objects.filter(
            practitioner__in=[each.party_id for each in self.team], ended_at=None
        ).values_list("practitioner_id", "organization_id"):
            self.employers.setdefault(practitioner, set()).add(organization)
        last = withheld.told(
            Disclosure.objects.looks().filter(
                patient_id=patient_id, recipient_id=OuterRef("pk")
            ),
            patient_id=patient_id,
            at=self.at,
        ).order_by("-seq")
        known = {each.party_id for each in self.team}
        known |= {each.recipient_id for each in self.consents}
        self.looked = dict(
            Party.objects.filter(pk__in=known)
            .annotate(looked=Subquery(last.values("at")[:1]))
            .values_list("pk", "looked")
        )
        if opened.representative:
            # When somebody looked is the patient's to know.
            self.looked = {}
        # A parent reads their own answers on the page of them (access/talking.py).
        self.talks = (
            {}
            if opened.representative
            else talking.levels_of(patient_id, known, self.at)
        )
        self.emergencies = open_now(opened)
        self.asks = {
            ask.recipient_id: ask
            for ask in known_requests(opened).order_by("asked_at", "pk")
        }

    def all(self) -> list[Person]:
        team = [self._member(each) for each in self.team]
        known = {each.party_id for each in self.team}
        others = {
            consent.recipient_id: consent.recipient
            for consent in self.consents
            if consent.recipient_id not in known
            and consent.recipient.kind != PartyKind.GUEST
            and self._stands(consent)
        }
        return team + [self.other(party) for party in others.values()]

    def one(self, party_id: uuid.UUID) -> Person | None:
        for each in self.team:
            if each.party_id == party_id:
                return self._member(each)
        for consent in self.consents:
            if consent.recipient_id == party_id:
                return self.other(consent.recipient)
        return None

    def _stands(self, consent: Consent) -> bool:
        return (
            consent.revoked_at is None
            and windows.counts_until(consent) > self.at
            and consent.decision != "refusal"
        )

    def _member(self, each: CareTeamParticipant) -> Person:
        role = ROLES[each.role]
        return self._card(
            each.party,
            role=role.name,
            on_team=True,
            allowed=CATEGORIES.mask(*role.categories),
        )

    def other(self, party: Party) -> Person:
        organization = party.kind == PartyKind.ORGANIZATION
        return self._card(
            party,
            role="Organization" if organization else "Not on your care team",
            on_team=False,
            allowed=CATEGORIES.all if organization else 0,
        )

    def _card(self, party: Party, *, role: str, on_team: bool, allowed: int) -> Person:
        parties = {party.pk} | self.employers.get(party.pk, set())
        in_force = [
            consent
            for consent in self.consents
            if consent.recipient_id in parties
            and self._stands(consent)
            and consent.starts_at <= self.at
        ]
        own = [each for each in self.consents if each.recipient_id == party.pk]
        permits = [
            each for each in own if each.decision == "permit" and self._stands(each)
        ]
        return Person(
            party=party,
            role=role,
            on_team=on_team,
            scope=scopes.on_pages(
                in_force, allowed=allowed, kind=PartyKind(party.kind)
            ),
            state=self._state_now(party, own, permits, in_force, allowed=allowed),
            permits=permits,
            denies=[
                each for each in own if each.decision == "deny" and self._stands(each)
            ],
            over=None if permits else self._newest_permit(own),
            labels=self._labels(in_force),
            last_looked=self.looked.get(party.pk),
            waiting=self.asks.get(party.pk),
            emergency_until=self.emergencies.get(party.pk),
            talks=self.talks.get(party.pk),
            sooner=windows.sooner(permits, zone=self.zone),
        )

    @staticmethod
    def _newest_permit(own: list[Consent]) -> Consent | None:
        return next((each for each in own if each.decision == "permit"), None)

    def _labels(self, in_force: list[Consent]) -> int:
        result = 0
        for consent in in_force:
            if consent.decision == "permit":
                result |= labels_that_count(consent, self.patient, self.at)
        return result

    def _state_now(
        self,
        party: Party,
        own: list[Consent],
        permits: list[Consent],
        in_force: list[Consent],
        *,
        allowed: int,
    ) -> State:
        """Never "not shared" of somebody to whom the emergency page is open."""
        state = self._state(own, permits, in_force) if allowed else State("none")
        if party.pk in self.emergencies and state.word not in ("sharing", "ends_soon"):
            return State("emergency")
        return state

    def _state(
        self, own: list[Consent], permits: list[Consent], in_force: list[Consent]
    ) -> State:
        standing = permits or [each for each in in_force if each.decision == "permit"]
        past = [each for each in own if each.decision == "permit"]
        if standing:
            latest = max(standing, key=windows.counts_until)
        elif past:
            latest = past[0]
        else:
            return State("none")
        return windows.state_of(latest, at=self.at, zone=self.zone)


# Permissions and receipts --------------------------------------------------------


def consent(opened: OpenPatient, pk: uuid.UUID | str) -> Consent:
    """One permission, deny or answer of this patient; else the 404."""
    found = (
        Consent.objects.filter(known_permissions(opened), pk=pk)
        .select_related(
            *("recipient", "supersedes", "signed_by", "revoked_by", "guest_code"),
            *("representative", "patient"),
        )
        .first()
    )
    if found is None:
        opened.refuse()
    return told(opened, [found])[0]


def standing_consent(
    opened: OpenPatient, pk: uuid.UUID | str, *, decision: str = "permit"
) -> Consent:
    """A permit (or deny) that was neither stopped nor replaced; else the 404.

    A GET of one that was goes nowhere either: its receipt says what became of it.
    """
    found = consent(opened, pk)
    if found.revoked_at or found.decision != decision:
        opened.refuse()
    return found


def stop_target(opened: OpenPatient, pk: uuid.UUID) -> Party:
    """Whom to stop sharing with: a person's own id, or that of a permission."""
    mine = Consent.objects.filter(known_permissions(opened))
    named = mine.filter(pk=pk).first()
    if named:
        return named.recipient
    return person(opened, pk).party


def standing_permits(opened: OpenPatient, party: Party) -> list[Consent]:
    """Permits to this party that stand by state, newest first."""
    permits = Consent.objects.signed().permits()
    mine = permits.filter(known_permissions(opened), recipient=party)
    return told(opened, mine.order_by("-signed_at", "-pk"))


def permits_in_force(opened: OpenPatient, party: Party) -> list[Consent]:
    """Of these, the ones that count at this moment."""
    return [
        each
        for each in standing_permits(opened, party)
        if each.starts_at <= opened.at < windows.counts_until(each)
    ]


def chosen(opened: OpenPatient, party_ids: list[str]) -> list[Party]:
    """Parties by id; the form has checked that they are on its list."""
    return list(Party.objects.filter(pk__in=party_ids))


def already_signed(opened: OpenPatient, draft: Draft) -> Consent | None:
    """What this very form signed before, with these answers or others."""
    mine = Consent.objects.filter(patient_id=opened.patient.pk)
    if draft.imported:
        return mine.filter(pk=draft.imported).first()
    made = form_keys.item_id(
        uuid.UUID(draft.key),
        of=of_form(opened.patient),
        by=opened.reading.user,
        at=opened.at,
        said=None,
    )
    return form_keys.any_saved_with(mine, made)


def consents(opened: OpenPatient) -> list[Consent]:
    """Everything ever signed or answered, newest first, without the long text."""
    rows = (
        Consent.objects.filter(known_permissions(opened))
        .select_related("recipient", "representative", "signed_by", "patient")
        .defer("text")
        .order_by("-signed_at", "-pk")
    )
    return told(opened, rows)


def permits_through(opened: OpenPatient, party: Party) -> list[Consent]:
    """Permits to organizations that this person acts for: they reach the person too."""
    employers = PractitionerRole.objects.filter(practitioner_id=party.pk, ended_at=None)
    permits = Consent.objects.in_force(opened.at).permits()
    theirs = permits.filter(
        known_permissions(opened),
        recipient_id__in=employers.values("organization_id"),
    )
    return told(opened, theirs.select_related("recipient").defer("text"))


def role_of(opened: OpenPatient, party: Party) -> str:
    """What the party is to this patient, for the text and the receipt."""
    role = (
        CareTeamParticipant.objects.filter(patient_id=opened.patient.pk, party=party)
        .order_by("-started_at", "-pk")
        .first()
    )
    if role:
        return role.role_in_words.lower()
    if party.kind == PartyKind.ORGANIZATION:
        return "organization"
    if party.kind == PartyKind.RELATED_PERSON:
        return "family or friend"
    if party.kind == PartyKind.GUEST:
        return "who has a code from me"
    return "clinician"


def invited(opened: OpenPatient, pk: uuid.UUID) -> tuple[Invitation, Party]:
    """A confirmed invitation of the patient, and who came by it; else the 404."""
    found = Invitation.objects.filter(
        known_invitations(opened), pk=pk, confirmed_at__isnull=False
    ).first()
    if found is None:
        opened.refuse()
    member = (
        CareTeamParticipant.objects.current()
        .filter(patient_id=opened.patient.pk, party__user_id=found.accepted_by_id)
        .select_related("party")
        .first()
    )
    if member is None:
        opened.refuse()
    return found, member.party
