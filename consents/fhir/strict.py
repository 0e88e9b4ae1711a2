"""Reading JSON where a field that is passed over would widen a permission.

The reader of records (patients/fhir/tolerant.py) loses as little as possible. Here a
list with one broken entry is not a shorter list: in FHIR an absent limit is no limit.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from carecoord.json_files import clean_text

MAX_LISTED = 60
MAX_NAME = 100
Json = dict[str, Any]


class LeftOut(Exception):
    """A rule, or a whole permission, that is not taken over; one plain sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def broken() -> LeftOut:
    return LeftOut(_("A permission in this file is damaged. It is left out."))


def objects(resource: Json, key: str) -> list[Json]:
    """The objects under a key, none if absent. Raises LeftOut for anything else."""
    if key not in resource:
        return []
    found = resource[key]
    if not isinstance(found, list) or not 0 < len(found) <= MAX_LISTED:
        raise broken()
    if not all(isinstance(each, dict) for each in found):
        raise broken()
    return found


def one(resource: Json, key: str) -> Json:
    """The object under a key, empty if absent. Raises LeftOut for anything else.

    Also for an empty one, which FHIR has nowhere: a limit stood there, or was to.
    """
    if key not in resource:
        return {}
    found = resource[key]
    if not isinstance(found, dict) or not found:
        raise broken()
    return found


def word(resource: Json, key: str) -> str:
    """A text under a key; empty if it is absent. Raises LeftOut for anything else."""
    found = resource.get(key, "")
    if not isinstance(found, str):
        raise broken()
    return found


def code(coding: Json) -> tuple[str, str]:
    """System and code. Raises LeftOut where one of them is missing."""
    found = word(coding, "system").strip(), word(coding, "code").strip()
    if not all(found):
        raise LeftOut(_("A part of this file is incomplete. Its rule is left out."))
    return found


def concept(value: Json) -> list[tuple[str, str]]:
    """The codings of a CodeableConcept. Raises LeftOut for words without a code."""
    found = [code(coding) for coding in objects(value, "coding")]
    if not found:
        raise LeftOut(
            _("A rule in this file can only be read by people. It is left out.")
        )
    return found


def only(resource: Json, allowed: set[str]) -> None:
    """Raises LeftOut for a field that limits something in a way unknown here."""
    if set(resource) - allowed - {"id", "extension"}:
        raise LeftOut(
            _(
                "A rule in this file has a limit that cannot be kept here. "
                "It is left out."
            )
        )


def name_of(value: object, *, longest: int = MAX_NAME) -> str:
    """Words for a person to read; never markup, never long."""
    return clean_text(value, limit=longest).replace("<", "").replace(">", "")
