"""How much somebody has seen already: what a stop cannot take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q

from carecoord import zones
from consents import withheld
from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, DOWNLOADS
from consents.models import Disclosure
from providers.models import Party


@dataclass(frozen=True)
class AlreadySeen:
    """What a stop cannot take back, by category and by download."""

    categories: list[str]
    first: date | None
    last: date | None
    downloads: int


def already_seen(opened: OpenPatient, party: Party) -> AlreadySeen:
    """Counted from the log, honestly: read stays read, printed stays printed."""
    rows = withheld.told(
        Disclosure.objects.filter(
            recipient=party, patient_id=opened.patient.pk, outcome="shown"
        ),
        patient_id=opened.patient.pk,
        at=opened.at,
    )
    facts = rows.aggregate(
        first=Min("at"),
        last=Max("at"),
        downloads=Count("pk", filter=Q(channel__in=DOWNLOADS)),
    )
    mask = 0
    for categories in rows.order_by().values_list("categories", flat=True).distinct():
        mask |= categories
    zone = opened.patient.time_zone
    return AlreadySeen(
        CATEGORIES.words(mask),
        zones.today(facts["first"], zone) if facts["first"] else None,
        zones.today(facts["last"], zone) if facts["last"] else None,
        facts["downloads"],
    )
