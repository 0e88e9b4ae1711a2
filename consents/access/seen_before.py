"""How much somebody has seen already: what a stop cannot take back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max, Min, QuerySet

from carecoord import zones
from consents import withheld
from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, DOWNLOADS, Channel
from consents.models import Consent, Disclosure
from consents.models.disclosure import DisclosureQuerySet
from providers.codes import PartyKind
from providers.models import Party, PractitionerRole


@dataclass(frozen=True)
class AlreadySeen:
    """What a stop cannot take back, by category and by download."""

    categories: list[str]
    first: date | None
    last: date | None
    downloads: int
    # Somebody told them something in a talk: they looked at nothing then.
    told: bool = False
    # Of an organization: its people who looked because of it.
    people: list[str] = field(default_factory=list)


def already_seen(opened: OpenPatient, party: Party) -> AlreadySeen:
    """Counted from the log, honestly: read stays read, printed stays printed."""
    if party.kind == PartyKind.ORGANIZATION:
        return _seen_there(opened, party)
    rows = _rows(opened).filter(recipient=party)
    looks = rows.looks()
    facts = looks.aggregate(first=Min("at"), last=Max("at"))
    files = looks.filter(channel__in=DOWNLOADS)
    return AlreadySeen(
        CATEGORIES.words(_kinds(looks)),
        _day(opened, facts["first"]),
        _day(opened, facts["last"]),
        _files(opened, files.order_by().values_list("request_id", "pk")),
        rows.filter(channel=Channel.PHONE).exists(),
    )


def _files(opened: OpenPatient, rows: Iterable[tuple[str, uuid.UUID]]) -> int:
    """How many were handed over: one that has a row for each purpose counts once."""
    failed = Disclosure.objects.filter(
        patient_id=opened.patient.pk, outcome="not_delivered"
    )
    lost = set(failed.values_list("about", flat=True))
    return len({request_id or str(pk) for request_id, pk in rows if pk not in lost})


def _seen_there(opened: OpenPatient, organization: Party) -> AlreadySeen:
    """What its people opened under a permission for it, whoever works there now."""
    signed = Consent.objects.filter(
        patient_id=opened.patient.pk, recipient=organization
    )
    theirs = {str(pk) for pk in signed.values_list("pk", flat=True)}
    staff = PractitionerRole.objects.filter(organization_id=organization.pk)
    rows = _rows(opened).filter(recipient_id__in=staff.values("practitioner_id"))
    columns = (
        "at",
        "channel",
        "categories",
        "recipient__name",
        "request_id",
        "pk",
        "consents",
    )
    found = [
        row
        for row in rows.order_by("seq").values_list(*columns).iterator()
        if theirs & set(row[-1])
    ]
    mask = 0
    for row in found:
        mask |= row[2]
    return AlreadySeen(
        CATEGORIES.words(mask),
        _day(opened, found[0][0] if found else None),
        _day(opened, found[-1][0] if found else None),
        _files(opened, [row[4:6] for row in found if row[1] in DOWNLOADS]),
        people=sorted({row[3] for row in found}),
    )


def _rows(opened: OpenPatient) -> DisclosureQuerySet:
    """Everything shown of this patient, but for what still waits to be told."""
    return withheld.told(
        Disclosure.objects.filter(patient_id=opened.patient.pk, outcome="shown"),
        patient_id=opened.patient.pk,
        at=opened.at,
    )


def _day(opened: OpenPatient, instant: datetime | None) -> date | None:
    return zones.today(instant, opened.patient.time_zone) if instant else None


def _kinds(rows: QuerySet[Disclosure]) -> int:
    mask = 0
    for categories in rows.order_by().values_list("categories", flat=True).distinct():
        mask |= categories
    return mask
