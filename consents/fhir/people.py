"""Whom a file means: found inside the file, never fetched, never guessed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from consents.fhir import codes, strict
from consents.fhir.rules import Named, Whose
from consents.fhir.strict import Json, LeftOut

ONE = ("Practitioner", "Organization", "RelatedPerson")
_UUID = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


class People:
    """Everyone in one file, as one Consent of it may point to them."""

    def __init__(
        self, consent: Json, resources: list[tuple[str, Json]], whose: Whose
    ) -> None:
        self.consent, self.whose = consent, whose
        self._found: dict[str, Json | None] = {}
        for resource in strict.objects(consent, "contained"):
            self._keep(f"#{strict.word(resource, 'id')}", resource)
        for url, resource in resources:
            kind, pk = resource.get("resourceType"), resource.get("id")
            self._keep(url, resource)
            if isinstance(kind, str) and isinstance(pk, str):
                self._keep(f"{kind}/{pk}", resource)

    def _keep(self, address: str, resource: Json) -> None:
        """Two resources under one address mean neither; without one, nobody points."""
        if address in ("", "#"):
            return
        if address in self._found and self._found[address] is not resource:
            self._found[address] = None
        else:
            self._found[address] = resource

    def check_patient(self) -> None:
        """Raises LeftOut unless it is theirs by name or id, and by birth date.

        Another system numbers the same person otherwise: beside a number that is not
        known here, name and birth date must both stand and both be theirs.
        """
        reference = strict.one(self.consent, "patient")
        resource = self._resource(reference) or {}
        ids = _ids([*_identifiers(resource), *_one_identifier(reference)])
        born = strict.word(resource, "birthDate")
        own = self.whose.birth_date
        strangers = LeftOut(
            _("A permission in this file is about somebody else. It is left out.")
        )
        if born and (own is None or _day(born) != own):
            raise strangers
        if self.whose.id in ids:
            return
        if ids and not born:
            raise strangers
        name = _name(resource) or strict.name_of(reference.get("display"))
        if _plain(name) != _plain(self.whose.name):
            raise LeftOut(
                _("A permission in this file does not have your name. It is left out.")
            )

    def named(self, reference: Json) -> Named:
        """One person or organization. Raises LeftOut for a group, or for nobody."""
        resource = self._resource(reference) or {}
        kind = strict.word(resource, "resourceType") or _kind(reference)
        if kind and kind not in ONE:
            raise LeftOut(
                _("A rule in this file is for a whole group. It is left out.")
            )
        shown = strict.name_of(reference.get("display"))
        name = _name(resource) or shown
        if not name or (shown and _plain(shown) != _plain(name)):
            raise LeftOut(
                _("A rule in this file does not say for whom. It is left out.")
            )
        identifiers = [*_identifiers(resource), *_one_identifier(reference)]
        ids = _ids(identifiers)
        npis = {value for system, value in identifiers if system == codes.NPI}
        if len(ids) > 1 or len(npis) > 1:
            raise LeftOut(
                _("A rule in this file does not say for whom. It is left out.")
            )
        return Named(name=name, id="".join(ids), npi="".join(npis))

    def _resource(self, reference: Json) -> Json | None:
        return self._found.get(strict.word(reference, "reference"))


def _kind(reference: Json) -> str:
    """The type of what a reference names, where the file says so."""
    parts = strict.word(reference, "reference").split("/")
    return strict.word(reference, "type") or (parts[-2] if len(parts) > 1 else "")


def _identifiers(resource: Json) -> list[tuple[str, str]]:
    return [
        (strict.word(each, "system"), strict.word(each, "value"))
        for each in strict.objects(resource, "identifier")
    ]


def _one_identifier(reference: Json) -> list[tuple[str, str]]:
    found = strict.one(reference, "identifier")
    return (
        [(strict.word(found, "system"), strict.word(found, "value"))] if found else []
    )


def _ids(identifiers: list[tuple[str, str]]) -> set[str]:
    """The ids of this product, or of another that writes them in the same way."""
    return {
        found.group(1)
        for system, value in identifiers
        if system == codes.URI and (found := _UUID.fullmatch(value.lower()))
    }


def _name(resource: Json) -> str:
    name = resource.get("name")
    if isinstance(name, str):
        return strict.name_of(name)
    for each in _short(name):
        if isinstance(each, dict):
            parts = [*_short(each.get("given")), each.get("family")]
            spelled = " ".join(filter(None, (strict.name_of(part) for part in parts)))
            return strict.name_of(each.get("text")) or spelled
    return ""


def _short(value: Any) -> list[Any]:
    """A list as it stands; none for anything else. Raises LeftOut for a long one.

    A name is read once for each rule that points to it: thousands of given names under
    thousands of rules would keep the machine busy for minutes.
    """
    found = value if isinstance(value, list) else []
    if len(found) > strict.MAX_LISTED:
        raise strict.broken()
    return found


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
