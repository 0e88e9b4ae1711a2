"""What family noticed, as its reader sees it: the patient, its author, whoever may."""

from __future__ import annotations

from consents.access import OpenPatient
from patients.models import FamilyNote

MOST = 50


def load(opened: OpenPatient) -> list[FamilyNote]:
    """Newest first, through the rule."""
    rows = FamilyNote.objects.filter(entered_in_error_at=None).select_related("author")
    return opened.items(rows.order_by("-noticed_date", "-recorded_at"), limit=MOST)
