"""The usual labels of a medicine, as answers to "What is on the label?"."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from patients.dosage import Amount, number_text
from patients.drug_list import Chosen, products_of
from patients.fhir.forms import read_form
from patients.medicine_knowledge import parse
from patients.medicine_knowledge.starter import Medicine
from patients.medicine_knowledge.units import unit_words
from patients.models import ListedMedicine

# More answers than these help nobody to choose.
MOST_LABELS = 24


class Label(NamedTuple):
    """One label: what one form holds, and how people read it."""

    strength: Decimal
    unit: str
    form: str
    words: str


def labels_of(named: Chosen) -> dict[str, Label]:
    """The labels by the value a form sends back; none if there are too many.

    Those of the starter list are the usual ones; of any other name, what the complete
    list that a deployment imported has under it.
    """
    found = _labels(named.medicine) if named.medicine else {}
    found = found or _listed(named.brand or named.name)
    return found if len(found) <= MOST_LABELS else {}


def _labels(medicine: Medicine) -> dict[str, Label]:
    found = {}
    for strength in medicine.strengths:
        for value, unit in strength.amounts:
            words = f"{Amount(value, unit).text} {strength.form_name}"
            key = f"{strength.form} {number_text(value)} {unit}"
            found[key] = Label(value, unit, strength.counted_as, words)
    return found


def _listed(name: str) -> dict[str, Label]:
    made = filter(None, map(_label_of, products_of(name)))
    ordered = sorted(made, key=lambda label: (label.form, label.unit, label.strength))
    return {
        f"{label.form} {number_text(label.strength)} {label.unit}": label
        for label in ordered
    }


def _label_of(product: ListedMedicine) -> Label | None:
    """What one form holds; None for combinations, and for how strong a shot is."""
    parts, form = parse(product.full_name).parts, read_form(product.form)
    if len(parts) != 1 or parts[0].strength is None or not form.kind:
        return None
    value, unit = parts[0].strength, unit_words(parts[0].unit)
    if not unit or (" per " in unit and form.kind != "liquid"):
        return None
    release = form.release.replace(" ", "-")
    words = " ".join(filter(None, (Amount(value, unit).text, release, form.kind)))
    return Label(value, unit, form.kind, words)


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
