"""The patient's own details."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents.access import Request
from consents.actions import RuleError
from patients.access import OpenPatient, open_patient
from patients.actions import record as actions
from patients.forms.record import DetailsForm, mark_of
from patients.views.record_conflict import typed_again


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Name, pronouns, birth date, phone, language, zone. POST holds the gate."""
    opened = open_patient(request, patient_id)
    opened.require(opened.is_patient)
    data = request.POST if request.method == "POST" else None
    form = DetailsForm(data, patient=opened.patient)
    context = {"opened": opened, "form": form, "back_url": _more(opened)}
    if data is None or not form.is_valid():
        return render(request, "patients/record_details.html", context)
    if form.cleaned_data["seen"] != mark_of(opened.patient):
        return _conflict(request, opened, form)
    try:
        actions.change_own_details(
            patient=opened.patient, by=request.user, **form.columns()
        )
    except RuleError as error:
        form.add_error("phone", str(error))
        return render(request, "patients/record_details.html", context)
    messages.success(request, _("Saved."))
    return redirect(_more(opened))


def _conflict(request: Request, opened: OpenPatient, form: DetailsForm) -> HttpResponse:
    context = {
        "what": _("Your details"),
        "rows": [
            {
                "label": form.fields[name].label,
                "theirs": form.words_of(name, getattr(opened.patient, name)),
                "yours": form.words_of(name, form.cleaned_data[name]),
            }
            for name in form.COLUMNS
        ],
        "action_url": request.path,
        "typed": typed_again(request) + [("seen", mark_of(opened.patient))],
        "back_url": _more(opened),
    }
    return render(request, "patients/record_conflict.html", context, status=409)


def _more(opened: OpenPatient) -> str:
    return reverse("patients:more", args=[opened.patient.pk])
