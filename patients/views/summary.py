"""The health summary: on screen, on paper, in large print, as text for a chart."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from carecoord import zones
from carecoord.pdf import PAPERS, RenderError
from carecoord.transactions import deciding, own_transaction
from consents.access import Request
from consents.access.still import hand_over
from consents.models import Disclosure
from patients import documents
from patients.access import OpenPatient, open_patient
from patients.access.chart import load_chart
from patients.one_page import Fitted, Summary, TooLarge, fit, large_print, whole_sheet

Print = Callable[..., Fitted]


@require_safe
def summary(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The HTML twin: the same rows and words as the paper, in full."""
    opened = open_patient(request, patient_id)
    context = {"opened": opened, "patient": opened.patient}
    try:
        context["sheet"] = whole_sheet(_build(request, opened))
    except TooLarge:
        return render(request, "patients/summary_too_large.html", context)
    return render(request, "patients/summary.html", context)


@require_GET
@own_transaction
def summary_pdf(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """One page, exactly; what does not fit is declared on it."""
    return _printed(request, patient_id, fit, "summary")


@require_GET
@own_transaction
def summary_large(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Everything in full at 14 points, on as many pages as it takes."""
    return _printed(request, patient_id, large_print, "summary-large")


@require_safe
def summary_text(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """ "Copy as plain text for my chart": logged as an export."""
    opened = open_patient(request, patient_id)
    context = {"opened": opened, "patient": opened.patient}
    try:
        text = documents.plain_text(_build(request, opened))
    except TooLarge:
        return render(request, "patients/summary_too_large.html", context)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    day = zones.today(opened.at, opened.patient.time_zone)
    response["Content-Disposition"] = f'inline; filename="summary-{day}.txt"'
    return response


def _build(request: Request, opened: OpenPatient) -> Summary:
    """The summary for this reader; 404 where nothing is shared: the chart says so."""
    opened.require(opened.is_patient or bool(opened.scope.categories))
    return documents.summary(opened, load_chart(opened), sign_in_url=settings.SITE_URL)


def _printed(
    request: Request, patient_id: uuid.UUID, print_out: Print, name: str
) -> HttpResponse:
    """Decides and logs in one short transaction; prints after it is committed."""
    frozen, day, rows = _frozen(request, patient_id)
    paper = request.GET.get("paper", "")
    try:
        fitted = print_out(frozen, paper=paper if paper in PAPERS else "letter")
    except (RenderError, TooLarge):
        request.reading.not_delivered(rows)
        context = {"patient_id": patient_id}
        return render(request, "patients/summary_not_printed.html", context, status=503)
    hand_over(request.reading, rows)
    return _file(fitted.pdf, name=f"{name}-{day}.pdf")


def _frozen(
    request: Request, patient_id: uuid.UUID
) -> tuple[Summary, str, list[Disclosure]]:
    with deciding(request):
        opened = open_patient(request, patient_id)
        frozen = _build(request, opened)
        day = zones.today(opened.at, opened.patient.time_zone).isoformat()
        return frozen, day, request.reading.write_disclosures()


def _file(content: bytes, *, name: str) -> HttpResponse:
    """Opens in the browser, is not kept by it, and names nobody."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
