"""An imported value as the record can hold it, exactly, or a sentence why not.

Nothing is cut and nothing is rounded: what does not fit is added by hand.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from patients.actions.allergies import Reaction
from patients.actions.medicine_terms import Details, columns
from patients.codes import Criticality, DatePrecision, MedicineStatus
from patients.dosage import Dosage
from patients.fhir import (
    ImportedAllergy,
    ImportedCondition,
    ImportedMedicine,
    PartialDate,
)
from patients.models import AllergyIntolerance, Condition, MedicationStatement
from patients.proposals.comparing import status_of

# FHIR MedicationStatement.status; "unknown" is asked.
STATUS = {
    "active": MedicineStatus.ACTIVE,
    "on-hold": MedicineStatus.ON_HOLD,
    "intended": MedicineStatus.INTENDED,
    "completed": MedicineStatus.STOPPED,
    "stopped": MedicineStatus.STOPPED,
    "not-taken": MedicineStatus.STOPPED,
}


class DoesNotFit(ValueError):
    """The record cannot hold it as the file says it; the message is for the person."""


def does_not_fit(imported: object) -> str:
    """Why the record can't hold it as the file says it; empty where it can."""
    try:
        if isinstance(imported, ImportedMedicine):
            details_of(imported)
            dosage_of(imported)
        elif isinstance(imported, ImportedAllergy):
            reaction_of(imported)
        elif isinstance(imported, ImportedCondition):
            condition_of(imported)
    except DoesNotFit as error:
        return str(error)
    return ""


def status_known(medicine: ImportedMedicine) -> str:
    """The status of the line it would become; empty when the file does not say."""
    return STATUS.get(medicine.status, "")


def details_of(medicine: ImportedMedicine) -> Details:
    """The line beside its dose. Raises DoesNotFit."""
    started = medicine.started_date if medicine.started_means == "started" else None
    details = Details(
        name=medicine.name,
        brand=medicine.brand,
        reason=medicine.reason,
        prescriber_name=medicine.prescriber,
        started_date=started.date if started else None,
        started_precision=precision(started),
        rxcui=medicine.rxcui,
        source_text=". ".join(
            part for part in (medicine.source_text, medicine.dosage_text) if part
        ),
    )
    names = ("name", "brand", "reason", "prescriber_name", "rxcui")
    _check(MedicationStatement, {name: getattr(details, name) for name in names})
    return details


def precision(partial: PartialDate | None) -> str:
    return partial.precision if partial else DatePrecision.UNKNOWN


def dosage_of(medicine: ImportedMedicine) -> Dosage:
    """The dose in numbers where it is complete, else in words. Raises DoesNotFit."""
    for stated in (medicine.dosage, medicine.dosage_in_words):
        dosage = Dosage(**stated)
        if not dosage.problems() and _is_held(dosage):
            return dosage
    raise DoesNotFit(_too_long())


def _is_held(dosage: Dosage) -> bool:
    """Whether the columns hold every amount as it is, and every text whole."""
    return all(
        _holds(MedicationStatement._meta.get_field(name), value)
        for name, value in columns(dosage).items()
    )


def _holds(field: Any, value: Any) -> bool:
    if isinstance(value, Decimal):
        exact = round(value, field.decimal_places) == value
        return exact and abs(value) < 10 ** (field.max_digits - field.decimal_places)
    if isinstance(value, str) and field.max_length:
        return len(value) <= field.max_length
    return True


def reaction_of(allergy: ImportedAllergy) -> Reaction:
    """Raises DoesNotFit: an allergy is never shortened."""
    severity = f" ({allergy.severity})" if allergy.severity else ""
    reaction = Reaction(
        substance=allergy.substance,
        reaction=(", ".join(allergy.reactions) + severity).strip(),
        year=_year(allergy.onset_date),
        criticality={
            "high": Criticality.HIGH,
            "low": Criticality.LOW,
        }.get(allergy.criticality, Criticality.UNKNOWN),
    )
    _check(AllergyIntolerance, asdict(reaction))
    return reaction


def condition_of(condition: ImportedCondition) -> dict[str, Any]:
    """The columns of a diagnosis. Raises DoesNotFit."""
    found: dict[str, Any] = {
        "name": condition.name,
        "since_year": _year(condition.onset_date),
        "status": status_of(condition),
    }
    _check(Condition, found)
    return found


def _year(partial: PartialDate | None) -> int | None:
    return partial.date.year if partial else None


def stopped_day(medicine: ImportedMedicine) -> date | None:
    """The day it ended, if the file knows the day."""
    ended = medicine.ended_date
    return ended.date if ended and ended.precision == "day" else None


def _check(model: type[Model], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if not _holds(model._meta.get_field(name), value):
            raise DoesNotFit(_too_long())


def _too_long() -> str:
    return _("The file says too much here for one line. Add it by hand.")
