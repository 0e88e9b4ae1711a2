"""The page that a stated emergency opens, for four hours, every look marked."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from carecoord import zones
from consents.access import Request, emergency
from patients.access import open_patient
from patients.access.emergency import load_emergency
from patients.emergency_page import emergency_context


@require_safe
def page(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The ER core in its fixed order; without an open emergency, the statement."""
    opened = open_patient(request, patient_id)
    standing = emergency.standing(opened)
    if standing.is_closed or standing.access is None:
        return redirect("consents:emergency", patient_id=patient_id)
    zone = request.user.time_zone
    context = emergency_context(opened, load_emergency(opened)) | {
        "standing": standing,
        "until": zones.time_words(standing.access.ends_at, zone),
        "printed": zones.instant_words(opened.at, zone),
    }
    return render(request, "patients/emergency.html", context)
