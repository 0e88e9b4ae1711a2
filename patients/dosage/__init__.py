"""Doses that cannot be misread: exact amounts, safe words, plain sentences."""

from patients.dosage.amounts import (
    DECIMAL_PLACES,
    DOSE_UNITS,
    FORMS,
    LARGEST_AMOUNT,
    LIQUIDS,
    NBSP,
    Amount,
    AmountError,
    count_text,
    normalise_form,
    normalise_unit,
    number_text,
    parse_amount,
)
from patients.dosage.calendar import add_months, next_due
from patients.dosage.days import DayDose, day_names, days_from_json
from patients.dosage.dose import (
    SCHEDULES,
    Dosage,
    DoseStep,
    is_less,
    steps_from_json,
    steps_to_json,
)
from patients.dosage.problems import TIMES
from patients.dosage.words import date_text

__all__ = [
    "DECIMAL_PLACES",
    "DOSE_UNITS",
    "FORMS",
    "LARGEST_AMOUNT",
    "LIQUIDS",
    "NBSP",
    "SCHEDULES",
    "TIMES",
    "Amount",
    "AmountError",
    "DayDose",
    "Dosage",
    "DoseStep",
    "add_months",
    "count_text",
    "date_text",
    "is_less",
    "day_names",
    "days_from_json",
    "next_due",
    "normalise_form",
    "normalise_unit",
    "number_text",
    "parse_amount",
    "steps_from_json",
    "steps_to_json",
]
