"""Who looks after each test: whoever was chosen, else whom its rhythm names.

Decided from the team as it stands, since a test is looked after whether or not this
reader knows by whom. Its name is shown only to whoever knows the team. To a parent it
is the team without whom a child alone took on, or a name would go when one of them
looks after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consents.access import OpenPatient
from consents.childs_people import childs_own
from patients import duties
from patients.access.monitoring import TestRow
from patients.access.team import members, roster
from patients.models import TestOwner
from providers.models import CareTeamParticipant, Party


@dataclass(frozen=True)
class Owner:
    """Who looks after one test, as far as this reader may know."""

    party: Party | None = None
    is_reader: bool = False
    # The team is shared with this reader, so that an empty place can be said.
    knows_team: bool = True
    # A representative may know a part of the team: then nobody is said for sure.
    whole_team: bool = True

    @property
    def name(self) -> str:
        return self.party.name if self.party else ""


def load_owners(
    opened: OpenPatient,
    rows: Iterable[TestRow],
    team: Sequence[CareTeamParticipant] | None = None,
) -> dict[str, Owner]:
    """For each test of these rows, by its key."""
    rows = list(rows)
    if not rows:
        return {}
    team_now = childs_own(members(opened)).select_related("party")
    here = duties.settled(team_now.order_by("started_at", "pk"))
    found = owners_of(rows, chosen=load_chosen(opened, rows), members=here)
    knows = opened.is_patient or opened.scope.has("care_team")
    known: set[uuid.UUID | None] = {
        one.party_id for one in (roster(opened) if team is None else team)
    }
    known.add(opened.party_id)
    whole = opened.representative is None
    return {
        key: Owner(
            party if party and party.pk in known else None,
            is_reader=bool(party and party.pk == opened.party_id),
            knows_team=knows,
            whole_team=whole,
        )
        for key, party in found.items()
    }


def load_chosen(
    opened: OpenPatient, rows: Iterable[TestRow]
) -> dict[str, Party | None]:
    """What was chosen for these tests and no others, the newest of each."""
    keys = [row.test.key for row in rows]
    chosen = TestOwner.objects.filter(test__in=keys).select_related("owner")
    found: dict[str, Party | None] = {}
    for one in opened.items(chosen.order_by("-recorded_at", "-pk")):
        found.setdefault(one.test, one.owner)
    return found


def owners_of(
    rows: Iterable[TestRow],
    *,
    chosen: Mapping[str, Party | None],
    members: Sequence[CareTeamParticipant],
) -> dict[str, Party | None]:
    """By the key of the test. Somebody who left the team looks after nothing."""
    team = {one.party_id: one.party for one in members}
    labs = next((m.party for m in members if "labs" in duties.duties_in(m.owns)), None)
    return {
        row.test.key: _owner(row, chosen.get(row.test.key), team=team, labs=labs)
        for row in rows
    }


def _owner(
    row: TestRow,
    chosen: Party | None,
    *,
    team: Mapping[uuid.UUID, Party],
    labs: Party | None,
) -> Party | None:
    """Chosen; else whom the rhythm names: the prescriber, or whoever has the labs."""
    if chosen and chosen.pk in team:
        return team[chosen.pk]
    first = min(row.asked, key=lambda one: one.due.rank)
    prescriber = team.get(first.prescriber_id) if first.prescriber_id else None
    by_prescriber = first.schedule.owner == "prescriber"
    pair = (prescriber, labs) if by_prescriber else (labs, prescriber)
    return pair[0] or pair[1]
