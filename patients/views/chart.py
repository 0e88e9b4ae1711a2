"""Whom I may open; and the patient's home or the chart, at one address."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from consents.access import Request
from patients import identity
from patients.access import OpenPatient, open_patient
from patients.access.home import load_home
from patients.access.invitations import practitioner_of
from patients.access.lists import own_patient, patients_of
from patients.chart_page import chart_context, nothing_shared_context
from patients.home_page import home_context
from patients.one_page import TooLarge


@require_safe
def patient_list(request: Request) -> HttpResponse:
    """The patients I may open. Patients themselves have a home instead."""
    if patient := own_patient(request.user):
        return redirect("patients:chart", patient_id=patient.pk)
    patients = patients_of(request.user)
    if not patients and not request.user.parties.exists():
        return render(request, "patients/list_no_records.html")
    context = {
        "rows": identity.listed(patients),
        "is_clinician": practitioner_of(request.user) is not None,
    }
    return render(request, "patients/list.html", context)


@require_safe
def chart(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The patient's own home; for everyone else, what is shared with them."""
    opened = open_patient(request, patient_id)
    if opened.is_patient:
        rows = load_home(opened, signed_in_at=_signed_in_at(request, opened))
        return render(request, "patients/home.html", home_context(opened, rows))
    if not opened.scope.categories:
        context = nothing_shared_context(opened)
        return render(request, "patients/chart_nothing_shared.html", context)
    try:
        return render(request, "patients/chart.html", chart_context(opened))
    except TooLarge:
        context = {"opened": opened, "patient": opened.patient}
        return render(request, "patients/summary_too_large.html", context)


def _signed_in_at(request: Request, opened: OpenPatient) -> datetime:
    started = request.session.get("started_at")
    return datetime.fromtimestamp(started, UTC) if started else opened.at
