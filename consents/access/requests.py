"""Requests to share: the patient's side, and the asker's own."""

from __future__ import annotations

import uuid
from datetime import timedelta

from consents import actions
from consents.access.known import known_requests
from consents.access.patient import OpenPatient
from consents.codes import Decision
from consents.models import Consent, ConsentRequest


def open_request(opened: OpenPatient, pk: uuid.UUID | str) -> ConsentRequest:
    """One unanswered request that this person can answer; else the 404."""
    found = (
        known_requests(opened)
        .filter(pk=pk)
        .select_related("recipient", "asked_by")
        .first()
    )
    if found is None:
        opened.refuse()
    return found


def answer_to(opened: OpenPatient, pk: uuid.UUID | None) -> Consent | None:
    """What the patient answered to a request; None while it waits, or for others."""
    if pk is None or not opened.is_patient:
        return None
    asked = ConsentRequest.objects.filter(patient_id=opened.patient.pk, pk=pk)
    found = asked.exclude(consent=None).select_related("consent").first()
    return found.consent if found else None


def open_requests(opened: OpenPatient) -> list[ConsentRequest]:
    """What waits for the patient's answer, oldest first."""
    return list(
        known_requests(opened)
        .select_related("recipient", "asked_by")
        .order_by("asked_at", "pk")
    )


def own_request(opened: OpenPatient) -> ConsentRequest | None:
    """The asker's own newest request within the 30 days in which it stands."""
    since = opened.at - timedelta(days=actions.REQUEST_AGAIN_AFTER_DAYS)
    return (
        ConsentRequest.objects.filter(
            patient_id=opened.patient.pk,
            asked_by_id=opened.party_id,
            recipient_id=opened.party_id,
            asked_at__gt=since,
        )
        .select_related("consent")
        .order_by("-asked_at", "-pk")
        .first()
    )


def is_shared(opened: OpenPatient, asked: ConsentRequest) -> bool:
    """The asker's own outcome: something of it was signed for, or all of it is shared.

    Unanswered and refused are one: the asker learns of neither.
    """
    reached = opened.scope.categories
    if asked.consent and asked.consent.decision == Decision.PERMIT:
        return bool(asked.categories & reached)
    return not asked.categories & ~reached
