"""Finding what a reference points to, inside one file and never outside it.

Source: FHIR R4 2.3 (references), 2.36.4 (resolving references in bundles).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir.tolerant import as_dict, as_list, dicts, first_text, texts

Resource = dict[str, Any]
MAX_LINKS = 4  # PractitionerRole -> Practitioner -> ...: a ring ends here


class References:
    """Every resource of a file by each address that a reference may use."""

    def __init__(self, entries: Iterable[tuple[str, Resource]]) -> None:
        self._by_address: dict[str, Resource | None] = {}
        self._by_url: dict[str, Resource] = {}
        for full_url, resource in entries:
            self._add(full_url, resource)

    def _add(self, full_url: str, resource: Resource) -> None:
        if full_url:
            self._by_url.setdefault(full_url, resource)
        identity = clean_text(resource.get("id"))
        if not identity:
            return
        type_name = clean_text(resource.get("resourceType"))
        for address in (f"{type_name}/{identity}", f"urn:uuid:{identity}", identity):
            other = self._by_address.get(address, resource)
            # Two different entries under one short address: it means neither.
            self._by_address[address] = resource if other is resource else None

    def find(self, reference: Any, *, inside: Resource) -> Resource | None:
        """The resource a Reference points to; None where the file does not hold it."""
        address = _address(reference)
        if address.startswith("#"):
            return _contained(address[1:], inside=inside)
        address = address.partition("/_history/")[0]
        if not address:
            return None
        found = self._by_url.get(address) or self._by_address.get(address)
        if found is None and "/" in address:
            found = self._by_address.get("/".join(address.split("/")[-2:]))
        return found

    def name(self, reference: Any, *, inside: Resource, links: int = 0) -> str:
        """The name of the person or organization, from the entry or the reference."""
        display = clean_text(as_dict(reference).get("display")).split(" || ")[0]
        found = self.find(reference, inside=inside)
        if found is None or links >= MAX_LINKS:
            return display
        return display or self._own_name(found, links=links + 1)

    def _own_name(self, resource: Resource, *, links: int) -> str:
        name = resource.get("name")
        if isinstance(name, str):
            return clean_text(name)
        own = next(iter(person_names(resource)), "")
        if own:
            return own
        parts = (resource.get("practitioner"), resource.get("organization"))
        named = (self.name(part, inside=resource, links=links) for part in parts)
        return next((name for name in named if name), "")

    def type_of(self, reference: Any, *, inside: Resource) -> str:
        """`Patient`, `Practitioner` …, from the entry, the link or its address."""
        found = self.find(reference, inside=inside)
        if found is not None:
            return clean_text(found.get("resourceType"))
        said = clean_text(as_dict(reference).get("type"))
        parts = _address(reference).split("/")
        return said or (parts[-2] if len(parts) > 1 else "")


def _address(reference: Any) -> str:
    if isinstance(reference, str):
        return clean_text(reference)
    return clean_text(as_dict(reference).get("reference"))


def _contained(identity: str, *, inside: Resource) -> Resource | None:
    for resource in dicts(inside.get("contained")):
        if clean_text(resource.get("id")).lstrip("#") == identity:
            return resource
    return None


def person_names(resource: Resource) -> list[str]:
    """The names of a person, the current ones first, each as one line."""
    names = sorted(dicts(resource.get("name")), key=_is_former)
    return [line for line in map(_name_line, names) if line]


def _is_former(name: Resource) -> bool:
    return name.get("use") == "old" or "end" in as_dict(name.get("period"))


def _name_line(name: Resource) -> str:
    given = [*texts(name.get("prefix")), *texts(name.get("given"))]
    parts = [*given, *texts(as_list(name.get("family")))]
    return first_text(name.get("text"), " ".join(parts))
