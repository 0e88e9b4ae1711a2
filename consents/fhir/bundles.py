"""What is in a file: one resource, or a Bundle of what counts now."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from carecoord.json_files import UnreadableFile
from consents.fhir import strict
from consents.fhir.strict import Json, LeftOut

Resources = list[tuple[str, Json]]


def resources(value: Any) -> Resources:
    """(fullUrl, resource) of a Bundle, or of one resource alone.

    Raises UnreadableFile for anything else, and for a history: what was changed or
    taken back stands there as it was before.
    """
    if not isinstance(value, dict):
        raise UnreadableFile(
            _(
                "This file is no permission. It must be one that another health system "
                "saved (FHIR, ending in .json)."
            )
        )
    if value.get("resourceType") != "Bundle":
        return [("", value)]
    if value.get("type") == "history":
        raise UnreadableFile(
            _("This file holds what was before as well. Ask for what counts now.")
        )
    try:
        return [
            (strict.word(each, "fullUrl"), strict.one(each, "resource"))
            for each in strict.objects(value, "entry")
        ]
    except LeftOut as error:
        raise UnreadableFile(_("This file is damaged. Ask for it again.")) from error


def consents(found: Resources) -> list[Json]:
    """The permissions in it, in its order."""
    return [each for _url, each in found if each.get("resourceType") == "Consent"]


class Versions:
    """Which permissions stand in a file twice: nobody knows which of the two counts."""

    def __init__(self, found: Resources) -> None:
        self.urls = {
            id(each): url
            for url, each in found
            if each.get("resourceType") == "Consent"
        }
        self.seen = Counter(
            name for each in consents(found) for name in self._names(each)
        )

    def check(self, resource: Json) -> None:
        """Raises LeftOut for one of those."""
        if any(self.seen[name] > 1 for name in self._names(resource)):
            raise LeftOut(_("This file has one permission twice. Both are left out."))

    def _names(self, resource: Json) -> list[tuple[str, str]]:
        """Its address and its id, where the file says them."""
        names = {"url": self.urls[id(resource)], "id": resource.get("id")}
        return [
            (kind, name)
            for kind, name in names.items()
            if isinstance(name, str) and name
        ]
