"""Flags of the cast, as each of them has them."""

from __future__ import annotations

from typing import Any

from consents.access import Reading
from consents.access.patient import open_for
from patients.access import flags as loaders
from patients.access import private_flags
from patients.access.flags import FlagRows, Raised


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
