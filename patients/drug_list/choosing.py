"""From what was typed to the medicine that goes on the list."""

from __future__ import annotations

from dataclasses import dataclass

from patients.drug_list.lookups import suggest
from patients.medicine_knowledge import Medicine, find, medicines_in, parse
from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.near import Suggestion
from patients.medicine_knowledge.parsed import ParsedMedicine
from patients.medicine_knowledge.typed_names import names_only
from patients.models import ListedName

AS_TYPED = "as typed"


@dataclass(frozen=True)
class Chosen:
    """The name for the list, its brand, and what is known of it."""

    name: str
    brand: str = ""
    medicine: Medicine | None = None
    parsed: ParsedMedicine | None = None

    @property
    def rxcui(self) -> str:
        return (self.medicine.rxcui or "") if self.medicine else ""

    @property
    def seen(self) -> str:
        """The name that was meant, brand or generic: what a look-alike is asked of."""
        return self.brand or self.name


def certain(typed: str) -> Chosen | None:
    """The medicine, if what was typed is a name and can mean one only."""
    found = (_certain(typed, name) for name in names_only(typed))
    return next(filter(None, found), None)


def _certain(typed: str, name: str) -> Chosen | None:
    medicine = find(name)
    if medicine:
        return _known(typed, name, medicine)
    listed = ListedName.objects.filter(key=key(name), is_offered=True).first()
    if listed is None or not key(name):
        return None
    if not listed.generic:
        return Chosen(name=listed.name, parsed=parse(typed))
    return Chosen(
        name=listed.generic,
        brand=listed.name,
        medicine=find(listed.generic),
        parsed=parse(typed),
    )


def _known(typed: str, name: str, medicine: Medicine) -> Chosen:
    """A generic name stays as it was typed, with salt and release; a brand is named
    beside its generic name."""
    brand = medicine.brand_in(name)
    said = medicine.name if brand else _small(name)
    return Chosen(name=said, brand=brand, medicine=medicine, parsed=parse(typed))


def _small(name: str) -> str:
    return " ".join(word.lower() if len(word) > 3 else word for word in name.split())


def offers(typed: str) -> dict[str, Suggestion]:
    """What to choose from, by the value a form sends back for it.

    The value holds what was typed: a choice made for another text is none.
    """
    found = next(filter(None, map(suggest, names_only(typed))), [])
    return {f"{typed}|{one.value}": one for one in found}


def as_typed(typed: str) -> str:
    """The value of "use what I typed"."""
    return f"{typed}|{AS_TYPED}"


def picked(suggestion: Suggestion, typed: str) -> Chosen:
    return Chosen(
        name=suggestion.name,
        brand=suggestion.brand,
        medicine=suggestion.medicine,
        parsed=parse(typed),
    )


def free(typed: str) -> Chosen:
    """Whatever it is: it goes on the list as it was typed."""
    known = medicines_in(typed)
    only = known[0] if len(known) == 1 else None
    return Chosen(name=typed, medicine=only, parsed=parse(typed))
