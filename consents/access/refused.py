"""Requests that showed nothing, as the patient reads of them: without accusing."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Case, F, When, Window
from django.db.models.functions import RowNumber, TruncDate

from carecoord import zones
from consents import entrances
from consents.access.patient import OpenPatient
from consents.models import AccessRefusal
from providers.models import CareTeamParticipant

MOST = 20
# Whoever asks again and again hides nobody else's request by it.
READ = 500


@dataclass(frozen=True)
class Refused:
    """Something not shared was asked for. Nothing was shown."""

    day: date
    name: str


def refusals(opened: OpenPatient) -> list[Refused]:
    """A day, no page, no time; the detail is for the privacy officer (oversight.py).

    Only people the patient knows have a name. What an open page asked by itself is
    nobody's doing, and not told (open_page.py). Nor is a tab that was left open by
    somebody of the team and saves its own draft: it asks for nothing.
    """
    zone, own = opened.patient.time_zone, entrances.keeping_own()
    rows = list(
        AccessRefusal.objects.filter(
            patient_id=opened.patient.pk, failed=False, open_page=None
        )
        .exclude(user=opened.patient.user_id)
        .annotate(place=_place(zone, own))
        .filter(place=1)
        .order_by("-at", "-pk")[:READ]
    )
    names = _names(opened, {row.user_id for row in rows})
    found: dict[tuple, Refused] = {}
    for row in rows:
        name = names.get(row.user_id, "")
        if row.entrance in own and name:
            continue
        day = zones.today(row.at, zone)
        found.setdefault((day, name), Refused(day, name))
    return list(found.values())[:MOST]


def _place(zone: str, own: Collection[str]) -> Window:
    """1 for the newest of somebody's requests of a day, apart from their own drafts."""
    keeps_own = Case(When(entrance__in=own, then=True), default=False)
    return Window(
        RowNumber(),
        partition_by=[F("user_id"), TruncDate("at", tzinfo=ZoneInfo(zone)), keeps_own],
        order_by=[F("at").desc(), F("pk").desc()],
    )


def _names(opened: OpenPatient, users: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Those of the people who asked whom the patient knows."""
    members = CareTeamParticipant.objects.filter(
        patient_id=opened.patient.pk, party__user__in=users
    )
    return dict(members.values_list("party__user_id", "party__name"))
