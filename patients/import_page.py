"""A file's proposals in groups, each with its words and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consents.codes import LABELS
from patients.actions.imports import needs_an_answer
from patients.codes import Comparison, MedicineStatus
from patients.models import ImportedItem
from patients.proposals import (
    Kind,
    Listed,
    Standing,
    compare_again,
    decode,
    line_to_change,
    line_to_stop,
)
from patients.proposals.content import ImportedMedicine, decode_as
from patients.proposals.fitting import does_not_fit, status_known


@dataclass(frozen=True)
class Card:
    """One proposal. `result` and `difference` are as of now, not of the upload."""

    item: ImportedItem
    result: str
    difference: str
    source: str
    notes: tuple[str, ...]
    asks: bool
    fits: bool
    line: Listed | None
    stops: Listed | None = None

    @property
    def kind(self) -> str:
        return Kind(self.item.kind).label

    @property
    def can_be_added(self) -> bool:
        """A line that stands already is never added a second time by a click."""
        return self.is_addable and self.result == Comparison.NEW

    @property
    def is_addable(self) -> bool:
        readable = self.item.never_active or self.item.kind == Kind.STATEMENT
        return self.fits and not readable

    @property
    def label_names(self) -> list[str]:
        return LABELS.words(self.item.labels)

    @property
    def is_medicine(self) -> bool:
        return self.item.kind == Kind.MEDICINE

    @property
    def add_text(self) -> str:
        """What the button says: to add a medicine is to say that it is taken."""
        if self.result == Comparison.SAME:
            return _("Add it a second time")
        if not self.is_medicine:
            return _("Add it")
        says: dict[str, str] = {
            MedicineStatus.ACTIVE: _("I take this: add it"),
            MedicineStatus.STOPPED: _("Add it to stopped"),
        }
        if self.stops:
            return _("That was an earlier time: add it to stopped")
        medicine = decode_as(ImportedMedicine, self.item.content)
        return says.get(status_known(medicine), _("Add it"))


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    hint: str
    cards: list[Card]


def card(item: ImportedItem, standing: Standing) -> Card:
    imported = decode(item.content)
    now = compare_again(imported, standing)
    too_long = does_not_fit(imported)
    return Card(
        item=item,
        result="" if item.never_active else now.result,
        difference=now.difference,
        source=_source(imported),
        notes=_notes(imported, too_long),
        asks=needs_an_answer(item),
        fits=not too_long,
        line=line_to_change(imported, standing),
        stops=line_to_stop(imported, standing),
    )


def _source(imported: Any) -> str:
    """What the file says, word for word."""
    if isinstance(imported, ImportedMedicine):
        said = [imported.source_text, imported.dosage_text]
    else:
        said = [getattr(imported, "source_text", ""), getattr(imported, "note", "")]
    return ". ".join(part.rstrip(". ") for part in said if part)


def _notes(imported: Any, too_long: str) -> tuple[str, ...]:
    said = getattr(imported, "notes", ())
    first = [too_long] if too_long else _status_notes(imported, is_said=bool(said))
    return (*first, *said)


def _status_notes(imported: Any, *, is_said: bool) -> list[str]:
    """Why something is never active, in one sentence, unless the file's notes do."""
    if getattr(imported, "about_someone_else", False):
        return [_("This entry is about another person.")]
    if not getattr(imported, "never_active", False):
        return []
    if "entered-in-error" in (
        getattr(imported, "status", ""),
        getattr(imported, "verification_status", ""),
    ):
        return [_("The file says that this was entered by mistake.")]
    return [] if is_said else [_("The file says that this does not hold.")]


def groups(items: list[ImportedItem], standing: Standing) -> list[Group]:
    """New, different, same, and what is only to be read. Empty ones are left out."""
    cards = [card(item, standing) for item in items]
    addable = [one for one in cards if one.is_addable]

    def of(result: str) -> list[Card]:
        return [one for one in addable if one.result == result]

    made = [
        Group("new", _("New"), _("Not in your record yet."), of(Comparison.NEW)),
        Group(
            "different",
            _("Different from your record"),
            _("Nothing changes unless you say so."),
            of(Comparison.DIFFERENT),
        ),
        Group(
            "same",
            _("Same as your record"),
            _("You need do nothing."),
            of(Comparison.SAME),
        ),
        Group(
            "read",
            _("Cannot be added"),
            _("It stands here so that you know what the file says."),
            [one for one in cards if not one.is_addable],
        ),
    ]
    return [group for group in made if group.cards]


def plain_new(group: Group) -> int:
    """How many a click on "add all" would add."""
    return sum(1 for one in group.cards if not one.asks)
