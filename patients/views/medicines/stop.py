"""Stopped, or on hold (B5): two pages, and what to do if it was stopped alone."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carecoord import zones
from consents.access import Request
from patients import medicine_words as words
from patients import side_effect_words
from patients.access import OpenPatient, open_patient
from patients.access.changes import load_effects
from patients.access.drafts import load_draft
from patients.access.medicines import load_own_medicine
from patients.actions import changes, drafts, medicines, trials
from patients.actions.conflict import EditConflict
from patients.change_page import stop_warning
from patients.forms.medicine_changes import StopForm, StopWhyForm, VersionForm
from patients.forms.watching import WatchForm
from patients.models import Draft, MedicationStatement
from patients.views import pages
from patients.views.banner import redirect_saved
from patients.views.medicines.conflicts import conflict_page
from patients.views.medicines.lists import list_address

KIND = "medicine_stop"


@require_http_methods(["GET", "HEAD", "POST"])
def stop(
    request: Request,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
) -> HttpResponse:
    """Page 1: stopped for now, for good, or on hold until a day."""
    opened = open_patient(request, patient_id)
    item = load_own_medicine(opened, medicine_id)
    form = StopForm(request.POST or None)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and pages.all_valid([form, version]):
        draft = _begin(opened, item, version)
        pages.keep(request, draft, "what", form)
        place = [patient_id, medicine_id, draft.pk]
        return redirect(reverse("patients:medicine_stop_why", args=place))
    context: dict[str, Any] = _stop_words(item) | {"back_url": list_address(opened)}
    context |= {"stop_form": form, "version": version}
    return pages.show(
        request, "patients/medicines_stop.html", [form, version], **context
    )


def _stop_words(item: MedicationStatement) -> dict[str, str]:
    place = [item.patient_id, item.pk]
    return {
        "name": words.name_of(item),
        "dose": words.dose_short(item.dosage),
        "mistake_url": reverse("patients:medicine_mistake", args=place),
    }


def _begin(
    opened: OpenPatient, item: MedicationStatement, version: VersionForm
) -> Draft:
    draft = drafts.begin(
        patient=opened.patient,
        kind=KIND,
        about=item,
        by=opened.reading.user,
        at=opened.at,
    )
    drafts.see_version(draft=draft, version=version.cleaned_data["version"])
    return draft


@require_http_methods(["GET", "HEAD", "POST"])
def stop_why(
    request: Request,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    draft_id: uuid.UUID,
) -> HttpResponse:
    """Page 2: when, who decided, why, how it did. The care card stands above Save."""
    opened = open_patient(request, patient_id)
    item = load_own_medicine(opened, medicine_id)
    draft = load_draft(opened, draft_id, kind=KIND)
    address = f"{list_address(opened)}?saved={draft.result}"
    if elsewhere := pages.saved_before(request, draft, address):
        return elsewhere
    first = reverse("patients:medicine_stop", args=[patient_id, medicine_id])
    what = StopForm(draft.page("what"))
    if not what.is_valid():
        return redirect(first)
    held = what.cleaned_data["what"] == "hold"
    form = _why_form(request, opened, item, held=held)
    page = [form, watch := _watch_form(request, item)]
    if request.method == "POST" and pages.all_valid(page):
        said: dict[str, Any] = {"what": what, "form": form, "watch": watch}
        return _save(request, opened, item=item, draft=draft, **said)
    context = {"why": form, "watch": watch, "back_url": first}
    context |= {"heading": _heading(held, item)} | _care(item)
    return pages.show(request, "patients/medicines_stop_why.html", page, **context)


def _care(item: MedicationStatement) -> dict[str, Any]:
    """What to know before stopping it suddenly, and whom to ask."""
    sudden = stop_warning(item.name, item.brand)
    return {"prescriber": item.prescribed_by, "sudden": sudden}


def _watch_form(request: Request, item: MedicationStatement) -> WatchForm:
    proposed = changes.proposed(item.name, item.brand, stops=True)
    return WatchForm(request.POST or None, proposed=proposed, ends=True)


def _why_form(
    request: Request, opened: OpenPatient, item: MedicationStatement, *, held: bool
) -> StopWhyForm:
    """With what the list and the patient's answers say of it, to be accepted."""
    rows = load_effects(opened, item.lineage)
    today = zones.today(opened.at, opened.patient.time_zone)
    proposed = replace(
        trials.proposed(item),
        dose_reached=trials.dose_reached(item),
        weeks=trials.weeks_taken(item, today),
    )
    return StopWhyForm(
        request.POST or None,
        held=held,
        proposed=proposed,
        effects=[(str(row.pk), side_effect_words.line(row)) for row in rows],
    )


def _heading(held: bool, item: MedicationStatement) -> str:
    name = {"name": words.name_of(item)}
    return _("%(name)s: on hold") % name if held else _("%(name)s: stopped") % name


def _save(
    request: Request,
    opened: OpenPatient,
    *,
    item: MedicationStatement,
    draft: Draft,
    what: StopForm,
    form: StopWhyForm,
    watch: WatchForm,
) -> HttpResponse:
    """Stops or holds, once; or shows both texts."""
    said = what.cleaned_data
    who: dict[str, Any] = {"by": request.user, "at": opened.at}
    who |= {"version": draft.about_version or 0}
    who |= {"why": form.why(), "watch": watch.watch()}
    try:
        saved = _write(item, what, form, **who)
    except EditConflict as conflict:
        drafts.see_version(draft=draft, version=conflict.theirs.version)
        mine = _heading(said["what"] == "hold", item)
        return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
    pages.finish(request, draft, result=saved.event.pk, at=opened.at)
    return redirect_saved(opened, saved.event)


def _write(
    item: MedicationStatement, what: StopForm, form: StopWhyForm, **who: Any
) -> medicines.Saved:
    said = what.cleaned_data
    if said["what"] == "hold":
        return medicines.hold(item=item, until=said.get("until"), **who)
    outcome = form.outcome(for_good=said["what"] == "for_good")
    return medicines.stop(item=item, outcome=outcome, **who)
