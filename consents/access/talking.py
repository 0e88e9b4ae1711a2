"""How much the team talks: for the patient, or whoever acts for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from consents import representing, talking
from consents.access.known import known_parties
from consents.access.patient import OpenPatient
from consents.actions.talking import PEOPLE
from consents.models import TalkingChoice
from consents.talking import Level
from providers.models import CareTeamParticipant, Party

# Older answers are in the export; a page need not carry them all.
MOST = 50


@dataclass(frozen=True)
class Told:
    """One person, and what whoever reads has said about them."""

    party: Party
    own: Level | None
    general: Level | None

    @property
    def level(self) -> Level | None:
        return self.own or self.general


def said_for(opened: OpenPatient, party_id: uuid.UUID | None) -> TalkingChoice | None:
    """The reader's own standing answer: another voice is not theirs to read."""
    rows = _own(opened).filter(replaced_at=None)
    rows = rows.filter(party_id=party_id) if party_id else rows.filter(party=None)
    return rows.first()


def everyone(opened: OpenPatient) -> list[Told]:
    """Each person on the care team that the reader knows, with what was said."""
    rows = _own(opened).filter(replaced_at=None)
    said = {row.party_id: talking.level(row.level) for row in rows}
    team = (
        CareTeamParticipant.objects.current()
        .filter(
            representing.known_members(opened),
            patient_id=opened.patient.pk,
            party__kind__in=PEOPLE,
        )
        .select_related("party")
        .order_by("started_at", "pk")
    )
    known = known_parties(opened)
    parties = {
        member.party_id: member.party
        for member in team
        if known is None or member.party_id in known
    }
    return [
        Told(party, said.get(party.pk), said.get(None)) for party in parties.values()
    ]


def one(opened: OpenPatient, party_id: uuid.UUID) -> Told:
    """One of them; else the 404."""
    for each in everyone(opened):
        if each.party.pk == party_id:
            return each
    opened.refuse()


def before(opened: OpenPatient) -> list[TalkingChoice]:
    """Every answer, newest first: who said it, and until when.

    The patient reads each; somebody who acts for them, their own.
    """
    rows = _own(opened)
    if opened.is_patient:
        rows = TalkingChoice.objects.filter(patient_id=opened.patient.pk)
    rows = rows.select_related("party", "answered_by")
    return list(rows.order_by("-answered_at", "-pk")[:MOST])


def _own(opened: OpenPatient) -> QuerySet[TalkingChoice]:
    return TalkingChoice.objects.filter(
        patient_id=opened.patient.pk, representative=opened.representative
    )
