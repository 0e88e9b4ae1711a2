"""S40: that coordination is allowed, on one page for the chart of one clinician.

The patient prints it for them, or they print it themselves: only who it is for, and
only while it stands.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carecoord import pdf
from carecoord.transactions import own_transaction
from consents import documents
from consents.access import OpenPatient, Request, open_patient
from consents.access.allowing import Allowed, allowing
from consents.access.still import hand_over_same


@require_safe
def statement(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """The page. 404 for every permission that is not the reader's, or has ended."""
    opened = open_patient(request, patient_id)
    allowed = allowing(opened, consent_id)
    context = {
        "opened": opened,
        "consent": allowed.consent,
        "statement": _document(opened, allowed),
    }
    return render(request, "consents/statement.html", context)


@require_safe
@own_transaction
def statement_pdf(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """The same on paper: loaded in one short transaction, printed after it."""

    def load(asked: Request) -> documents.Statement:
        opened = open_patient(asked, patient_id)
        return _document(opened, allowing(opened, consent_id))

    with transaction.atomic():
        found = load(request)
    content = printed({"statement": found})
    # When it was printed may be another minute; all else is as it was.
    hand_over_same(request, found.text, load=lambda again: load(again).text)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="coordination.pdf"'
    return response


def printed(context: dict[str, Any]) -> bytes:
    """The file. Raises pdf.RenderError."""
    title = "Coordination is allowed"
    return pdf.lay_out("pdf/statement.html", context, title=title).pdf()


def _document(opened: OpenPatient, allowed: Allowed) -> documents.Statement:
    return documents.statement(
        allowed,
        patient=opened.patient,
        at=opened.at,
        names_team=opened.is_patient or opened.scope.has("care_team"),
    )
