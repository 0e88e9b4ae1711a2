"""What is left; "I missed a dose"; "I ran out". Each works without JavaScript."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from consents.access import Request
from patients import medicine_words as words
from patients.access import OpenPatient, open_patient
from patients.access.medicines import load_own_medicine
from patients.access.supply import load_counts, load_told
from patients.actions import supply
from patients.change_page import stop_warning
from patients.codes import EventKind
from patients.forms.supply import SupplyForm, WhyForm
from patients.models import TimelineEvent
from patients.safe_text import safe
from patients.supply_page import pharmacy_context
from patients.views import pages
from patients.views.medicines.lists import list_address

METHODS = ["GET", "HEAD", "POST"]
TOLD = {"missed": EventKind.DOSES_MISSED, "ran-out": EventKind.RAN_OUT}


@require_http_methods(METHODS)
def medicine_supply(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """How many are left on a day, how many refills, and who refills."""
    opened = open_patient(request, patient_id)
    medicine = load_own_medicine(opened, medicine_id)
    last = load_counts(opened, [medicine]).get(medicine.pk)
    known = {"refilled_by": last.refilled_by} if last else {}
    form = SupplyForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("form_key")
        who = {"by": request.user, "at": opened.at}
        back = list_address(opened) + "#supply"
        try:
            supply.count(medicine=medicine, key=key, **said, **who)
        except FormUsedError:
            say_used(form, back)
        else:
            done = _("Saved. The day it runs out stands on your list.")
            messages.success(request, done)
            return redirect(back)
    context = {"heading": _("Count what is left"), "name": words.name_of(medicine)}
    context |= {"back_url": list_address(opened)}
    return pages.show(request, "patients/supply_form.html", [form], **context)


@require_POST
def tell(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID, told: str
) -> HttpResponse:
    """One tap; the next page offers to say why, or to take it back."""
    opened = open_patient(request, patient_id)
    medicine = load_own_medicine(opened, medicine_id)
    opened.require(told in TOLD)
    event = supply.tell(
        medicine=medicine, kind=TOLD[told], by=request.user, at=opened.at
    )
    return redirect("patients:medicine_told_why", patient_id, event.pk)


@require_http_methods(METHODS)
def told(request: Request, patient_id: uuid.UUID, event_id: uuid.UUID) -> HttpResponse:
    """Saved already. Why, if one likes; or "Undo", while nobody was told."""
    opened = open_patient(request, patient_id)
    event = load_told(opened, event_id)
    opened.require(event.kind in TOLD.values())
    undo = "undo" in request.POST
    form = WhyForm(request.POST if request.method == "POST" and not undo else None)
    if undo:
        done = supply.take_back(event=event, by=request.user, at=opened.at)
        said = _("Taken back. Nobody is told.")
        late = _("Your team was told already. Tell them that it was a mistake.")
        messages.success(request, said if done else late)
        return redirect(list_address(opened))
    if request.method == "POST" and form.is_valid():
        saved = supply.say_why(event=event, why=form.cleaned_data["why"])
        late = _("Your team was told already, without the reason.")
        messages.success(request, _("Saved.") if saved else late)
        return redirect(list_address(opened))
    context = {"heading": safe(event.title), "back_url": list_address(opened)}
    if event.kind == EventKind.RAN_OUT:
        context |= _ask_for_more(opened, event)
    return pages.show(request, "patients/supply_told.html", [form], **context)


def _ask_for_more(opened: OpenPatient, event: TimelineEvent) -> dict[str, Any]:
    """Whom to call, and what to know of going without."""
    opened.require(event.about is not None)
    medicine = load_own_medicine(opened, cast(uuid.UUID, event.about))
    return {
        "ran_out": True,
        "prescriber": medicine.prescribed_by,
        "sudden": stop_warning(medicine.name, medicine.brand),
    } | pharmacy_context(opened)
