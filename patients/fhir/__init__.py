"""Records from elsewhere: FHIR files read into proposals, nothing saved, no models."""

from patients.fhir.limits import UnreadableFile, clean_text
from patients.fhir.reader import read
from patients.fhir.records import (
    Coding,
    ImportedAllergy,
    ImportedBundle,
    ImportedCondition,
    ImportedMedicine,
    ImportedPerson,
    NoneStatement,
    PartialDate,
)

__all__ = [
    "Coding",
    "ImportedAllergy",
    "ImportedBundle",
    "ImportedCondition",
    "ImportedMedicine",
    "ImportedPerson",
    "NoneStatement",
    "PartialDate",
    "UnreadableFile",
    "clean_text",
    "read",
]
