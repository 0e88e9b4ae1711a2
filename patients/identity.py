"""Who a page is about, said so that two people can't be mixed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from consents.access import OpenPatient
from consents.codes import Relation
from patients.models import Patient


@dataclass(frozen=True)
class Listed:
    """One row of a list of patients; the birth date only where a name is not enough."""

    patient: Patient
    with_birth_date: bool


def surname_first(name: str) -> str:
    """ "RIVERA, Jordan": the form in which charts are compared (NHS CUI).

    The last word is taken for the family name; a single word stays as it is.
    """
    first, _space, last = name.strip().rpartition(" ")
    return f"{last.upper()}, {first}" if first else last


def heading(opened: OpenPatient) -> str:
    """Whom the page is about: as charts are compared, for who compares charts.

    Family and who acts for the patient read the name as it is said.
    """
    if opened.relation == Relation.CLINICIAN:
        return surname_first(opened.patient.name)
    return opened.patient.name


def listed(patients: Sequence[Patient]) -> list[Listed]:
    """The rows in their order; two people of one name each carry their birth date."""
    counted = Counter(_plain(patient.name) for patient in patients)
    return [Listed(patient, counted[_plain(patient.name)] > 1) for patient in patients]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
