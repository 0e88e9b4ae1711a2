"""What family noticed, as its reader sees it: the patient, its author, whoever may."""

from __future__ import annotations

from django.db.models import QuerySet

from consents import representing
from consents.access import OpenPatient
from consents.access.known import known_parties
from patients.models import FamilyNote
from providers.models import CareTeamParticipant

MOST = 50


def load(opened: OpenPatient) -> list[FamilyNote]:
    """Newest first, through the rule."""
    rows: QuerySet[FamilyNote] = FamilyNote.objects.select_related("author")
    rows = rows.filter(entered_in_error_at=None)
    if opened.representative:
        rows = _of_known(opened, rows)
    return opened.items(
        rows.order_by("-noticed_date", "-recorded_at", "-pk"), limit=MOST
    )


def _of_known(opened: OpenPatient, rows: QuerySet[FamilyNote]) -> QuerySet[FamilyNote]:
    """Whoever acts reads no name of somebody whom they may not know of."""
    members = CareTeamParticipant.objects.filter(
        representing.known_members(opened), patient_id=opened.patient.pk
    )
    rows = rows.filter(author__in=members.values("party_id"))
    known = known_parties(opened)
    return rows if known is None else rows.filter(author__in=known)
