"""What is shared while one file is read: its references, its person, its problems."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir.names import strip_tag
from patients.fhir.references import References, Resource
from patients.fhir.tolerant import as_dict, concept_text, dicts

MOST_NAMED = 20


@dataclass
class Context:
    """One reading of one file."""

    references: References
    patient: Resource | None = None
    problems: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    def name(self, resource: Resource, *keys: str) -> str:
        """The name behind the first of these references that has one.

        STU3 puts the reference to the requester one level down, in `agent`.
        """
        for key in keys:
            reference = as_dict(resource.get(key))
            for candidate in (reference, as_dict(reference.get("agent"))):
                found = self.references.name(candidate, inside=resource)
                if found:
                    return found
        return ""

    def is_about_someone_else(self, resource: Resource) -> bool:
        """True if the entry names a patient of the file who is not the main one."""
        for key in ("subject", "patient"):
            found = self.references.find(resource.get(key), inside=resource)
            if found is not None and found.get("resourceType") == "Patient":
                return self.patient is not None and found is not self.patient
        return False

    def concepts(self, resource: Resource, *keys: str) -> str:
        """The words of several concepts and references, once each: a reason."""
        said: list[str] = []
        for key in keys:
            for one in dicts(resource.get(key)):
                said.append(concept_text(one) or concept_text(one.get("concept")))
                said.append(self._condition_of(one, inside=resource))
        return "; ".join(dict.fromkeys(strip_tag(text) for text in said if text))

    def say_unresolved(self) -> None:
        """One sentence for all the medicines whose details are elsewhere."""
        names = list(dict.fromkeys(self.unresolved))
        if not names:
            return
        listed = "; ".join(names[:MOST_NAMED])
        more = f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else ""
        self.problems.append(
            "The file points to details that are not in it. "
            f"The names in the file are used for: {listed}{more}."
        )

    def _condition_of(self, reference: dict[str, Any], *, inside: Resource) -> str:
        inner = reference.get("reference")
        reference = inner if isinstance(inner, dict) else reference
        found = self.references.find(reference, inside=inside)
        if found is None:
            return clean_text(reference.get("display"))
        return concept_text(found.get("code"))


def notes_of(resource: Resource) -> str:
    """The notes of an entry as one text."""
    said = [clean_text(note.get("text")) for note in dicts(resource.get("note"))]
    return clean_text(" ".join(text for text in said if text))


def fingerprint(*parts: object) -> str:
    """The same for the same content, whatever file it comes in and with which id."""
    said = "\x1f".join(" ".join(str(part).casefold().split()) for part in parts)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
