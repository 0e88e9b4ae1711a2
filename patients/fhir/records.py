"""What one imported file says, as plain frozen values: nothing here is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

_words = str.split
_MONTHS = _words(
    "January February March April May June July August September October November "
    "December"
)


@dataclass(frozen=True)
class PartialDate:
    """A date known to the day, the month or the year (FHIR dateTime, R4 2.24)."""

    date: date
    precision: str  # "day", "month" or "year"

    @property
    def text(self) -> str:
        """The date in words, saying no more than is known."""
        month = _MONTHS[self.date.month - 1]
        return {
            "day": f"{month} {self.date.day}, {self.date.year}",
            "month": f"{month} {self.date.year}",
        }.get(self.precision, str(self.date.year))


@dataclass(frozen=True)
class Coding:
    """One code with its system and the words beside it."""

    system: str
    code: str
    display: str = ""
    user_selected: bool = False


@dataclass(frozen=True)
class ImportedPerson:
    """Whom the file is about, so that a wrong file is noticed before it is used."""

    name: str
    birth_date: PartialDate | None
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportedMedicine:
    """A medicine as a file states it: a proposal, never a line of the list.

    `dosage` holds keyword arguments for `patients.dosage.Dosage`; `dosage_in_words`
    the same as a schedule "other" that quotes the file, for when the first lacks
    something that the list asks for.
    """

    name: str
    ingredient: str
    brand: str
    form: str
    strength: Decimal | None
    unit: str
    rxcui: str
    codings: tuple[Coding, ...]
    dosage: Mapping[str, Any]
    dosage_in_words: Mapping[str, Any]
    dosage_text: str  # what the file says about taking it, in its own words
    reason: str
    status: str  # FHIR MedicationStatement.status
    source_status: str  # the status as written in the file
    started_date: PartialDate | None
    started_means: str  # "started", "taken" (was taking then), "prescribed" or ""
    ended_date: PartialDate | None
    recorded_date: PartialDate | None
    prescriber: str
    information_source: str
    source_text: str  # the name as the file writes it
    kind: str  # "MedicationStatement" or "MedicationRequest"
    source_id: str
    intent: str = ""  # MedicationRequest.intent: order, plan, proposal ...
    notes: tuple[str, ...] = ()
    proposed_labels: tuple[str, ...] = ()
    never_active: bool = False
    about_someone_else: bool = False
    fingerprint: str = ""
    part2_origin: bool = False  # the file says: from a program of 42 CFR part 2


@dataclass(frozen=True)
class ImportedAllergy:
    """An allergy, or the statement that there is none (`is_no_known`)."""

    substance: str
    reactions: tuple[str, ...]
    severity: str  # the worst of the reactions: mild, moderate, severe or ""
    criticality: str  # low, high, unable-to-assess or ""
    type: str  # allergy, intolerance or ""
    category: tuple[str, ...]
    clinical_status: str
    verification_status: str
    codings: tuple[Coding, ...]
    is_no_known: bool  # "no known …": none_about says of what
    is_no_information: bool  # "nothing is known": never the same as "none known"
    none_about: str  # "any", "medicine", "food", "environment", "latex" or ""
    onset_date: PartialDate | None
    recorded_date: PartialDate | None
    recorder: str
    note: str
    source_text: str
    source_id: str
    notes: tuple[str, ...] = ()
    never_active: bool = False
    about_someone_else: bool = False
    fingerprint: str = ""
    proposed_labels: tuple[str, ...] = ()
    part2_origin: bool = False  # the file says: from a program of 42 CFR part 2


@dataclass(frozen=True)
class ImportedCondition:
    """A diagnosis or problem, or the statement that there is none."""

    name: str
    codings: tuple[Coding, ...]
    clinical_status: str
    verification_status: str
    severity: str
    category: tuple[str, ...]
    is_no_known: bool
    is_no_information: bool
    onset_date: PartialDate | None
    onset_text: str
    ended_date: PartialDate | None
    recorded_date: PartialDate | None
    recorder: str
    note: str
    source_text: str
    source_id: str
    notes: tuple[str, ...] = ()
    proposed_labels: tuple[str, ...] = ()
    never_active: bool = False
    about_someone_else: bool = False
    fingerprint: str = ""
    part2_origin: bool = False  # the file says: from a program of 42 CFR part 2


@dataclass(frozen=True)
class NoneStatement:
    """The file says that there is nothing, or nothing known, of one kind."""

    about: str  # "medicines", "allergies" or "conditions"
    reason: str  # "none", "not-asked", "withheld", "unknown"
    sentence: str


@dataclass(frozen=True)
class ImportedBundle:
    """Everything that was read from one file."""

    source_name: str
    bundle_type: str
    made_date: PartialDate | None
    person: ImportedPerson | None
    medicines: tuple[ImportedMedicine, ...]
    allergies: tuple[ImportedAllergy, ...]
    conditions: tuple[ImportedCondition, ...]
    statements: tuple[NoneStatement, ...]
    problems: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)
    fingerprint: str = ""
