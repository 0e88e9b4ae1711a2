"""The page that a stated emergency opens, for four hours, every look marked."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from carecoord import pdf, zones
from carecoord.transactions import deciding, own_transaction
from consents import part2
from consents.access import Request, emergency
from consents.access.still import hand_over
from patients.access import OpenPatient, open_patient
from patients.access.emergency import load_emergency
from patients.emergency_page import emergency_context

PDF_TEMPLATE = "pdf/emergency.html"
# Read in a hurry, and on as many pages as it takes.
FONT_STEP = 11


@require_safe
def page(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The ER core in its fixed order; without an open emergency, the statement."""
    opened = open_patient(request, patient_id)
    context = _context(opened, zone=request.user.time_zone)
    if context is None:
        return redirect("consents:emergency", patient_id=patient_id)
    return render(request, "patients/emergency.html", context)


@require_safe
@own_transaction
def page_pdf(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The same on paper. Decided, marked and logged first, printed after the commit."""
    with deciding(request):
        opened = open_patient(request, patient_id)
        context = _context(opened, zone=opened.patient.time_zone)
        if context is not None:
            context["part2_notice"] = part2.notice_of(request.reading)
        rows = request.reading.write_disclosures()
    if context is None:
        return redirect("consents:emergency", patient_id=patient_id)
    try:
        content = printed(context)
    except pdf.RenderError:
        request.reading.not_delivered(rows)
        messages.error(request, _("We could not make the file. Print the page."))
        return redirect("patients:emergency_page", patient_id=patient_id)
    hand_over(request.reading, rows)
    day = zones.today(opened.at, opened.patient.time_zone).isoformat()
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="summary-{day}.pdf"'
    return response


def printed(context: dict[str, Any]) -> bytes:
    """The file, every line in full. Raises pdf.RenderError."""
    pages = pdf.lay_out(PDF_TEMPLATE, context, base_font_step=FONT_STEP)
    return pages.pdf()


def _context(opened: OpenPatient, *, zone: str) -> dict[str, Any] | None:
    """Everything of the page; None where no emergency of this reader is open."""
    standing = emergency.standing(opened)
    if standing.is_closed or standing.access is None:
        return None
    return emergency_context(opened, load_emergency(opened)) | {
        "standing": standing,
        "until": zones.time_words(standing.access.ends_at, zone),
        "printed": zones.instant_words(opened.at, zone),
        "reader": opened.reading.user.name,
    }
