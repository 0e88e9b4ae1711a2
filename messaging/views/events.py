"""Telling the team what happened."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import zones
from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from consents.access import Request
from messaging.access import OpenPatient, open_patient
from messaging.forms.events import KINDS, TellForm, form_for
from patients.access.private_items import TOLD_ALONE
from patients.actions import events
from patients.models import TimelineEvent


@require_safe
def kinds(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """What can be told, with the question whether it should be."""
    opened = _open(request, patient_id)
    context = {"opened": opened, "kinds": KINDS.values()}
    return render(request, "messaging/tell.html", context)


@require_http_methods(["GET", "POST"])
def tell(request: Request, patient_id: uuid.UUID, kind: str) -> HttpResponse:
    """One small form; the timeline event that it writes is what the team is told."""
    opened = _open(request, patient_id)
    opened.require(kind in KINDS)
    today = zones.today(opened.at, request.user.time_zone)
    form = form_for(KINDS[kind], today=today, data=request.POST or None)
    if opened.is_patient:
        form.ask_the_patient()
    if request.method == "GET" or not form.is_valid():
        return _page(request, opened, form)
    try:
        told = events.record(
            patient=opened.patient,
            happening=form.happening(),
            form_key=form.cleaned_data["form_key"],
            author=None if opened.is_patient else opened.party,
            by=request.user,
            at=opened.at,
        )
    except FormUsedError:
        say_used(form, reverse("messaging:updates", args=[patient_id]))
        return _page(request, opened, form, status=409)
    messages.success(request, _("Saved. Everyone who may know will be told."))
    return _after(opened, told)


def _after(opened: OpenPatient, told: TimelineEvent) -> HttpResponse:
    """What stands in no list afterwards: who may see it, before anybody is told."""
    if opened.is_patient and told.kind in TOLD_ALONE:
        return redirect("patients:item_privacy", opened.patient.pk, "told", told.pk)
    return redirect("messaging:updates", opened.patient.pk)


def _page(
    request: Request, opened: OpenPatient, form: TellForm, *, status: int = 200
) -> HttpResponse:
    context = {"opened": opened, "form": form, "kind": form.kind}
    return render(request, "messaging/tell_kind.html", context, status=status)


def _open(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    """The patient, and clinicians who write to the team."""
    opened = open_patient(request, patient_id)
    writes = bool(opened.role and opened.role.writes_updates)
    opened.require(opened.is_patient or writes)
    return opened
