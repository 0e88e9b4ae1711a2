"""What the record holds, as far as a proposal is compared with it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from patients.models import MedicationStatement


@dataclass(frozen=True)
class Listed:
    """A line of the medicine list (patients.fhir.ListedMedicine)."""

    id: uuid.UUID
    name: str
    rxcui: str
    brand: str
    dosage_line: str
    status: str
    version: int = 0

    @classmethod
    def of(cls, line: MedicationStatement) -> Listed:
        return cls(
            id=line.pk,
            name=line.name,
            rxcui=line.rxcui,
            brand=line.brand,
            dosage_line=line.dosage.line,
            status=line.status,
            version=line.version,
        )

    @property
    def mark(self) -> str:
        """This line as it stands: what a page shows and its button names."""
        return f"{self.id.hex}.{self.version}"


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
