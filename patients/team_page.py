"""The care team as cards, and who looks after what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from carecoord import lookalikes
from consents.access.sharing import Person
from patients import duties, invitation_words
from providers.models import CareTeamParticipant
from providers.roles import ROLES


@dataclass
class Card:
    """One person of the team. `sharing` is there for the patient alone."""

    member: CareTeamParticipant
    rows: list[dict[str, Any]] = field(default_factory=list)
    sharing: Person | None = None
    # Whose name this one can be taken for, in other letters; for the same reader.
    looks_like: str = ""

    @property
    def name(self) -> str:
        return self.member.party.name

    @property
    def role(self) -> str:
        return self.member.role_in_words

    @property
    def description(self) -> str:
        return ROLES[self.member.role].description

    @property
    def phone(self) -> str:
        return self._card("phone")

    @property
    def on_paper(self) -> bool:
        return self.member.party.user_id is None

    def _card(self, name: str) -> str:
        party = self.member.party
        for kind in ("practitioner", "related_person"):
            if row := getattr(party, kind, None):
                return getattr(row, name, "")
        return ""

    def facts(self) -> list[dict[str, str]]:
        """Rows of the contact card that are filled in, and what they own."""
        return _filled_in(
            (_("After hours"), self._card("after_hours_phone")),
            (_("Looks after"), self.member.owns),
        )

    def more(self) -> list[dict[str, str]]:
        """The rows that can wait: on a phone they open."""
        return _filled_in(
            (_("Best way to reach them"), self._card("best_way")),
            (_("Usual reply time"), self._card("reply_time")),
            self._licence(),
        )

    def _licence(self) -> tuple[str, str]:
        practitioner = getattr(self.member.party, "practitioner", None)
        if practitioner is None or self.on_paper:
            return "", ""
        what, said = invitation_words.licence(practitioner)
        return what, said[:1].upper() + said[1:]


def _filled_in(*said: tuple[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for label, value in said if value]


def cards(
    team: list[CareTeamParticipant], people: list[Person], names: Sequence[str] = ()
) -> list[Card]:
    """`names`: of everybody on the record, for whoever keeps the team."""
    sharing = {person.party.pk: person for person in people}
    made = [
        Card(one, sharing=sharing.get(one.party_id), looks_like=_like(one, names))
        for one in team
    ]
    for card in made:
        card.rows = card.facts()
    return made


def _like(member: CareTeamParticipant, names: Sequence[str]) -> str:
    return lookalikes.looks_like(member.party.name, names)


def who_does_what(team: list[CareTeamParticipant]) -> list[tuple[str, str]]:
    """Each of the five rows with its owner; an empty owner is visible."""
    owners = {key: one.party.name for one in team for key in duties.duties_in(one.owns)}
    return [(words, owners.get(key, "")) for key, words in duties.DUTIES.items()]
