"""What was said to a flag: a clinician's reason, the patient's "I will ask"."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consents.access import Request
from patients.access import OpenPatient, audience, open_patient, open_to_try
from patients.access.flags import load_raised
from patients.access.private_flags import (
    Unwarned,
    asked_about,
    is_warned,
    missing_item,
)
from patients.actions import flags as actions
from patients.flag_page import FlagCard
from patients.forms.flags import SetAsideForm
from patients.views import pages
from patients.views.medicines.lists import list_address


def _open_prescriber(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    """Only a role that prescribes, with the list in its scope; else the 404."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.prescribes))
    opened.require(opened.scope.has("medications"))
    return opened


@require_http_methods(["GET", "HEAD", "POST"])
def flag_set_aside(request: Request, patient_id: uuid.UUID, mark: str) -> HttpResponse:
    """A clinician says why it may stand. It stays on the page, under "Looked at"."""
    opened = _open_prescriber(request, patient_id)
    raised = load_raised(opened, mark)
    form = SetAsideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_aside(
            flag=raised.flag,
            about=raised.about,
            reason=form.cleaned_data["reason"],
            author=opened.party,
            by=request.user,
            at=opened.at,
        )
        messages.success(request, _("Saved. It stands under “Looked at” now."))
        return redirect(f"{list_address(opened)}#flags")
    context: dict[str, Any] = {"card": FlagCard(raised, opened.reading.user.time_zone)}
    context |= {"back_url": list_address(opened), "caption": opened.patient.name}
    return pages.show(request, "patients/flag_set_aside.html", [form], **context)


@require_POST
def flag_again(request: Request, patient_id: uuid.UUID, mark: str) -> HttpResponse:
    """A clinician puts a flag back up that was set aside, by whomever."""
    opened = _open_prescriber(request, patient_id)
    answer = load_raised(opened, mark).set_aside
    if answer is not None:
        version = {"version": answer.version}
        actions.take_back(answer=answer, **version, by=request.user, at=opened.at)
    messages.success(request, _("Saved. It stands on the page again."))
    return redirect(f"{list_address(opened)}#flags")


@require_POST
def flag_ask(request: Request, patient_id: uuid.UUID, mark: str) -> HttpResponse:
    """ "I will ask": for the patient alone, and seen by nobody else."""
    opened = open_patient(request, patient_id)
    opened.require(opened.is_patient)
    found = asked_about(opened, load_raised(opened, mark))
    for raised in found:
        about: dict[str, Any] = {"flag": raised.flag, "about": raised.about}
        actions.will_ask(**about, by=request.user, at=opened.at)
    first_dose = _("Saved. Ask before you take the first dose.")
    soon = _("Saved. Ask a pharmacist or your prescriber soon.")
    waits = any(each.before_first_dose for each in found)
    messages.success(request, first_dose if waits else soon)
    return redirect(list_address(opened))


@require_http_methods(["GET", "HEAD", "POST"])
def flag_share(
    request: Request, patient_id: uuid.UUID, mark: str, party_id: uuid.UUID
) -> HttpResponse:
    """One item for one prescriber, in two taps: the second one is here."""
    opened = open_to_try(request, patient_id)
    opened.require(opened.is_patient)
    if request.method == "POST" and is_warned(opened, mark, party_id):
        return _shared(request, opened)  # tapped twice
    one = missing_item(opened, mark, party_id)
    will, _not = audience.who_would_see(opened, lambda: _share(opened, one))
    if request.method == "POST" and one.party.name in will:
        _share(opened, one)
        return _shared(request, opened)
    context = {"one": one, "possible": one.party.name in will}
    context |= {"back_url": list_address(opened)}
    context |= {"sharing_url": reverse("consents:person", args=[patient_id, party_id])}
    return render(request, "patients/flag_share.html", context)


def _shared(request: Request, opened: OpenPatient) -> HttpResponse:
    messages.success(request, _("Saved. They can see it now."))
    return redirect(list_address(opened))


def _share(opened: OpenPatient, one: Unwarned):
    return actions.share_with(
        item=one.missing,
        party=one.party,
        by=opened.reading.user,
        at=opened.at,
    )
