"""What a file says, before anybody here is known by it. Plain values, no models."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self


@dataclass(frozen=True)
class Whose:
    """The patient for whom a file is read."""

    id: str
    name: str
    birth_date: date | None


@dataclass(frozen=True)
class Named:
    """Somebody as a file names them."""

    name: str
    id: str = ""
    npi: str = ""


@dataclass(frozen=True)
class Rule:
    """One recipient, and one permit or deny, in this product's terms.

    `starts`, `ends` and `since` are moments as FHIR writes them: a day begins at
    midnight where the patient lives. Empty: the file does not say.
    """

    effect: str
    recipient: Named
    categories: int
    labels: int = 0
    purposes: int = 0
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    disclosers: tuple[Named, ...] = ()
    # What ends it sooner, in the patient's words.
    ends_event: str = ""
    # What the file says and no draft can hold: one sentence each.
    said: tuple[str, ...] = field(default=())

    def as_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        found: dict[str, Any] = json.loads(text)
        found["recipient"] = Named(**found["recipient"])
        found["disclosers"] = tuple(Named(**each) for each in found["disclosers"])
        for key in ("starts", "ends", "since", "said"):
            found[key] = tuple(found[key])
        return cls(**found)
