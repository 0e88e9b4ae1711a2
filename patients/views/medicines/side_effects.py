"""Side effects of one medicine: the patient enters them, a clinician marks them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from consents.access import Request
from patients import medicine_words as words
from patients import side_effect_words
from patients.access import OpenPatient, open_patient
from patients.access.medicines import load_medicine, load_own_medicine
from patients.access.side_effects import load_side_effect
from patients.actions import side_effects
from patients.actions.conflict import EditConflict
from patients.forms.medicine_changes import VersionForm
from patients.forms.side_effects import MarkForm, SideEffectForm
from patients.models import MedicationStatement, SideEffect
from patients.side_effect_page import call_numbers
from patients.urgent_signs import is_urgent
from patients.views import pages
from patients.views.medicines.conflicts import typed_again

METHODS = ["GET", "HEAD", "POST"]


def _back(opened: OpenPatient, medicine: MedicationStatement) -> str:
    place = [opened.patient.pk, medicine.pk]
    return f"{reverse('patients:medicine_history', args=place)}#side-effects"


def _saved(
    request: Request, opened: OpenPatient, medicine: MedicationStatement, said: str
) -> HttpResponse:
    messages.success(request, said)
    return redirect(_back(opened, medicine))


@require_http_methods(METHODS)
def side_effect_add(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """One entry reaches prescriber and therapist, if they may see the medicine."""
    opened = open_patient(request, patient_id)
    medicine = load_own_medicine(opened, medicine_id)
    form = SideEffectForm(
        request.POST if request.method == "POST" else None,
        medicine=medicine,
        numbers=call_numbers(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = _add(opened, medicine, form)
        except FormUsedError:
            say_used(form, _back(opened, medicine))
        else:
            return _saved(request, opened, medicine, _who_is_told(saved))
    context: dict[str, Any] = {
        "heading": _("A side effect"),
        "name": words.name_of(medicine),
    }
    context |= {"back_url": _back(opened, medicine)}
    return pages.show(request, "patients/side_effect_form.html", [form], **context)


def _add(
    opened: OpenPatient, medicine: MedicationStatement, form: SideEffectForm
) -> SideEffect:
    return side_effects.add(
        medicine=medicine,
        effect=form.answer(),
        key=form.cleaned_data["form_key"],
        by=opened.reading.user,
        at=opened.at,
    )


def _who_is_told(item: SideEffect) -> str:
    if is_urgent(item):
        return _("Saved. Everyone who sees this medicine is told now.")
    return _("Saved. Everyone who sees this medicine is told in 10 minutes.")


@require_http_methods(METHODS)
def side_effect_change(
    request: Request,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    effect_id: uuid.UUID,
) -> HttpResponse:
    """Worse, better or over; or "I added this by mistake". Two tabs lose nothing."""
    opened = open_patient(request, patient_id)
    medicine = load_own_medicine(opened, medicine_id)
    item = load_side_effect(opened, medicine, effect_id)
    data = request.POST if request.method == "POST" else None
    numbers = call_numbers()
    form = SideEffectForm(data, medicine=medicine, numbers=numbers, item=item)
    version = VersionForm(data, initial={"version": item.version})
    is_mistake = "mistake" in request.POST
    if data is not None and version.is_valid() and (is_mistake or form.is_valid()):
        return _save_change(request, opened, item=item, page=(form, version))
    context: dict[str, Any] = {"heading": _("A side effect"), "item": item}
    context |= {"name": words.name_of(medicine), "back_url": _back(opened, medicine)}
    page = [form, version]
    return pages.show(request, "patients/side_effect_form.html", page, **context)


def _save_change(
    request: Request,
    opened: OpenPatient,
    *,
    item: SideEffect,
    page: tuple[SideEffectForm, VersionForm],
) -> HttpResponse:
    form, version = page
    same = {"item": item, "version": version.cleaned_data["version"]}
    same |= {"by": request.user, "at": opened.at}
    try:
        if "mistake" in request.POST:
            side_effects.entered_by_mistake(**same)
        else:
            side_effects.change(effect=form.answer(), **same)
    except EditConflict as conflict:
        return _conflict(request, opened, theirs=conflict.theirs, form=form)
    return _saved(request, opened, item.medicine, _("Saved."))


def _conflict(
    request: Request, opened: OpenPatient, *, theirs: SideEffect, form
) -> HttpResponse:
    is_mistake = "mistake" in request.POST
    mine = _("Added by mistake")
    if not is_mistake:
        effect = SideEffect(medicine=theirs.medicine, **vars(form.answer()))
        mine = side_effect_words.line(effect)
    row = {"theirs": side_effect_words.line(theirs), "yours": mine}
    context = {
        "what": _("Side effect"),
        "rows": [{"label": _("Side effect"), **row}],
        "action_url": request.path,
        "typed": [*typed_again(request), ("version", str(theirs.version))],
        "back_url": _back(opened, theirs.medicine),
    }
    return render(request, "patients/medicines_conflict.html", context, status=409)


@require_http_methods(METHODS)
def side_effect_mark(
    request: Request,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    effect_id: uuid.UUID,
) -> HttpResponse:
    """A licensed clinician: worsening or adjustment, and taking part in therapy."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.licensed))
    medicine = load_medicine(opened, medicine_id)
    item = load_side_effect(opened, medicine, effect_id)
    form = MarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _mark(opened, item, form.cleaned_data)
        except FormUsedError:
            say_used(form, _back(opened, medicine))
        else:
            return _saved(request, opened, medicine, _("Saved."))
    context = {"heading": _("Worsening or adjustment?")}
    context |= {"lead": side_effect_words.line(item), "name": opened.patient.name}
    context |= {"back_url": _back(opened, medicine)}
    return pages.show(request, "patients/side_effect_form.html", [form], **context)


def _mark(opened: OpenPatient, item: SideEffect, given: dict[str, Any]) -> None:
    side_effects.mark(
        item=item,
        course=given["course"],
        therapy=given["therapy"],
        key=given["form_key"],
        author=opened.party,
        by=opened.reading.user,
        at=opened.at,
    )
