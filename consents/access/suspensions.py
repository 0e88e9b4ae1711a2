"""For the privacy officer: what can be held back from an accounting, and what is."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from consents.access.accounting import ACCOUNTED
from consents.models import (
    AccountingSuspension,
    CaseRecipient,
    Disclosure,
    SuspendedDisclosure,
)
from consents.office import Office, ones_own

MOST = 200


@dataclass(frozen=True)
class Candidate:
    """One disclosure without permission: whose, to whom, when. Never what."""

    row: Disclosure
    recipient: str


def candidates(office: Office) -> list[Candidate]:
    """The newest disclosures without the patient's permission."""
    rows = list(_accounted(office).order_by("-at", "-pk")[:MOST])
    outside = CaseRecipient.objects.in_bulk({row.about for row in rows if row.about})
    return [Candidate(row, _recipient(row, outside)) for row in rows]


def candidate(office: Office, pk: uuid.UUID) -> Candidate:
    """One of them; else the 404."""
    row = _accounted(office).filter(pk=pk).first()
    if row is None:
        raise Http404
    office.reading.officer_read(row, patient_id=row.patient_id, exception=row.exception)
    outside = CaseRecipient.objects.in_bulk([row.about] if row.about else [])
    return Candidate(row, _recipient(row, outside))


def _accounted(office: Office):
    """Of everybody but the officer: what waits for them waits here too."""
    return (
        Disclosure.objects.filter(basis__in=list(ACCOUNTED), outcome="shown")
        .exclude(ones_own(office.user))
        .exclude(_by_or_to(office))
        .select_related("patient", "recipient")
        .defer("items", "categories")
    )


def _by_or_to(office: Office, row: str = "") -> Q:
    """What the officer told or received: nobody holds back their own disclosures."""
    told, received = f"{row}user_id", f"{row}recipient__user_id"
    return Q(**{told: office.user.pk}) | Q(**{received: office.user.pk})


def _recipient(row: Disclosure, outside: dict) -> str:
    if named := outside.get(row.about):
        return ", ".join(filter(None, [named.name, named.organization]))
    return row.recipient.name if row.recipient else ""


def suspensions(office: Office) -> list[AccountingSuspension]:
    """Those that stand first, then those that ended; none about the officer's own."""
    held = SuspendedDisclosure.objects.filter(_by_or_to(office, "disclosure__"))
    rows = (
        AccountingSuspension.objects.exclude(ones_own(office.user))
        .exclude(pk__in=held.values("suspension"))
        .select_related("patient", "documented_by")
    )
    over = Q(ended_at__isnull=False) | Q(ends_at__lte=office.at)
    return [
        *rows.exclude(over).order_by("ends_at", "pk"),
        *rows.filter(over).order_by("-ends_at", "-pk")[:MOST],
    ]


def standing(office: Office) -> list[AccountingSuspension]:
    return [
        row
        for row in suspensions(office)
        if row.ended_at is None and row.ends_at > office.at
    ]


def suspension(office: Office, pk: uuid.UUID) -> AccountingSuspension:
    """What one agency stated; else the 404.

    That it was read waits as long as what it holds back (consents/withheld.py).
    """
    for row in suspensions(office):
        if row.pk == pk:
            held = row.rows.values_list("disclosure__exception", flat=True)
            office.reading.officer_read(
                row, patient_id=row.patient_id, exception=held.first()
            )
            return row
    raise Http404
