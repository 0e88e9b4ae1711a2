"""A medicine's name in its parts, and the parts as a name again."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from patients.medicine_knowledge.units import unit_words


class Part(NamedTuple):
    """One ingredient: its name, how much of it, and the unit as RxNorm writes it."""

    name: str
    strength: Decimal | None = None
    unit: str = ""

    @property
    def strength_words(self) -> str:
        """`50 mg`, `100 units per mL`; empty if the name says no strength."""
        if self.strength is None:
            return ""
        number = number_text(self.strength, comma=True)
        gap = "" if self.unit == "%" else " "
        return f"{number}{gap}{unit_words(self.unit)}".strip()


class PackItem(NamedTuple):
    """So many of one medicine in a pack, each of a size: `2 (355 ML) (…)`."""

    many: int
    size: str
    medicine: ParsedMedicine


@dataclass(frozen=True)
class ParsedMedicine:
    """What one name says. `understood` if every word of it found its place.

    `quantity` is how much one package holds (`0.5 ML`, `200 ACTUAT`), `duration` how
    long one dose lasts (`24 HR`), `qualifiers` the words RxNorm puts in front
    (`Abuse-Deterrent`). A pack has `contents`; its `parts` are those of all of them.
    `together` are amounts that name no single ingredient: `20 mg` of a mixture.
    """

    parts: tuple[Part, ...] = ()
    form: str = ""
    brand: str = ""
    quantity: str = ""
    duration: str = ""
    qualifiers: tuple[str, ...] = ()
    contents: tuple[PackItem, ...] = ()
    together: tuple[tuple[Decimal, str], ...] = ()
    understood: bool = True
    rxcui: str | None = field(default=None, compare=False)
    text: str = field(default="", compare=False)

    @property
    def ingredients(self) -> tuple[Part, ...]:
        """(name, strength, unit) of each ingredient, those of a pack once each."""
        if not self.contents:
            return self.parts
        found = [part for item in self.contents for part in item.medicine.parts]
        return tuple(dict.fromkeys(found))

    @property
    def ingredient(self) -> str:
        """The names of the ingredients in one line."""
        names = dict.fromkeys(part.name for part in self.ingredients)
        return " / ".join(names)


def number_text(value: Decimal, *, comma: bool = False) -> str:
    """The number without exponent and without zeros at its end."""
    text = format(value, ",f" if comma else "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_name(parsed: ParsedMedicine) -> str:
    """The name as RxNorm writes it: `24 HR paliperidone 6 MG Extended Release …`."""
    brand = f"[{parsed.brand}]" if parsed.brand else ""
    if parsed.contents:
        inside = " / ".join(map(_print_item, parsed.contents))
        return " ".join(filter(None, (f"{{{inside} }} Pack", brand)))
    named = " / ".join(map(_print_part, parsed.parts))
    before = (*parsed.qualifiers, parsed.duration, parsed.quantity)
    return " ".join(filter(None, (*before, named, parsed.form, brand)))


def _print_part(part: Part) -> str:
    strength = "" if part.strength is None else number_text(part.strength)
    return " ".join(filter(None, (part.name, strength, part.unit)))


def _print_item(item: PackItem) -> str:
    size = f"({item.size})" if item.size else ""
    inside = f"({print_name(item.medicine)})"
    return " ".join(filter(None, (str(item.many), size, inside)))
