"""What is usual for a medicine, and an amount that looks like a slip.

A slip of the point or a zero makes a dose ten times or a tenth of what was meant. It is
asked about once, never refused: people do take unusual doses. Source of the pattern:
NHS interruption page; SCREENS B3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from patients.dosage import Amount as DoseAmount
from patients.dosage import Dosage, normalise_form
from patients.dosage.words import joined
from patients.medicine_knowledge.starter import Amount, Medicine, Strength

TEN = Decimal(10)
# Nobody takes more than four of the largest tablet at once, or less than a fifth of
# the smallest, without a reason.
MOST_OF_LARGEST = Decimal(4)
LEAST_OF_SMALLEST = Decimal("0.2")
IN_MG = {"mg": Decimal(1), "mcg": Decimal("0.001"), "g": Decimal(1000)}
FOR_WEEKS = {"injection", "implant"}
NOT_COUNTED = {"liquid", "injection", "application", "drop", "spray", "puff"}


@dataclass(frozen=True)
class Doubt:
    """An amount to look at twice, and what is usual."""

    entered: str
    usual: str
    most: str
    before: str = ""

    @property
    def token(self) -> str:
        """What says "this very amount is right"."""
        return self.entered


def doubt(
    medicine: Medicine | None, dosage: Dosage, *, before: Dosage | None = None
) -> Doubt | None:
    """The first amount of a dose that looks like a slip; None if none does.

    `before`: the dose that it takes the place of. Ten times or a tenth of that is a
    slip too, where every strength is on some label, and where no list knows the name.
    """
    leap = _leap(dosage, before) if before else None
    if medicine is None:
        return Doubt(leap[0].text, "", "", leap[1].text) if leap else None
    entered = _slip_of_strength(medicine, dosage) or _slip_of_amount(medicine, dosage)
    entered = entered or (leap[0] if leap else None)
    if entered is None:
        return None
    most = medicine.most_per_day
    return Doubt(
        before=leap[1].text if leap else "",
        entered=entered.text,
        usual=usual_words(medicine),
        most=DoseAmount(*most).text if most else "",
    )


def _leap(dosage: Dosage, before: Dosage) -> tuple[DoseAmount, DoseAmount] | None:
    """The most taken at once, now and before, if they are ten times apart."""
    if (dosage.schedule == "interval") is not (before.schedule == "interval"):
        return None
    now, then = _most_at_once(dosage), _most_at_once(before)
    if now is None or then is None:
        return None
    (value, kind), (was, same) = measured(now), measured(then)
    if kind != same or was / TEN < value < was * TEN:
        return None
    return now, then


def _most_at_once(dosage: Dosage) -> DoseAmount | None:
    return max(dosage.amounts_at_one_time, key=measured, default=None)


def usual_words(medicine: Medicine) -> str:
    """`tablets of 25, 50 and 100 mg`, for the forms that have plain strengths."""
    return "; ".join(strength_words(one) for one in medicine.strengths if one.amounts)


def strength_words(strength: Strength) -> str:
    """`tablet: 25 mg, 50 mg and 100 mg`."""
    amounts = [DoseAmount(*amount).text for amount in strength.amounts]
    return f"{strength.form_name}: {joined(amounts)}"


def _slip_of_strength(medicine: Medicine, dosage: Dosage) -> DoseAmount | None:
    """The strength on no label, where ten times or a tenth of it is on one."""
    typed = dosage.strength_amount
    if typed is None:
        return None
    listed = [measured(one) for one in _amounts(medicine, dosage)]
    own = measured(typed)
    if own in listed:
        return None
    value, kind = own
    slips = {(value / TEN, kind)}
    # A little of a vitamin is no slip that matters.
    if medicine.kind != "supplement":
        slips.add((value * TEN, kind))
    return typed if slips & set(listed) else None


def _slip_of_amount(medicine: Medicine, dosage: Dosage) -> DoseAmount | None:
    most, least = _limits(medicine, dosage)
    for amount in _taken(dosage):
        value, kind = measured(amount)
        if value > most.get(kind, value) or value < least.get(kind, value):
            return amount
    return None


def _taken(dosage: Dosage) -> Iterator[DoseAmount]:
    """What is taken at one time, and what a whole day holds."""
    yield from dosage.amounts_at_one_time
    for whole in (dosage.amount_a_day, dosage.most_in_24_hours):
        if whole is not None:
            yield whole


def _limits(
    medicine: Medicine, dosage: Dosage
) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """The most and the least that is likely, by what it is measured in."""
    most: dict[str, Decimal] = {}
    least: dict[str, Decimal] = {}
    form = normalise_form(dosage.form)
    for strength in _fitting(medicine, dosage):
        for value, kind in map(measured, strength.amounts):
            most[kind] = max(most.get(kind, value), value * MOST_OF_LARGEST)
            counted = strength.counted_as == form and form not in NOT_COUNTED
            if counted and medicine.kind != "supplement":
                least[kind] = min(least.get(kind, value), value * LEAST_OF_SMALLEST)
    if medicine.most_per_day and dosage.schedule != "interval":
        value, kind = measured(medicine.most_per_day)
        # A capsule for a whole week holds more than the most of a day.
        most[kind] = max(value, _largest(medicine, dosage, kind))
    return most, least


def _largest(medicine: Medicine, dosage: Dosage, kind: str) -> Decimal:
    found = map(measured, _amounts(medicine, dosage))
    return max((value for value, own in found if own == kind), default=Decimal(0))


def _fitting(medicine: Medicine, dosage: Dosage) -> Iterator[Strength]:
    """What an injection for weeks holds says nothing about a tablet."""
    lasts = normalise_form(dosage.form) in FOR_WEEKS
    for strength in medicine.strengths:
        if (strength.counted_as in FOR_WEEKS) is lasts:
            yield strength


def _amounts(medicine: Medicine, dosage: Dosage) -> Iterable[Amount]:
    return (amount for one in _fitting(medicine, dosage) for amount in one.amounts)


def measured(amount: Amount | DoseAmount) -> tuple[Decimal, str]:
    """The number in milligrams where it is a weight, so that mcg and g compare."""
    head, per, rest = amount.unit.partition(" per ")
    factor = IN_MG.get(head)
    if factor is None:
        return amount.value, amount.unit
    return amount.value * factor, f"mg{per}{rest}"
