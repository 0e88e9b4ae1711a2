"""Whom the patient can share with now: for the patient, or for who acts for them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from consents import representing
from consents.access.known import known_parties
from consents.access.patient import OpenPatient
from consents.codes import RepresentativeKind
from consents.models import Consent, ConsentDiscloser
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party, PractitionerRole


@dataclass(frozen=True)
class Recipient:
    """Somebody to share with, and what the patient should know about that."""

    party: Party
    role: str
    hint: str = ""


LEFT_ROLE = "not on your care team now"
ORGANIZATION_HINT = (
    "Staff there who are on your care team, now or later. New staff see only what "
    "their role needs, and you will be told by name. People at one clinic may "
    "already share a chart there."
)


def recipients(opened: OpenPatient) -> list[Recipient]:
    """The care team, those close to the patient, and the team's organizations.

    For whoever acts for the patient: those of them whom they may know of.
    """
    patient_id = opened.patient.pk
    members = CareTeamParticipant.objects.filter(patient_id=patient_id)
    known = members.filter(representing.known_members(opened))
    team = known.current().select_related("party").order_by("started_at", "pk")
    found = {
        each.party_id: Recipient(each.party, each.role_in_words.lower())
        for each in team
    }
    close = Party.objects.filter(related_person__patient_id=patient_id)
    close = close.exclude(pk__in=_unknown(members, known))
    for party in close.select_related("related_person"):
        relation = party.related_person.get_relationship_display()
        whose = "the patient’s" if opened.representative else "your"
        found.setdefault(party.pk, Recipient(party, f"{whose} {relation}"))
    organizations = Party.objects.filter(
        pk__in=PractitionerRole.objects.filter(
            practitioner__in=list(found), ended_at=None
        ).values("organization_id")
    )
    for party in organizations.order_by("name", "pk"):
        found[party.pk] = Recipient(party, "organization", ORGANIZATION_HINT)
    # Nobody signs for a patient to share with themselves (actions.check_scope).
    if opened.representative:
        mine = opened.reading.user.pk
        found = {pk: one for pk, one in found.items() if one.party.user_id != mine}
    named = known_parties(opened)
    return [each for pk, each in found.items() if named is None or pk in named]


def _unknown(members: QuerySet, known: QuerySet) -> QuerySet:
    """Ids of those who are or were on the team, of whom this person may not know.

    Somebody close whom a child took on is no parent's to know, nor after they left.
    """
    return members.exclude(party__in=known.values("party_id")).values("party_id")


def recipient(opened: OpenPatient, party_id: uuid.UUID | str) -> Recipient:
    """One of those with whom the patient can share now; else the 404."""
    for each in recipients(opened):
        if str(each.party.pk) == str(party_id):
            return each
    opened.refuse()


def disclosers(
    opened: OpenPatient, recipient: Party, *, named: Collection[str] = ()
) -> list[Recipient]:
    """The clinicians of the care team whose own entries a permission can be about.

    And whoever is `named` already, by id, also after they left: with no name left to
    tick, "only these" would become anyone.
    """
    team = [
        each
        for each in recipients(opened)
        if each.party.kind == PartyKind.PRACTITIONER and each.party.pk != recipient.pk
    ]
    here = {str(recipient.pk), *(str(each.party.pk) for each in team)}
    left = Party.objects.filter(pk__in=[pk for pk in named if pk not in here])
    return [
        *team,
        *(Recipient(each, LEFT_ROLE) for each in left.order_by("name", "pk")),
    ]


def discloser_ids(consent: Consent) -> list[str]:
    """Those who alone may disclose under it; none for the whole care team."""
    return [str(pk) for pk in consent.disclosers.values_list("party_id", flat=True)]


def unnamed(opened: OpenPatient, consents: Iterable[Consent]) -> set[uuid.UUID]:
    """Ids of those whose disclosers this reader is not told: who is on the team.

    All of them are kept back where one is, so that nobody counts who is left out. And
    of a child who signs in, all whom another parent named: they may know somebody whom
    the child alone took on. By who signed, so that it tells of nobody.
    """
    parties, hidden = known_parties(opened), _of_another_parent(opened)
    if parties is not None:
        hidden |= ~Q(party_id__in=parties)
    named = ConsentDiscloser.objects.filter(consent__in=[each.pk for each in consents])
    return set(named.filter(hidden).values_list("consent_id", flat=True))


def _of_another_parent(opened: OpenPatient) -> Q:
    """What a parent of a child who signs in did not sign; nothing for anybody else."""
    acting = opened.representative
    if acting and acting.kind == RepresentativeKind.PARENT and opened.patient.user_id:
        return ~Q(consent__signed_by_id=acting.party.user_id)
    return Q(pk__in=[])
