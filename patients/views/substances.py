"""Alcohol, cannabis, nicotine: the patient's own block."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consents import representing
from consents.access import Request
from patients.access import OpenPatient, open_patient
from patients.access.substances import (
    load_substance,
    load_substances,
    substances_seen_by,
)
from patients.actions import substances
from patients.actions.conflict import EditConflict
from patients.forms.medicine_changes import VersionForm
from patients.forms.substances import SubstanceForm
from patients.models import SubstanceUse
from patients.views import pages
from patients.views.medicines.conflicts import typed_again


def _address(opened: OpenPatient) -> str:
    return reverse("patients:substances", args=[opened.patient.pk])


def _saved(request: Request, opened: OpenPatient) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(_address(opened))


@require_safe
def substance_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every row with a way to change it, and who can see the block."""
    opened = open_patient(request, patient_id)
    opened.require(opened.decides("substances"))
    rows = load_substances(opened)
    context: dict[str, Any] = {"opened": opened, "patient": opened.patient}
    context["substances"] = [
        (row, representing.written_by(opened, row)) for row in rows
    ]
    if opened.is_patient:
        # Whom the patient has is not all theirs to know who act for them.
        context["shared_with"] = substances_seen_by(opened)
    return render(request, "patients/substances.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def substance_add(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    opened = open_patient(request, patient_id)
    opened.require(opened.decides("substances"))
    form = SubstanceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        substances.add(
            patient=opened.patient, use=form.answer(), by=request.user, at=opened.at
        )
        return _saved(request, opened)
    return _page(request, opened, [form], heading=_("Add what you use"))


@require_http_methods(["GET", "HEAD", "POST"])
def substance_change(
    request: Request, patient_id: uuid.UUID, substance_id: uuid.UUID
) -> HttpResponse:
    """What is used now; or, with its own button, off the block."""
    opened = open_patient(request, patient_id)
    item = load_substance(opened, substance_id)
    form = SubstanceForm(request.POST or None, item=item)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and pages.all_valid([form, version]):
        who = {"by": request.user, "at": opened.at}
        seen = version.cleaned_data["version"]
        try:
            if "mistake" in request.POST:
                substances.added_by_mistake(item=item, version=seen, **who)
            else:
                substances.change(item=item, version=seen, use=form.answer(), **who)
        except EditConflict as conflict:
            return _conflict(request, opened, theirs=conflict.theirs, form=form)
        return _saved(request, opened)
    return _page(request, opened, [form, version], heading=_("Change"), item=item)


def _page(
    request: Request,
    opened: OpenPatient,
    page: list,
    *,
    heading: str,
    item: SubstanceUse | None = None,
) -> HttpResponse:
    return pages.show(
        request,
        "patients/substances_form.html",
        page,
        heading=heading,
        lead=_("Write it as it is. It can change how medicines work."),
        item=item,
        back_url=_address(opened),
    )


def _said(row: SubstanceUse) -> str:
    return ": ".join(part for part in (row.called, row.amount, row.often) if part)


def _conflict(
    request: Request,
    opened: OpenPatient,
    *,
    theirs: SubstanceUse,
    form: SubstanceForm,
) -> HttpResponse:
    mine = SubstanceUse(**vars(form.answer()))
    context = {
        "what": _("What you use"),
        "rows": [{"label": _("Use"), "theirs": _said(theirs), "yours": _said(mine)}],
        "action_url": request.path,
        "typed": [*typed_again(request), ("version", str(theirs.version))],
        "back_url": _address(opened),
    }
    return render(request, "patients/medicines_conflict.html", context, status=409)
