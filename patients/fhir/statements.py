"""What a summary says there is none of, and what it says it does not know.

"None", "not asked" and "withheld" are three things; a blank section is none of them.
Source: IPS, empty sections and missing data; FHIR list-empty-reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patients.fhir import codes
from patients.fhir.records import NoneStatement
from patients.fhir.references import Resource
from patients.fhir.tolerant import codes as codes_of
from patients.fhir.tolerant import dicts

_SAID = {
    "none": "The file says: no known {about}.",
    "not-asked": "The file says that nobody asked about {about}.",
    "withheld": "The file says that {about} are kept back.",
    "unknown": "The file says that nothing is known about {about}.",
}


def of_item(about: str, reason: str) -> NoneStatement:
    """One statement, with its sentence."""
    return NoneStatement(about, reason, _SAID[reason].format(about=about))


def of_sections(resources: Iterable[Resource]) -> Iterator[NoneStatement]:
    """The empty sections of an IPS document, with the reason that each gives."""
    for resource in resources:
        if resource.get("resourceType") != "Composition":
            continue
        for section in dicts(resource.get("section")):
            about = [codes.SECTIONS.get(code) for code in codes_of(section.get("code"))]
            said = codes_of(section.get("emptyReason"))
            reasons = [codes.EMPTY_REASONS.get(reason, "unknown") for reason in said]
            kinds = [kind for kind in about if kind]
            if kinds and reasons:
                yield of_item(kinds[0], reasons[0])
