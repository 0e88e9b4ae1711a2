"""Where a patient finds what an event tells of, among their own pages."""

from __future__ import annotations

from patients.access.private_items import TOLD_ALONE
from patients.codes import EventKind
from patients.models import TimelineEvent

_PAGES = {
    EventKind.ALLERGY_ADDED: "patients:allergies",
    EventKind.CONDITION_FOUND: "patients:record",
    EventKind.THERAPY_CHANGED: "patients:record",
    EventKind.HOSPITAL: "patients:record",
    EventKind.UPDATE_SENT: "messaging:updates",
    EventKind.UPDATE_ANSWERED: "messaging:updates",
    EventKind.ASKED: "messaging:updates",
    EventKind.OUTSIDE_NOTE: "messaging:outside_notes",
    EventKind.FAMILY_NOTICED: "messaging:family_notes",
}


def own_page(event: TimelineEvent) -> tuple[str, tuple[object, ...]]:
    """The page's name and what follows the patient in its address.

    What is about a medicine stands with the medicines.
    """
    if event.kind in TOLD_ALONE:
        # The patient finds it nowhere else, and says here who may see it.
        return "patients:item_privacy", ("told", event.pk)
    return _PAGES.get(EventKind(event.kind), "patients:medicines"), ()
