"""Allergies: the list, add, change, take off, and "I have no known allergies"."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from consents import representing
from consents.access import Request
from consents.spoken import spoken_to
from patients.access import OpenPatient, open_patient
from patients.access.allergies import (
    known_allergies,
    load_allergies,
    load_allergy,
)
from patients.actions import allergies
from patients.actions.conflict import EditConflict
from patients.forms.allergies import AllergyForm
from patients.forms.medicine_changes import VersionForm
from patients.models import AllergyIntolerance
from patients.safe_text import safe
from patients.telling_names import medicine_tells
from patients.views import marks, pages
from patients.views.banner import acting_banner, saved_banner
from patients.views.medicines.conflicts import typed_again


def _address(opened: OpenPatient) -> str:
    return reverse("patients:allergies", args=[opened.patient.pk])


@require_safe
def allergy_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every allergy in full, for the patient with a way to change each."""
    opened = open_patient(request, patient_id)
    rows = load_allergies(opened)
    context = {
        "opened": opened,
        "patient": opened.patient,
        "allergies": rows,
        "kept": [(row, representing.written_by(opened, row)) for row in rows.items],
        "choice": "" if opened.is_patient else spoken_to(opened).choice(),
        "may_keep": opened.decides("allergies"),
        "may_say_none": representing.knows_all(opened, "allergies"),
    }
    if opened.is_patient:
        context |= saved_banner(opened, request)
    elif context["may_keep"]:
        context |= acting_banner(opened, request)
    return render(request, "patients/allergies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def allergy_add(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """A new one. A second of the same name is refused with a sentence."""
    opened = open_patient(request, patient_id)
    opened.require(opened.decides("allergies"))
    form = AllergyForm(request.POST or None)
    sent = form.is_valid() and marks.is_sent(request)
    if sent and (answer := _save_new(opened, request, form=form)):
        return answer
    return pages.show(
        request,
        "patients/medicines_question.html",
        [form],
        heading=_("Add an allergy"),
        button=_("Save allergy"),
        back_url=_address(opened),
    )


def _save_new(
    opened: OpenPatient, request: Request, *, form: AllergyForm
) -> HttpResponse | None:
    """Asks or saves; nothing where a problem was put on the form."""
    asked, told = _asked(opened, request, form.answer())
    if asked:
        return asked
    try:
        saved = allergies.add(
            patient=opened.patient,
            reaction=form.answer(),
            **vars(told),
            by=request.user,
            at=opened.at,
            known=known_allergies(opened),
        )
    except allergies.AlreadyThere as found:
        form.add_error("substance", already_there(found.allergy))
        return None
    return redirect(f"{_address(opened)}?saved={saved.event.pk}")


def _asked(
    opened: OpenPatient,
    request: Request,
    said: allergies.Reaction,
    *,
    item: AllergyIntolerance | None = None,
) -> tuple[HttpResponse | None, marks.Told]:
    """Asked where the name gives away what is not marked, and was not told before."""
    told = medicine_tells(said.substance)
    if item:
        told &= ~(item.labels | medicine_tells(item.substance))
    return marks.ask_to_mark(request, opened, tells=told, name=said.substance)


def already_there(allergy: AllergyIntolerance) -> str:
    return _("%(name)s is on your list already. Change that one.") % {
        "name": safe(allergy.substance)
    }


@require_http_methods(["GET", "HEAD", "POST"])
def allergy_change(
    request: Request, patient_id: uuid.UUID, allergy_id: uuid.UUID
) -> HttpResponse:
    """Puts one right. Two tabs lose nothing."""
    opened = open_patient(request, patient_id)
    item = load_allergy(opened, allergy_id)
    form = AllergyForm(request.POST or None, item=item)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    sent = marks.is_sent(request) and pages.all_valid([form, version])
    page = [form, version]
    if sent and (answer := _save_change(opened, request, item=item, page=page)):
        return answer
    context = {"heading": _("Change an allergy"), "button": _("Save allergy")}
    context |= {"back_url": _address(opened)}
    return pages.show(
        request, "patients/medicines_question.html", [form, version], **context
    )


def _save_change(
    opened: OpenPatient, request: Request, *, item: AllergyIntolerance, page: list
) -> HttpResponse | None:
    """Asks, saves, or the 409 page; nothing where a problem was put on the form."""
    form, version = page
    seen, said = version.cleaned_data["version"], form.answer()
    who = {"by": request.user, "at": opened.at}
    asked, told = _asked(opened, request, said, item=item)
    if asked:
        return asked
    who |= {"known": known_allergies(opened), **vars(told)}
    try:
        saved = allergies.change(item=item, version=seen, reaction=said, **who)
    except allergies.AlreadyThere as found:
        form.add_error("substance", already_there(found.allergy))
        return None
    except EditConflict as conflict:
        mine = f"{said.substance}: {said.reaction}"
        return _conflict(request, opened, theirs=conflict.theirs, mine=mine)
    return redirect(f"{_address(opened)}?saved={saved.event.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def allergy_mistake(
    request: Request, patient_id: uuid.UUID, allergy_id: uuid.UUID
) -> HttpResponse:
    """ "I added this by mistake": confirm, then off the list; the history stays."""
    opened = open_patient(request, patient_id)
    item = load_allergy(opened, allergy_id)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and version.is_valid():
        seen = version.cleaned_data["version"]
        who = {"by": request.user, "at": opened.at}
        try:
            saved = allergies.added_by_mistake(item=item, version=seen, **who)
        except EditConflict as conflict:
            mine = _("Added by mistake")
            return _conflict(request, opened, theirs=conflict.theirs, mine=mine)
        return redirect(f"{_address(opened)}?saved={saved.event.pk}")
    context = {
        "form": version,
        "heading": _("Is this not an allergy?"),
        "rows": [{"label": _("Allergy"), "value": _said(item)}],
        "confirm_text": _("Yes, take it off the list"),
        "confirm_kind": "warning",
        "back_url": _address(opened),
    }
    return render(request, "_components/confirm_page.html", context)


def _said(item: AllergyIntolerance) -> str:
    return safe(": ".join(part for part in (item.substance, item.reaction) if part))


def _conflict(
    request: Request, opened: OpenPatient, *, theirs: AllergyIntolerance, mine: str
) -> HttpResponse:
    context = {
        "what": _("Allergy"),
        "rows": [{"label": _("Allergy"), "theirs": _said(theirs), "yours": safe(mine)}],
        "action_url": request.path,
        "typed": [*typed_again(request), ("version", str(theirs.version))],
        "back_url": _address(opened),
    }
    return render(request, "patients/medicines_conflict.html", context, status=409)


@require_POST
def allergies_none(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """ "I have no known allergies": ends by itself when one is added."""
    opened = open_patient(request, patient_id)
    opened.require(representing.knows_all(opened, "allergies"))
    try:
        allergies.state_none(patient=opened.patient, by=request.user, at=opened.at)
    except allergies.HasAllergies:
        messages.warning(request, _("Take the allergies off the list first."))
    else:
        messages.success(request, _("Saved."))
    return redirect(_address(opened))
