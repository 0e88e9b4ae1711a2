"""Who does what, as it stands on the sheet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from patients import record_words
from patients.one_page import Duty
from providers.models import CareTeamParticipant


def also_on_team(people: list[Duty]) -> str:
    """One line for those who look after nothing in particular."""
    if not people:
        return ""
    names = "; ".join(
        ", ".join(filter(None, (person.name, person.role, person.phone)))
        for person in people
    )
    return _("Also on the care team: %(names)s.") % {"names": names}


def duty(member: CareTeamParticipant) -> Duty:
    """Who does what: one person of the care team."""
    party = member.party
    card = getattr(party, "practitioner", None) or getattr(
        party, "related_person", None
    )
    return Duty(
        name=record_words.tidy(party.name),
        role=member.role_in_words.lower(),
        phone=record_words.tidy(card.phone) if card else "",
        duty=record_words.tidy(member.owns),
    )
