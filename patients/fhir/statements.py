"""What a summary says there is none of, and what it says it does not know.

"None", "not asked" and "withheld" are three things; a blank section is none of them.
Source: IPS, empty sections and missing data; FHIR list-empty-reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from patients.fhir import codes
from patients.fhir.context import Context
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


def missing_entries(resources: Iterable[Resource], *, context: Context) -> list[str]:
    """Sentences for lists that point to entries which the file does not hold.

    A list of medicines that was cut off must not look like a list without medicines.
    """
    missing: Counter[str] = Counter()
    for section, composition in _sections(resources):
        about = [codes.SECTIONS.get(code) for code in codes_of(section.get("code"))]
        kind = next(filter(None, about), "")
        for entry in dicts(section.get("entry")):
            if kind and context.references.find(entry, inside=composition) is None:
                missing[kind] += 1
    return [
        f"The file's list of {kind} points to {count} more that the file does not hold."
        for kind, count in missing.items()
    ]


def of_sections(resources: Iterable[Resource]) -> Iterator[NoneStatement]:
    """The empty sections of an IPS document, with the reason that each gives."""
    for section, _composition in _sections(resources):
        about = [codes.SECTIONS.get(code) for code in codes_of(section.get("code"))]
        said = codes_of(section.get("emptyReason"))
        reasons = [codes.EMPTY_REASONS.get(reason, "unknown") for reason in said]
        kinds = [kind for kind in about if kind]
        if kinds and reasons:
            yield of_item(kinds[0], reasons[0])


def _sections(resources: Iterable[Resource]) -> Iterator[tuple[Resource, Resource]]:
    """Each section with the document it stands in."""
    for resource in resources:
        if resource.get("resourceType") == "Composition":
            for section in dicts(resource.get("section")):
                yield section, resource
