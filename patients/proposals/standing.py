"""What the record holds, as far as a proposal is compared with it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Listed:
    """A line of the medicine list (patients.fhir.ListedMedicine)."""

    id: uuid.UUID
    name: str
    rxcui: str
    brand: str
    dosage_line: str
    status: str


@dataclass(frozen=True)
class Named:
    """An allergy with its reaction, or a diagnosis with its status."""

    id: uuid.UUID
    name: str
    detail: str


@dataclass(frozen=True)
class Standing:
    """The record of one patient before a file is added to it."""

    medicines: tuple[Listed, ...] = field(default=())
    allergies: tuple[Named, ...] = field(default=())
    conditions: tuple[Named, ...] = field(default=())
    states_no_allergies: bool = False
