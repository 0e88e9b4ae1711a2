"""The privacy officer gives somebody of age the sign-in to their own record."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents import actions as consents
from consents import representing
from consents.access import Request, representatives
from consents.access.office import open_office
from patients.actions import children as actions
from patients.forms.children import GiveForm


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """For whom a parent acted until the 18th birthday, and who never signed in."""
    office = open_office(request, patient_id)
    found = representatives.patient_of(office, patient_id)
    if not representing.is_nobodys(found, office.at):
        messages.info(request, _("This patient needs no sign-in from you now."))
        return redirect("consents:acting_patient", patient_id=patient_id)
    form = GiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_sign_in(
                patient=found,
                address=form.cleaned_data["email"],
                by=office.user,
                at=office.at,
            )
        except (actions.ChildError, consents.RuleError) as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The link is on its way to the patient."))
            return redirect("consents:acting_patient", patient_id=patient_id)
    return render(
        request, "patients/sign_in_given.html", {"patient": found, "form": form}
    )
