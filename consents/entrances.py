"""By which door, in which relation, for which purpose of use.

The purpose is never taken from the client. An entrance without a line is denied:
`purpose_of` returns nothing and access.py answers 404. Each app adds its own URL
names; a sweep checks that every clinical URL has a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import get_resolver
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from consents.codes import Channel, Relation
from providers.roles import Role

# For which purpose of use, by relation.
Purposes = Mapping[str, str]


@dataclass(frozen=True)
class Entrance:
    """Who may come in here, and for what.

    `preview`: the patient may open it as somebody else would get it. `needs`: what a
    role must be or do, by the name of its field (providers/roles.py). `shares`: the
    category that must be shared with whoever is not the patient, or ANYTHING. Both are
    enforced where a patient is opened (access/patient.py). `keeps_own`: an open page
    saves its reader's own words through it by itself, and asks for nothing. `words`
    name the place for a log, and nothing of what is behind it.
    """

    purposes: Purposes
    channel: str = Channel.WEB
    preview: bool = False
    needs: str = ""
    shares: str = ""
    keeps_own: bool = False
    words: str | Promise = ""

    def suits(self, role: Role) -> bool:
        """Whether the role is or does what the address needs."""
        return not self.needs or bool(getattr(role, self.needs))


# Some category, whichever.
ANYTHING = "anything"

PATIENT, CLINICIAN, FAMILY = Relation.PATIENT, Relation.CLINICIAN, Relation.FAMILY

REPRESENTATIVE = Relation.REPRESENTATIVE

PATIENT_ONLY: Purposes = {PATIENT: "PATRQT"}
CARE: Purposes = {PATIENT: "PATRQT", CLINICIAN: "TREAT"}
CLINICIAN_ONLY: Purposes = {CLINICIAN: "TREAT"}
EVERYONE_ON_TEAM: Purposes = {PATIENT: "PATRQT", CLINICIAN: "TREAT", FAMILY: "FAMRQT"}
# Whoever acts for the patient reads and signs here as well.
FOR_THE_PATIENT: Purposes = {PATIENT: "PATRQT", REPRESENTATIVE: "PWATRNY"}
EVERYONE: Purposes = {**EVERYONE_ON_TEAM, REPRESENTATIVE: "PWATRNY"}
FAMILY_ONLY: Purposes = {FAMILY: "FAMRQT"}
# The privacy officer's pages: no relation has a purpose there, so no record opens.
NO_CONTENT: Purposes = {}

_table: dict[str, Entrance] = {}


def register(entrances: dict[str, Entrance]) -> None:
    """Adds the lines of one app. Raises ValueError when a name is declared twice."""
    for name, entrance in entrances.items():
        if name in _table and _table[name] != entrance:
            raise ValueError(f"{name} is declared twice.")
        _table[name] = entrance


def in_words(
    lines: Mapping[str, Entrance],
    places: Iterable[tuple[str | Promise, str]],
    *,
    app: str,
) -> dict[str, Entrance]:
    """The lines of an app, each with its place in words. `places`: (words, names).

    Raises ValueError where a line has no words, or words no line.
    """
    words = {f"{app}:{name}": said for said, names in places for name in names.split()}
    if unlike := words.keys() ^ lines.keys():
        raise ValueError(f"Not one to one: {', '.join(sorted(unlike))}.")
    return {name: replace(line, words=words[name]) for name, line in lines.items()}


def entrance(name: str) -> Entrance | None:
    get_resolver().url_patterns  # noqa: B018  each app's addresses bring its lines
    return _table.get(name)


def declared() -> frozenset[str]:
    get_resolver().url_patterns  # noqa: B018
    return frozenset(_table)


def keeping_own() -> frozenset[str]:
    """Through which an open page saves the own words of whoever reads, by itself."""
    get_resolver().url_patterns  # noqa: B018
    return frozenset(name for name, line in _table.items() if line.keeps_own)


def purpose_of(name: str, relation: str) -> str | None:
    line = entrance(name)
    return line.purposes.get(relation) if line else None


def place_in_words(name: str) -> str:
    """The place in words for a log: "The one-page summary"."""
    line = entrance(name)
    return str(line.words if line and line.words else _("A page that is gone"))
