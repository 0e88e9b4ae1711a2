"""Security labels: a permit must name a topic whole, a deny may name a part of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consents.fhir import codes, strict
from consents.fhir.strict import Json, LeftOut


def is_ordinary(leaf: Json) -> bool:
    """Whether a permit names only how confidential: up to there, so the ordinary."""
    found = _found(strict.objects(leaf, "securityLabel"))
    return bool(found) and all(
        system == codes.CONFIDENTIALITY and name in codes.ORDINARY
        for system, name in found
    )


def permitted(marks: list[Json], said: list[str]) -> int:
    """The labels that a permit shares, each named with all of its codes.

    Raises LeftOut for a mix with how confidential it is: "and" or "or" is not said.
    """
    found = _found(marks)
    if is_ordinary({"securityLabel": marks} if marks else {}):
        return 0
    if any(system == codes.CONFIDENTIALITY for system, _name in found):
        raise LeftOut(
            _(
                "A rule in this file marks what it shares in a way unknown "
                "here. It is left out."
            )
        )
    named = {name for system, name in found if system == codes.ACT}
    shared = {bit: whole for bit, whole in codes.LABEL_CODES.items() if whole <= named}
    covered = {name for whole in shared.values() for name in whole}
    if len(covered) != len(set(found)):
        said.append(
            _("The file names only a part of a sensitive topic. It is not shared.")
        )
    return sum(shared)


def denied(marks: list[Json]) -> int:
    """At least the labels that a rule keeps back.

    Raises LeftOut for a mark that nothing here carries: it cannot be kept back by it.
    """
    found = _found(marks)
    mask = 0
    for system, name in found:
        if system != codes.ACT or name not in codes.DENIED_BY_LABEL:
            raise LeftOut(
                _(
                    "A rule in this file keeps back a topic unknown here. "
                    "It cannot be kept exactly, so it is left out."
                )
            )
        mask |= codes.DENIED_BY_LABEL[name]
    return mask


def _found(marks: list[Json]) -> list[tuple[str, str]]:
    return [strict.code(each) for each in marks]
