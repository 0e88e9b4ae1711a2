"""What the patient keeps to themselves, item by item; for the patient alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from carecoord import zones
from consents.access.patient import OpenPatient
from consents.actions.by_name import kept_out_on_paper
from consents.codes import CATEGORIES
from consents.disclosable import Disclosable, registry
from consents.models import ItemDeny
from consents.preview import NOUNS, OTHER
from providers.codes import PartyKind


@dataclass(frozen=True)
class KeptBack:
    """One item that the patient keeps from everyone or from one person."""

    deny: ItemDeny
    item: Disclosable | None

    @property
    def title(self) -> str:
        if self.item is None:
            return "An item of your record"
        words = str(self.item)
        if str(self.item.pk) not in words:
            return words
        one, _many = NOUNS.get(self.item._meta.label_lower, OTHER)
        return f"{one.capitalize()} of {zones.day_words(self.item.occurred_at)}"

    @property
    def kind(self) -> str:
        return ", ".join(CATEGORIES.words(self.item.categories)) if self.item else ""


def kept_back(opened: OpenPatient) -> list[KeptBack]:
    """Every item with "only me" or "not for this person", newest first."""
    denies = list(
        ItemDeny.objects.standing()
        .filter(patient_id=opened.patient.pk)
        .order_by("-created_at", "-pk")
    )
    roots = _items(opened, {deny.lineage for deny in denies})
    return [KeptBack(deny, roots.get(deny.lineage)) for deny in denies]


def kept_item(opened: OpenPatient, deny_id: uuid.UUID) -> KeptBack:
    """One of them; else the 404."""
    for each in kept_back(opened):
        if each.deny.public_id == deny_id and each.item:
            return each
    opened.refuse()


def kept_out_by_name(
    opened: OpenPatient, *, kind: PartyKind, names: list[str]
) -> list[str]:
    """Who is on paper by such a name, and from whom the patient keeps something.

    It holds for whoever joins by that name (actions/by_name.py). For the patient alone:
    it tells that something is kept back.
    """
    if not opened.is_patient:
        return []
    found = kept_out_on_paper(opened.patient, kind=kind, names=names, at=opened.at)
    return [party.name for party in found]


def _items(
    opened: OpenPatient, lineages: set[uuid.UUID]
) -> dict[uuid.UUID, Disclosable]:
    """The first item of each lineage, read as the patient's own."""
    if not lineages:
        return {}
    found: dict[uuid.UUID, Disclosable] = {}
    for model in registry():
        for item in opened.items(model._default_manager.filter(pk__in=lineages)):
            found[item.pk] = item
    return found
