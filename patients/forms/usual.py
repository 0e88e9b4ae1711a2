"""The usual labels of a medicine, as answers to "What is on your label?"."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from patients.dosage import Amount, number_text
from patients.drug_list import Chosen
from patients.medicine_knowledge.starter import Medicine
from patients.medicine_knowledge.units import unit_words

# More answers than these help nobody to choose.
MOST_LABELS = 24


class Label(NamedTuple):
    """One label: what one form holds, and how people read it."""

    strength: Decimal
    unit: str
    form: str
    words: str


def labels_of(named: Chosen) -> dict[str, Label]:
    """The labels by the value a form sends back; none if there are too many."""
    found = _labels(named.medicine) if named.medicine else {}
    return found if len(found) <= MOST_LABELS else {}


def _labels(medicine: Medicine) -> dict[str, Label]:
    found = {}
    for strength in medicine.strengths:
        for value, unit in strength.amounts:
            words = f"{Amount(value, unit).text} {strength.form_name}"
            key = f"{strength.form} {number_text(value)} {unit}"
            found[key] = Label(value, unit, strength.counted_as, words)
    return found


def initial_of(named: Chosen) -> dict[str, Any]:
    """The strength that was typed with the name, if it is one and has its unit."""
    parts = named.parsed.ingredients if named.parsed else ()
    if len(parts) != 1 or parts[0].strength is None or not parts[0].unit:
        return {}
    value, unit = parts[0].strength, unit_words(parts[0].unit)
    same = [
        key
        for key, label in labels_of(named).items()
        if (label.strength, label.unit) == (value, unit)
    ]
    if len(same) == 1:
        return {"label": same[0]}
    return {} if same else {"strength": value, "unit": unit}
