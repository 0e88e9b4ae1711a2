"""The dose plan of one medicine as a calendar, on screen and on paper."""

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
from consents.access import Request
from consents.access.still import hand_over
from patients import medicine_words as words
from patients.access import OpenPatient, open_patient
from patients.access.medicines import load_medicine
from patients.medicine_names import tall_man
from patients.models import MedicationStatement
from patients.plan_calendar import calendar_of, has_calendar
from patients.safe_text import safe
from patients.views.medicines.lists import list_address

PDF_TEMPLATE = "pdf/dose_plan.html"
FONT_STEP = 10


def _open(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> tuple[OpenPatient, MedicationStatement]:
    """One permitted line whose days are known, or the 404."""
    opened = open_patient(request, patient_id)
    item = load_medicine(opened, medicine_id)
    opened.require(has_calendar(item.dosage))
    return opened, item


@require_safe
def dose_plan(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """The calendar, with the same words as its file."""
    opened, item = _open(request, patient_id, medicine_id)
    context = plan_context(opened, item, zone=request.user.time_zone)
    return render(request, "patients/medicines_plan.html", context)


@require_safe
@own_transaction
def dose_plan_pdf(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """The same as a file. Decided and logged first, rendered after the commit."""
    with deciding(request):
        opened, item = _open(request, patient_id, medicine_id)
        context = plan_context(opened, item, zone=opened.patient.time_zone)
        context["part2_notice"] = part2.notice_of(request.reading)
        disclosed = request.reading.write_disclosures()
    try:
        content = printed(context)
    except pdf.RenderError:
        request.reading.not_delivered(disclosed)
        messages.error(request, _("We could not make the file. Print the page."))
        return redirect(
            "patients:medicine_plan", patient_id=patient_id, medicine_id=medicine_id
        )
    hand_over(request.reading, disclosed)
    day = zones.today(opened.at, opened.patient.time_zone)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"dose-plan-{day.isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def printed(context: dict[str, Any]) -> bytes:
    """The file: every day in full, on as many pages as it takes. pdf.RenderError."""
    pages = pdf.lay_out(
        PDF_TEMPLATE, context, base_font_step=FONT_STEP, title=_("Dose plan")
    )
    return pages.pdf()


def plan_context(
    opened: OpenPatient, item: MedicationStatement, *, zone: str
) -> dict[str, Any]:
    """Name, dose and calendar in words: clinicians read tall man letters."""
    today = zones.today(opened.at, zone)
    name = words.name_of(item) if opened.is_patient else tall_man(safe(item.name))
    return {
        "opened": opened,
        "patient": opened.patient,
        "item": item,
        "name": name,
        "brand": safe(item.brand),
        "line": item.dosage.line_on(today),
        "prescribed_by": item.prescribed_by,
        "status": item.get_status_display(),
        "plan": calendar_of(item.dosage, today=today),
        "zone": zone,
        "printed_at": opened.at,
        "back_url": list_address(opened),
    }
