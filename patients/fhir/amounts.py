"""How much each time, from a FHIR dose: forms, an amount, or nothing certain.

A dose of 100 mg of a 50 mg tablet is 2 tablets; a dose of "4" without a unit is not
4 of anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carecoord.json_files import clean_text
from patients.fhir.forms import form_kind
from patients.fhir.names import UNIT, plain
from patients.fhir.tolerant import as_dict, can_be_kept, dicts, first_text, number

_IN_MG = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}
QUARTER = Decimal("0.25")
MOST_FORMS = Decimal(20)
LARGEST = Decimal(1_000_000)


@dataclass(frozen=True)
class Label:
    """What one form of the medicine holds, as far as the file says."""

    strength: Decimal | None
    unit: str
    kind: str  # tablet, liquid ...
    form: str  # sublingual tablet


@dataclass(frozen=True)
class Dose:
    """The amount of one dose. `certain` without a count means that none is stated."""

    count: Decimal | None = None
    strength: Decimal | None = None
    unit: str = ""
    form: str = ""
    certain: bool = False


UNCERTAIN = Dose()


@dataclass(frozen=True)
class _Quantity:
    value: Decimal
    unit: str  # a unit of `names.UNIT`, or ""
    kind: str  # a kind of form, or ""


def read_dose(dosage: dict[str, Any], *, label: Label) -> Dose:
    """How much each time. Not `certain` for ranges, rates and units unknown here."""
    rates = dicts(dosage.get("doseAndRate"))
    stated = [rate["doseQuantity"] for rate in rates if "doseQuantity" in rate]
    # STU3 and DSTU2 have it one level up.
    stated += [dosage[key] for key in ("doseQuantity",) if key in dosage]
    if any(_is_open(rate) for rate in (*rates, dosage)):
        return UNCERTAIN
    if not stated:
        return _on_label(label, None)
    quantities = [_quantity(one) for one in stated]
    if any(quantity is None for quantity in quantities):
        return UNCERTAIN
    known = [quantity for quantity in dict.fromkeys(quantities) if quantity]
    return _combined(known, label=label)


def _is_open(dose: dict[str, Any]) -> bool:
    return any(key.startswith(("doseRange", "rate")) for key in dose)


def _quantity(stated: Any) -> _Quantity | None:
    quantity = as_dict(stated)
    value = number(quantity.get("value"))
    unit = first_text(quantity.get("unit"), quantity.get("code"))
    if (
        value is None
        or not 0 < value < LARGEST
        or clean_text(quantity.get("comparator"))
    ):
        return None
    if not can_be_kept(value):
        return None
    known = UNIT.get(unit.strip("[]").lower(), "")
    kind = form_kind(unit)
    return _Quantity(value, known, kind) if known or kind else None


def _combined(found: list[_Quantity], *, label: Label) -> Dose:
    forms = [one for one in found if one.kind]
    amounts = [one for one in found if not one.kind]
    if len(forms) > 1 or len(amounts) > 1:
        return UNCERTAIN
    if not forms:
        return _from_amount(amounts[0], label=label)
    dose = _from_forms(forms[0], label=label)
    if not amounts or not dose.certain:
        return dose
    return _both(forms[0], amounts[0], label=label)


def _from_forms(stated: _Quantity, *, label: Label) -> Dose:
    if label.kind not in {"", stated.kind} or stated.value > MOST_FORMS:
        return UNCERTAIN
    return _on_label(label, stated.value, kind=stated.kind)


def _both(forms: _Quantity, amount: _Quantity, *, label: Label) -> Dose:
    """`850 mg` and `1 tablet` of one dose: together they give the strength."""
    if label.strength is not None:
        said = _from_amount(amount, label=label)
        return said if said.count == forms.value else UNCERTAIN
    strength = amount.value / forms.value
    if (
        not can_be_kept(strength)
        or strength * forms.value != amount.value
        or amount.unit not in UNIT.values()
    ):
        return UNCERTAIN
    form = label.form or forms.kind
    return Dose(forms.value, strength, amount.unit, form, certain=True)


def _from_amount(stated: _Quantity, *, label: Label) -> Dose:
    if stated.unit == "mL" and label.kind == "liquid":
        return _on_label(label, stated.value)
    if label.strength is None:
        # Nothing is known of the form: the amount itself, as the file gives it.
        return Dose(stated.value, None, stated.unit, "", certain=stated.unit != "%")
    count = _forms_in(stated, label=label)
    return UNCERTAIN if count is None else _on_label(label, count)


def _forms_in(stated: _Quantity, *, label: Label) -> Decimal | None:
    """How many forms hold the amount: whole or in quarters, else it is unclear."""
    same = stated.unit == label.unit
    weights = stated.unit in _IN_MG and label.unit in _IN_MG
    if not label.strength or not (same or weights):
        return None
    amount, one = stated.value, label.strength
    if weights:
        amount, one = amount * _IN_MG[stated.unit], one * _IN_MG[label.unit]
    count = amount / one
    exact = count * one == amount and count % QUARTER == 0
    return count if exact and count <= MOST_FORMS else None


def _on_label(label: Label, count: Decimal | None, *, kind: str = "") -> Dose:
    form = label.form or kind
    return Dose(count, label.strength, label.unit, form, certain=True)


def in_words(dosage: dict[str, Any]) -> str:
    """The dose as the file has it: `2 mL`, `1 to 2 tablet`, `4 (no unit given)`."""
    rates = dicts(dosage.get("doseAndRate")) or [dosage]
    said = [_rate_words(rate) for rate in rates]
    return " or ".join(dict.fromkeys(words for words in said if words))


def _rate_words(rate: dict[str, Any]) -> str:
    if "doseRange" in rate:
        span = as_dict(rate["doseRange"])
        low, high = as_dict(span.get("low")), as_dict(span.get("high"))
        ends = (_number_words(low), _quantity_words(high))
        return " to ".join(words for words in ends if words)
    return _quantity_words(as_dict(rate.get("doseQuantity")))


def _number_words(quantity: dict[str, Any]) -> str:
    value = number(quantity.get("value"))
    return plain(value) if value is not None and abs(value) < LARGEST else ""


def _quantity_words(quantity: dict[str, Any]) -> str:
    value = _number_words(quantity)
    unit = first_text(quantity.get("unit"), quantity.get("code"))
    return f"{value} {unit or '(no unit given)'}" if value else ""
