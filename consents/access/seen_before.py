"""How much somebody has seen already: what a stop cannot take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet

from carecoord import zones
from consents import withheld
from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, DOWNLOADS, Channel
from consents.models import Disclosure
from providers.models import Party


@dataclass(frozen=True)
class AlreadySeen:
    """What a stop cannot take back, by category and by download."""

    categories: list[str]
    first: date | None
    last: date | None
    downloads: int
    # Somebody told them something in a talk: they looked at nothing then.
    told: bool


def already_seen(opened: OpenPatient, party: Party) -> AlreadySeen:
    """Counted from the log, honestly: read stays read, printed stays printed."""
    rows = withheld.told(
        Disclosure.objects.filter(
            recipient=party, patient_id=opened.patient.pk, outcome="shown"
        ),
        patient_id=opened.patient.pk,
        at=opened.at,
    )
    looks = rows.exclude(channel=Channel.PHONE)
    facts = looks.aggregate(
        first=Min("at"),
        last=Max("at"),
        downloads=Count("pk", filter=Q(channel__in=DOWNLOADS)),
    )
    zone = opened.patient.time_zone
    return AlreadySeen(
        _kinds(looks),
        zones.today(facts["first"], zone) if facts["first"] else None,
        zones.today(facts["last"], zone) if facts["last"] else None,
        facts["downloads"],
        rows.filter(channel=Channel.PHONE).exists(),
    )


def _kinds(rows: QuerySet[Disclosure]) -> list[str]:
    mask = 0
    for categories in rows.order_by().values_list("categories", flat=True).distinct():
        mask |= categories
    return CATEGORIES.words(mask)
