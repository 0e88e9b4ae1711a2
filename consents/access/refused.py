"""Requests that showed nothing, as the patient reads of them: without accusing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from carecoord import zones
from consents.access.patient import OpenPatient
from consents.models import AccessRefusal, Consent, ItemDeny
from providers.models import CareTeamParticipant, PractitionerRole

MOST = 20
# Whoever asks again and again hides nobody else's request by it.
READ = 500
# So long after sharing ended, a page that stood open asks for itself once more
# (static/js/still.js; a browser lets a tab in the background ask once a minute).
OPEN_PAGE = timedelta(minutes=2)


@dataclass(frozen=True)
class Refused:
    """Something not shared was asked for. Nothing was shown."""

    day: date
    name: str


def refusals(opened: OpenPatient) -> list[Refused]:
    """A day, no page, no time; the detail is for the privacy officer (oversight.py).

    Only people the patient knows have a name. What an open page asked by itself is
    nobody's doing, and not told.
    """
    rows = list(
        AccessRefusal.objects.filter(patient_id=opened.patient.pk, failed=False)
        .exclude(user=opened.patient.user_id)
        .order_by("-at", "-pk")[:READ]
    )
    team = _Team(opened, {row.user_id for row in rows})
    zone = opened.patient.time_zone
    found: dict[tuple, Refused] = {}
    for row in rows:
        if team.lost_it_just_before(row.user_id, row.at):
            continue
        name = team.names.get(row.user_id, "")
        day = zones.today(row.at, zone)
        found.setdefault((day, name), Refused(day, name))
    return list(found.values())[:MOST]


class _Team:
    """Those of the people who asked whom the patient knows, and what they lost when."""

    def __init__(self, opened: OpenPatient, users: set[uuid.UUID]) -> None:
        members = CareTeamParticipant.objects.filter(
            patient_id=opened.patient.pk, party__user__in=users
        ).select_related("party")
        self.names: dict[uuid.UUID, str] = {}
        self.users_of: dict[uuid.UUID, set[uuid.UUID]] = {}
        self.lost: dict[uuid.UUID, list[datetime]] = {}
        everyone: set[uuid.UUID] = set()
        for member in members:
            if (user_id := member.party.user_id) is None:
                continue
            self.names[user_id] = member.party.name
            self.users_of.setdefault(member.party_id, set()).add(user_id)
            everyone.add(user_id)
            self._lost([user_id], member.ended_at)
        self._add_places()
        for consent in Consent.objects.filter(
            patient_id=opened.patient.pk, recipient__in=list(self.users_of)
        ).only("recipient_id", "revoked_at", "ends_at"):
            readers = self.users_of[consent.recipient_id]
            self._lost(readers, consent.revoked_at)
            self._lost(readers, consent.ends_at)
        for deny in ItemDeny.objects.filter(patient_id=opened.patient.pk):
            named = deny.party_id
            readers = self.users_of.get(named, set()) if named else everyone
            self._lost(readers, deny.created_at)

    def _add_places(self) -> None:
        roles = PractitionerRole.objects.filter(practitioner__in=list(self.users_of))
        for person, place in roles.values_list("practitioner_id", "organization_id"):
            self.users_of.setdefault(place, set()).update(self.users_of[person])

    def _lost(self, readers: Iterable[uuid.UUID], at: datetime | None) -> None:
        if at is None:
            return
        for user_id in readers:
            self.lost.setdefault(user_id, []).append(at)

    def lost_it_just_before(self, user_id: uuid.UUID, at: datetime) -> bool:
        return any(
            timedelta() <= at - ended < OPEN_PAGE
            for ended in self.lost.get(user_id, ())
        )
