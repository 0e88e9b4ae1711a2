"""Who acts for the patient: for the patient, for whoever acts, for the clinician."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import zones
from consents import actions
from consents.access import OpenPatient, Request, open_patient
from consents.access import representatives as access
from consents.codes import RepresentativeKind
from consents.forms.representatives import IncapacityForm
from consents.models import Incapacity


@require_safe
def people(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Who acts now and who did, by which paper, for what it covers and leaves out."""
    opened = open_patient(request, patient_id)
    acting = access.acting(opened)
    context = {
        "opened": opened,
        "acting": acting,
        "until_adult": _until_adult(opened, acting),
        "operator": settings.JURISDICTION.operator,
        "stated": access.incapacities(opened),
        "corrected": access.own_corrected_deaths(opened),
    }
    return render(request, "consents/representatives/people.html", context)


def _until_adult(opened: OpenPatient, acting: list[access.Acting]) -> dict | None:
    """When a parent's part ends, for the child: the day, and the last of 30 after it.

    It is where the notices before an 18th birthday lead.
    """
    patient = opened.patient
    parents = [
        each
        for each in acting
        if each.stands and each.row.kind == RepresentativeKind.PARENT
    ]
    turns, carried = patient.majority_at, patient.carried_until
    if not (opened.is_patient and parents and turns and carried):
        return None
    return {
        "day": zones.today(turns, patient.time_zone),
        "goes_on_until": zones.last_day(carried, patient.time_zone),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def stop(
    request: Request, patient_id: uuid.UUID, representative_id: uuid.UUID
) -> HttpResponse:
    """One page, one button; over when the answer leaves."""
    opened = open_patient(request, patient_id)
    found = access.one_acting(opened, representative_id)
    own = found.row.party.user_id == request.user.pk
    if request.method == "POST":
        actions.stop_acting(representative=found.row, by=request.user, at=opened.at)
        messages.success(request, _("It is over. Only a paper can begin it again."))
        if own:
            return redirect("home")
        return redirect("consents:representatives", patient_id=patient_id)
    context = {"opened": opened, "acting": found, "own": own}
    return render(request, "consents/representatives/stop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def incapacity(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """A licensed member of the team states it, or takes the own statement back."""
    opened = open_patient(request, patient_id)
    stands = access.own_statement(opened)
    form = IncapacityForm(request.POST or None)
    if request.method == "POST" and (stands or "ends" in request.POST):
        return _take_back(request, opened, stands)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_incapacity(
                patient=opened.patient,
                party=opened.party,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=opened.at,
            )
        except actions.RuleError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("Kept. The privacy officer has it now."))
            return redirect("consents:incapacity", patient_id=patient_id)
    context = {"opened": opened, "form": form, "stands": stands}
    context["agents"] = access.agents_on(stands, opened.at) if stands else 0
    return render(request, "consents/representatives/incapacity.html", context)


def _take_back(
    request: Request, opened: OpenPatient, stands: Incapacity | None
) -> HttpResponse:
    """Of exactly the statement that the page showed.

    Sent twice, or from another tab: stating is never taken for taking it back.
    """
    if stands and request.POST.get("ends") == str(stands.pk):
        actions.end_incapacity(incapacity=stands, by=request.user, at=opened.at)
        messages.success(request, _("Kept. The patient decides alone from now on."))
    return redirect("consents:incapacity", patient_id=opened.patient.pk)
