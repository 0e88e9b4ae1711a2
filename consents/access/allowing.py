"""A permit as others may rely on it: less what a deny, a death, a birthday took."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, Value

from consents.access.patient import OpenPatient
from consents.models import Consent
from consents.representing import labels_that_count, still_signed
from providers.codes import PartyKind
from providers.querysets import is_reader


@dataclass(frozen=True)
class Allowed:
    """A permit with what of it stands: a deny beats it, as it does in the rule."""

    consent: Consent
    categories: int
    labels: int


def allowing(opened: OpenPatient, pk: uuid.UUID) -> Allowed:
    """A permit in force, for the patient and for who it is for; else the 404."""
    found = (
        Consent.objects.in_force(opened.at)
        .permits()
        .filter(
            still_signed(opened.at, labels=Value(0)),
            pk=pk,
            patient_id=opened.patient.pk,
        )
        .select_related("recipient", "representative")
    )
    mine = is_reader(opened.reading.user.pk, field="recipient")
    if not opened.is_patient:
        found = found.filter(mine)
    consent = found.first()
    if consent is None or consent.recipient.kind == PartyKind.GUEST:
        opened.refuse()
    to = Q(recipient=consent.recipient_id)
    if consent.recipient.user_id:
        to |= is_reader(consent.recipient.user_id, field="recipient")
    allowed = _less_denied(opened, consent, to if opened.is_patient else to | mine)
    opened.require(bool(allowed.categories))
    return allowed


def _less_denied(opened: OpenPatient, consent: Consent, to: Q) -> Allowed:
    denies = Consent.objects.in_force(opened.at).denies()
    categories = consent.categories
    labels = labels_that_count(consent, opened.patient, opened.at)
    for deny in denies.filter(to, patient_id=opened.patient.pk):
        if not deny.labels:
            categories &= ~deny.categories
        elif deny.categories & consent.categories:
            labels &= ~deny.labels
    return Allowed(consent, categories, labels)
