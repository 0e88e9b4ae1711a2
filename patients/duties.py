"""Who looks after what (S35): five rows that must not be nobody's, and free words.

Kept as the text that the patient reads, in `CareTeamParticipant.owns`, one thing after
the other with a semicolon between them.
"""

from __future__ import annotations

from collections.abc import Iterable

from providers.models import CareTeamParticipant

DUTIES = {
    "medicines": "Changes mental health medicines",
    "goals": "Therapy goals",
    "labs": "Labs and weight",
    "after_hours": "After-hours calls",
    "after_hospital": "First contact after a hospital stay",
}
_KEYS = {words: key for key, words in DUTIES.items()}


def parts(owns: str) -> list[str]:
    return [part.strip() for part in owns.split(";") if part.strip()]


def duties_in(owns: str) -> set[str]:
    """The keys of the rows that this person looks after."""
    return {_KEYS[part] for part in parts(owns) if part in _KEYS}


def other_in(owns: str) -> str:
    """What they look after beside the five."""
    return "; ".join(part for part in parts(owns) if part not in _KEYS)


def settled(team: Iterable[CareTeamParticipant]) -> list[CareTeamParticipant]:
    """The same people, each row with one owner: somebody of the child's own first.

    Whom a parent knows keeps a row that the child gave to somebody else
    (patients.actions.team.give_duties); to whoever knows both it is the other's.
    """
    own: set[str] = set()
    people = list(team)
    for member in people:
        if member.is_childs_own:
            own |= duties_in(member.owns)
    for member in people:
        if not member.is_childs_own and (shadowed := duties_in(member.owns) & own):
            kept = duties_in(member.owns) - shadowed
            member.owns = text_of(kept, other_in(member.owns))
    return people


def text_of(duties: Iterable[str], other: str) -> str:
    """The text to keep. Raises KeyError for an unknown row."""
    chosen = set(duties)
    if unknown := chosen - DUTIES.keys():
        raise KeyError(unknown)
    known = [words for key, words in DUTIES.items() if key in chosen]
    return "; ".join([*known, *parts(other)])
