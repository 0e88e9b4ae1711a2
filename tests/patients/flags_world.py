"""Flags of the cast, as each of them has them."""

from __future__ import annotations

from typing import Any

from consents.access import Reading
from consents.access.patient import open_for
from patients.access import flags as loaders
from patients.access import private_flags
from patients.access.flags import FlagRows, Raised
from tests.patients import medicines_world as world


def opened(cast: Any, who: str):
    reading = Reading(user=cast.user(who), entrance="patients:medicines")
    return open_for(reading, cast.amina.pk, writes=False)


def rows(cast: Any, who: str) -> FlagRows:
    return loaders.load_flags(opened(cast, who))


def pairs(cast: Any, who: str) -> list[tuple[str, ...]]:
    """The names of every flag about two things, as this member has them."""
    return [one.flag.names for one in rows(cast, who).raised if one.flag.b]


def raised(cast: Any, who: str, *names: str) -> Raised:
    """The flag about these two names."""
    wanted = set(names)
    return next(one for one in rows(cast, who).raised if set(one.flag.names) == wanted)


def unwarned(cast: Any) -> list[private_flags.Unwarned]:
    patient = opened(cast, "amina")
    return private_flags.unwarned(patient, loaders.load_flags(patient))


def html(cast: Any, who: str, place: str = "medicines/") -> str:
    """A page of Amina's with its flags, as this member reads it."""
    response = world.signed_in(cast, who).get(world.page(cast, place))
    assert response.status_code == 200
    return response.content.decode()


def warning(mark: str, rest: str = "") -> str:
    """The address of one warning, or of an answer to it."""
    return f"medicines/warnings/{mark}/{rest}"
