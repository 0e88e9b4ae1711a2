"""Items whose page on who sees them is one and the same; for the patient alone.

Medicines and the nouns of the record have such a page in their own places; updates
have theirs in messaging.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.access import OpenPatient
from consents.disclosable import Disclosable
from patients import change_words
from patients import medicine_words as words
from patients.codes import EventKind
from patients.models import (
    AllergyIntolerance,
    FamilyNote,
    MedicationRequest,
    SubstanceUse,
    TestResult,
    TherapyPhase,
    TimelineEvent,
)

# What the team is told that is no row of the record as well.
TOLD_ALONE = (EventKind.SUBSTANCE_USE, EventKind.STRESSOR)


@dataclass(frozen=True)
class PrivateKind:
    """One kind: what its page is called, what hiding it costs, where it leads back."""

    model: type[Disclosable]
    name: Callable[[Any], str]
    title: Any
    back: str
    cost: Any = ""
    which: Q = Q()


KINDS: dict[str, PrivateKind] = {
    "allergy": PrivateKind(
        AllergyIntolerance,
        lambda item: item.substance,
        _("Who can see an allergy"),
        "patients:allergies",
        _(
            "You may keep any allergy to yourself. A prescriber who does not see it "
            "can't check a new medicine against it."
        ),
    ),
    "substance": PrivateKind(
        SubstanceUse,
        lambda item: item.called,
        _("Who can see what you use"),
        "patients:substances",
        _(
            "You may keep this to yourself. A prescriber who does not see it can't "
            "check a new medicine against it."
        ),
    ),
    "result": PrivateKind(
        TestResult,
        lambda item: item.name,
        _("Who can see a test result"),
        "patients:tests",
        _(
            "You may keep any result to yourself. Whoever does not see it may ask for "
            "the same test again."
        ),
    ),
    "therapy": PrivateKind(
        TherapyPhase,
        change_words.phase_name,
        _("Who can see what happens in therapy"),
        "patients:record",
        _(
            "You may keep this to yourself. Whoever changes a medicine then can't tell "
            "that hard work in therapy runs at the same time."
        ),
    ),
    "family-note": PrivateKind(
        FamilyNote,
        lambda item: gettext("this note from family"),
        _("Who can see a note from family"),
        "messaging:family_notes",
        _("Whoever wrote it goes on seeing it, and whoever was told has read it."),
    ),
    "outside-note": PrivateKind(
        TimelineEvent,
        lambda item: gettext("this note from outside your team"),
        _("Who can see a note from outside your team"),
        "messaging:outside_notes",
        _("Whoever was told of it already has read it."),
        which=Q(kind=EventKind.OUTSIDE_NOTE),
    ),
    # What stands in no list of the record: without this nobody could take it back.
    "told": PrivateKind(
        TimelineEvent,
        lambda item: item.title,
        _("Who can see what was told"),
        "patients:chart",
        _("Whoever was told of it already has read it."),
        which=Q(kind__in=TOLD_ALONE),
    ),
    # Once it is taken over, the page of the line is about the entry as well.
    "entry": PrivateKind(
        MedicationRequest,
        words.name_of,
        _("Who can see a prescriber’s entry"),
        "patients:medicines",
        which=Q(adopted_at=None),
    ),
}


def load_private_item(
    opened: OpenPatient, label: str, pk: uuid.UUID
) -> tuple[PrivateKind, Disclosable]:
    """One item of a kind of this table, for its patient; or the 404."""
    kind = KINDS.get(label)
    if kind is None or not opened.is_patient:
        opened.refuse()
    rows = kind.model.objects.filter(kind.which).select_related("author", "patient")
    return kind, opened.item(rows, pk)
