"""A prescriber writes an entry beside the list; the patient answers it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consents.access import Request
from patients import medicine_words as words
from patients.access import OpenPatient, open_patient
from patients.access.drafts import load_draft
from patients.access.medicines import (
    load_entry,
    load_medicine,
    load_own_medicine,
    newest_trial,
)
from patients.actions import changes, drafts, entries
from patients.change_page import stop_warning
from patients.dosage import Dosage
from patients.forms.doses import DOSE_FORMS, DoseForm
from patients.forms.entries import (
    STOP,
    EntryNameForm,
    EntryScheduleForm,
    PlanForm,
)
from patients.medicine_knowledge import labels_of
from patients.models import Draft, MedicationRequest, MedicationStatement
from patients.views import pages
from patients.views.banner import redirect_saved
from patients.views.medicines.full import said_when_full
from patients.views.medicines.lists import list_address
from patients.views.medicines.sure import ask_if_sure, medicine_of

KIND = "medicine_entry"


def _open_prescriber(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID | None
) -> tuple[OpenPatient, MedicationStatement | None]:
    """Only a role that prescribes, with the list in its scope; else the 404."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.prescribes))
    opened.require(opened.scope.has("medications"))
    return opened, load_medicine(opened, medicine_id) if medicine_id else None


@require_http_methods(["GET", "HEAD", "POST"])
def entry_name(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID | None = None
) -> HttpResponse:
    """Page 1: which medicine, on which schedule; or that a line should stop."""
    opened, beside = _open_prescriber(request, patient_id, medicine_id)
    data = request.POST if request.method == "POST" else None
    form = EntryScheduleForm(data) if beside else EntryNameForm(data)
    if request.method == "POST" and form.is_valid():
        draft = _begin(opened, beside)
        pages.keep(request, draft, "name", form)
        return redirect(reverse("patients:entry_plan", args=[patient_id, draft.pk]))
    heading = _("Write an entry")
    if beside:
        heading = _("Your entry beside %(name)s") % {"name": words.name_of(beside)}
    title = _("Write an entry beside a line") if beside else heading
    context: dict[str, Any] = {"heading": heading, "title": title}
    context |= {"lead": _patients_line(beside)}
    context |= {"caption": opened.patient.name, "back_url": list_address(opened)}
    if not isinstance(form, EntryNameForm):
        return pages.show(
            request, "patients/medicines_question.html", [form], **context
        )
    form.suggest_from(reverse("patients:medicine_names", args=[patient_id]))
    context |= {"name_form": form}
    return pages.show(request, "patients/medicines_entry_name.html", [form], **context)


def _begin(opened: OpenPatient, beside: MedicationStatement | None) -> Draft:
    return drafts.begin(
        patient=opened.patient,
        kind=KIND,
        by=opened.reading.user,
        at=opened.at,
        about=beside,
    )


def _patients_line(beside: MedicationStatement | None) -> str:
    if beside is None:
        return ""
    return _("The patient's own line says: %(line)s") % {"line": beside.dosage.line}


@require_http_methods(["GET", "HEAD", "POST"])
@said_when_full
def entry_plan(
    request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID
) -> HttpResponse:
    """Page 2: the dose and the plan. Everybody allowed is told at once."""
    opened = open_patient(request, patient_id)
    draft = load_draft(opened, draft_id, kind=KIND)
    opened, beside = _open_prescriber(request, patient_id, draft.about)
    if elsewhere := pages.saved_before(request, draft, list_address(opened)):
        return elsewhere
    named = _named(draft, beside)
    if not named.is_valid():
        return redirect(list_address(opened))
    data = pages.answers(request, draft, "plan")
    dose = _dose_form(named, beside, data)
    plan = _plan_form(named, beside, data, stops=dose is None)
    page = [form for form in (dose, plan) if form is not None]
    if pages.is_sent(request) and pages.all_valid(page):
        pages.keep(request, draft, "plan", *page)
        asked = _doubted(request, draft, named=named, beside=beside, dose=dose)
        said = {"named": named, "beside": beside, "dose": dose, "plan": plan}
        return asked or _saved(request, opened, draft=draft, **said)
    context: dict[str, Any] = {"dose": dose, "plan": plan, "stops": dose is None}
    context |= {"patient": opened.patient, "back_url": list_address(opened)}
    context |= _about(named, beside)
    return pages.show(request, "patients/medicines_entry.html", page, **context)


def _about(named: Any, beside: MedicationStatement | None) -> dict[str, Any]:
    return {
        "name": _name(named, beside),
        "patients_line": _patients_line(beside),
        "sudden": stop_warning(*_names(named, beside)),
    }


def _names(named: Any, beside: MedicationStatement | None) -> tuple[str, str]:
    name = beside.name if beside else _name(named, beside)
    return name, _known(named, beside)["brand"]


def _plan_form(
    named: Any, beside: MedicationStatement | None, data: Any, *, stops: bool
) -> PlanForm:
    names = _names(named, beside)
    proposed = changes.proposed(*names, stops=stops)
    is_known = beside is not None and beside.part2_origin
    # By its name alone: what the patient marked is not the prescriber's to learn.
    asks = "substance_use" in labels_of(*names) and not is_known
    return PlanForm(data, beside=beside, proposed=proposed, asks_origin=asks)


def _saved(
    request: Request, opened: OpenPatient, *, draft: Draft, **said: Any
) -> HttpResponse:
    _save(request, opened, draft=draft, **said)
    messages.success(request, _("Saved. The patient is told at once."))
    return redirect(list_address(opened))


def _doubted(
    request: Request,
    draft: Draft,
    *,
    named: Any,
    beside: MedicationStatement | None,
    dose: DoseForm | None,
) -> HttpResponse | None:
    """The page about an amount that looks like a slip, if it does."""
    if dose is None:
        return None
    medicine = medicine_of(beside) if beside else named.chosen.medicine
    back = reverse("patients:entry_plan", args=[draft.patient_id, draft.pk])
    before = beside.dosage if beside else None
    return ask_if_sure(request, medicine, dose.dosage, back_url=back, before=before)


def _named(
    draft: Draft, beside: MedicationStatement | None
) -> EntryNameForm | EntryScheduleForm:
    form = EntryScheduleForm if beside else EntryNameForm
    return form(draft.page("name"))


def _name(named: Any, beside: MedicationStatement | None) -> str:
    return words.name_of(beside) if beside else named.chosen.name


def _dose_form(
    named: Any, beside: MedicationStatement | None, data: Any
) -> DoseForm | None:
    schedule = named.cleaned_data["schedule"]
    if schedule == STOP:
        return None
    before = beside.dosage if beside else Dosage(schedule=schedule)
    if before.schedule != schedule:
        same: dict[str, Any] = {
            "strength": before.strength,
            "unit": before.unit,
            "form": before.form,
        }
        before = Dosage(schedule=schedule, **same)
    form = DOSE_FORMS[schedule]
    return form(data, before=before) if beside else form(data, named=named.chosen)


def _save(
    request: Request,
    opened: OpenPatient,
    *,
    draft: Draft,
    named: EntryNameForm | EntryScheduleForm,
    beside: MedicationStatement | None,
    dose: DoseForm | None,
    plan: PlanForm,
) -> None:
    """Writes the entry once, in the prescriber's name."""
    name = beside.name if beside else _name(named, beside)
    standing = dose or beside
    if standing is None:
        raise ValueError("Only a line can be stopped.")
    said: Any = {"name": name, "dosage": standing.dosage, "stops": dose is None}
    said |= plan.words() | _known(named, beside)
    saved = entries.prescribe(
        patient=opened.patient,
        author=opened.party,
        plan=entries.Plan(**said),
        beside=beside,
        by=opened.reading.user,
        at=opened.at,
    )
    pages.finish(request, draft, result=saved.item.pk, at=opened.at)


def _known(named: Any, beside: MedicationStatement | None) -> dict[str, str]:
    """Brand and code: those of the line, or of the medicine that was chosen."""
    known = beside or named.chosen
    return {"brand": known.brand, "rxcui": known.rxcui}


@require_POST
@said_when_full
def entry_answer(
    request: Request, patient_id: uuid.UUID, entry_id: uuid.UUID
) -> HttpResponse:
    """The patient's answer to an entry. An answered entry is not answered again."""
    opened = open_patient(request, patient_id)
    opened.require(opened.decides("medications"))
    entry = load_entry(opened, entry_id)
    answer = ANSWERS.get(request.POST.get("answer", ""))
    if answer is None or entry.adopted_at or entry.set_aside_at:
        return redirect(list_address(opened))
    return answer(request, opened, entry)


def _adopt(
    request: Request, opened: OpenPatient, entry: MedicationRequest
) -> HttpResponse:
    line = load_own_medicine(opened, entry.beside_id) if entry.beside_id else None
    saved = entries.adopt(entry=entry, line=line, by=request.user, at=opened.at)
    if not (entry.stops and opened.is_patient):
        return redirect_saved(opened, saved.event)
    # What is kept of it is proposed, for the patient to accept or to put right.
    said = _("Saved. This is what we keep of it. Is it right?")
    messages.success(request, said)
    place = [opened.patient.pk, "past-medicines", newest_trial(opened, saved.item).pk]
    return redirect(reverse("patients:record_change", args=place))


def _keep_mine(
    request: Request, opened: OpenPatient, entry: MedicationRequest
) -> HttpResponse:
    entries.disagree(entry=entry, by=request.user, at=opened.at)
    messages.success(request, _("Saved. Your list stays as it is."))
    return redirect(list_address(opened))


def _set_aside(
    request: Request, opened: OpenPatient, entry: MedicationRequest
) -> HttpResponse:
    entries.set_aside(entry=entry, by=request.user, at=opened.at)
    messages.success(request, _("Saved. It is not on your list."))
    return redirect(list_address(opened))


def _ask(
    request: Request, opened: OpenPatient, entry: MedicationRequest
) -> HttpResponse:
    entries.ask(entry=entry, by=request.user, at=opened.at)
    return redirect(f"{list_address(opened)}?asked={entry.pk}")


ANSWERS = {"theirs": _adopt, "mine": _keep_mine, "aside": _set_aside, "ask": _ask}
