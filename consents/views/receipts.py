"""Receipts: the list, the page, the paper."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carecoord import pdf, zones
from carecoord.transactions import own_transaction
from consents import documents, windows
from consents.access import OpenPatient, Request, open_patient, recipients, sharing
from consents.access.still import hand_over_same
from consents.models import Consent
from consents.told import is_bounded


@require_safe
def receipt_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Everything ever signed or answered, in one line each, newest first."""
    opened = open_patient(request, patient_id)
    zone = opened.patient.time_zone
    rows = [
        {
            "consent": consent,
            "state": windows.state_of(consent, at=opened.at, zone=zone),
            "signed": zones.instant_words(consent.signed_at, zone),
        }
        for consent in sharing.consents(opened)
    ]
    context = {"opened": opened, "rows": rows, "is_bounded": is_bounded(opened)}
    return render(request, "consents/receipt_list.html", context)


@require_safe
def receipt(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """What was signed, when and how; what to do next."""
    opened = open_patient(request, patient_id)
    consent = sharing.consent(opened, consent_id)
    through = sharing.permits_through(opened, consent.recipient)
    context = {
        "opened": opened,
        "consent": consent,
        "receipt": _document(opened, consent, through),
        "through": through,
        "is_bounded": is_bounded(opened),
    }
    return render(request, "consents/receipt.html", context)


@require_safe
@own_transaction
def receipt_pdf(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """The same on paper: loaded in one short transaction, printed after it.

    Decided once more then for who acts: the patient's own is always theirs.
    """

    def load(asked: Request) -> tuple[OpenPatient, documents.Receipt]:
        opened = open_patient(asked, patient_id)
        consent = sharing.consent(opened, consent_id)
        through = sharing.permits_through(opened, consent.recipient)
        return opened, _document(opened, consent, through)

    with transaction.atomic():
        opened, found = load(request)
    content = printed({"receipt": found})
    if not opened.is_patient:
        hand_over_same(request, found, load=lambda again: load(again)[1])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="receipt.pdf"'
    return response


def printed(context: dict[str, Any]) -> bytes:
    """The file. Raises pdf.RenderError."""
    return pdf.lay_out("pdf/receipt.html", context, title="Receipt").pdf()


def _document(
    opened: OpenPatient, consent: Consent, through: list[Consent]
) -> documents.Receipt:
    return documents.receipt(
        consent,
        patient=opened.patient,
        role=sharing.role_of(opened, consent.recipient),
        at=opened.at,
        names_team=not recipients.unnamed(opened, [consent]),
        organizations=[each.recipient.name for each in through],
        shared_again=bool(sharing.permits_in_force(opened, consent.recipient)),
    )
