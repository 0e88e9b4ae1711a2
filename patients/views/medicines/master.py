"""The master list on one page (S13): screen, print and a saved PDF; and its owner."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import pdf, zones
from carecoord.transactions import deciding, own_transaction
from consents import part2
from consents.access import Request
from consents.access.still import hand_over
from consents.spoken import spoken_to
from patients.access import OpenPatient, open_patient
from patients.access.master import load_conditions, load_providers
from patients.access.medicines import recent_changes
from patients.actions import patients as patient_actions
from patients.forms.medicine_privacy import OwnerForm
from patients.supply_page import pharmacy_words
from patients.views import pages
from patients.views.medicines.lists import (
    checked_by,
    keeps_line,
    list_address,
    list_context,
)

RECENT_DAYS = 90
# Few steps: each is a whole layout.
FONT_STEPS = (11, 10, 9.5)
PDF_TEMPLATE = "pdf/master_list.html"


@require_safe
def master_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Medicines, allergies, diagnoses, care team and recent changes, on one page."""
    opened = open_patient(request, patient_id)
    context = master_context(opened, zone=request.user.time_zone)
    return render(request, "patients/master_list.html", context)


@require_safe
@own_transaction
def master_list_pdf(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The same as a file. Decided and logged first, rendered after the commit."""
    with deciding(request):
        opened = open_patient(request, patient_id)
        context = master_context(opened, zone=opened.patient.time_zone)
        context["part2_notice"] = part2.notice_of(request.reading)
        disclosed = request.reading.write_disclosures()
    try:
        content = printed(context)
    except pdf.RenderError:
        request.reading.not_delivered(disclosed)
        messages.error(request, _("We could not make the file. Print the page."))
        return redirect("patients:master_list", patient_id=patient_id)
    hand_over(request.reading, disclosed)
    day = zones.today(opened.at, opened.patient.time_zone)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"medicine-list-{day.isoformat()}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def printed(context: dict[str, Any]) -> bytes:
    """The file, in the largest letters that keep it on one page; more pages if not.

    Nothing is left out or cut. Raises pdf.RenderError.
    """
    for step in FONT_STEPS:
        pages = pdf.lay_out(
            PDF_TEMPLATE, context, base_font_step=step, title=_("Medicine list")
        )
        if pages.count == 1:
            return pages.pdf()
    return pages.pdf()


def master_context(opened: OpenPatient, *, zone: str) -> dict[str, Any]:
    """Everything in words for one reader, on screen in their zone, on paper in the
    patient's."""
    context = list_context(opened, zone=zone)
    since = opened.at - timedelta(days=RECENT_DAYS)
    return {
        **context,
        "zone": zone,
        "heading": _heading(opened, len(context["current"])),
        "pharmacy_line": pharmacy_words(opened),
        "choice": "" if opened.is_patient else spoken_to(opened).choice(),
        "conditions": load_conditions(opened),
        "conditions_line": section_line(opened, "conditions", _("Diagnoses")),
        "providers": load_providers(opened),
        "providers_line": section_line(opened, "care_team", _("Care team")),
        "medicines_line": section_line(opened, "medications", _("Medicines")),
        "changes": recent_changes(opened, since=since),
        "changes_line": section_line(opened, "medications", _("Changes")),
        "keeps_line": keeps_line(opened),
        "checked_by": checked_by(opened, context["rows"].checked),
        "printed_at": opened.at,
        "shows_substances": opened.is_patient or bool(context["substances"]),
    }


def _heading(opened: OpenPatient, count: int) -> str:
    if opened.is_patient:
        return _("Medicines I take now (%(count)d)") % {"count": count}
    return spoken_to(opened).medicines_heading(count)


def section_line(opened: OpenPatient, category: str, title: str) -> str:
    """What stands in an empty section: by scope for others, plainly for oneself."""
    if opened.is_patient:
        return _("%(title)s: not recorded.") % {"title": title}
    if not opened.scope.has(category):
        return spoken_to(opened).not_part_of(title)
    return spoken_to(opened).none_of(category, title)


@require_http_methods(["GET", "HEAD", "POST"])
def list_owner(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Who keeps the list: the patient, or someone of the team with them (S12)."""
    opened = open_patient(request, patient_id)
    opened.require(opened.is_patient)
    form = OwnerForm(request.POST or None, team=load_providers(opened))
    if request.method == "POST" and form.is_valid():
        patient_actions.change_details(
            patient=opened.patient, by=request.user, list_owner=form.chosen()
        )
        messages.success(request, _("Saved."))
        return redirect(list_address(opened))
    return pages.show(
        request,
        "patients/medicines_question.html",
        [form],
        heading=_("Who keeps your medicine list?"),
        lead=_("One person who looks after it. The name stands on the printed list."),
        button=_("Save"),
        back_url=list_address(opened),
    )
