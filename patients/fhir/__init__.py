"""Records from elsewhere: FHIR files read into proposals, nothing saved, no models."""

from carecoord.json_files import UnreadableFile, clean_text
from patients.fhir.comparing import (
    Comparison,
    ListedMedicine,
    Proposal,
    compare,
    dosage_line,
    gather,
)
from patients.fhir.people import may_be_someone_else
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
    "Comparison",
    "ImportedAllergy",
    "ImportedBundle",
    "ImportedCondition",
    "ImportedMedicine",
    "ImportedPerson",
    "ListedMedicine",
    "NoneStatement",
    "PartialDate",
    "Proposal",
    "UnreadableFile",
    "clean_text",
    "compare",
    "dosage_line",
    "gather",
    "may_be_someone_else",
    "read",
]
