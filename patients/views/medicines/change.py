"""Change a dose (B4) and what else happens to a line of the patient's own list."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from patients import medicine_words as words
from patients.access import OpenPatient, audience, open_patient
from patients.access.drafts import load_draft
from patients.access.medicines import (
    load_event,
    load_own_medicine,
    load_taken_back,
)
from patients.actions import drafts, medicines, undo
from patients.actions.conflict import EditConflict
from patients.forms.doses import DOSE_FORMS, DoseForm
from patients.forms.medicines import (
    AgainForm,
    DetailsForm,
    ScheduleForm,
    VersionForm,
    WhyForm,
)
from patients.models import Draft, MedicationStatement
from patients.views import pages
from patients.views.banner import redirect_saved
from patients.views.medicines.conflicts import conflict_page
from patients.views.medicines.lists import list_address

KIND = "medicine_change"


def _open_own(
    request: HttpRequest, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> tuple[OpenPatient, MedicationStatement]:
    opened = open_patient(request, patient_id)
    return opened, load_own_medicine(opened, medicine_id)


def _dose_form(item: MedicationStatement, data: Any, *, schedule: str = "") -> DoseForm:
    """The form of the schedule; the old values stand in it only if it is the same."""
    schedule = schedule or item.schedule
    before = item.dosage
    if schedule != item.schedule:
        same = {"strength": before.strength, "unit": before.unit, "form": before.form}
        before = type(before)(schedule=schedule, **same)
    return DOSE_FORMS[schedule](data, before=before)


def _schedule_of(draft: Draft | None) -> str:
    """Another schedule than the line has, where the person chose one."""
    page = draft.page("schedule") if draft else None
    form = ScheduleForm(page)
    return form.cleaned_data["schedule"] if form.is_valid() else ""


@require_http_methods(["GET", "HEAD", "POST"])
def change_dose(
    request: HttpRequest,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    draft_id: uuid.UUID | None = None,
) -> HttpResponse:
    """Page 1: how much do you take now? The old dose stands above and in the boxes."""
    opened, item = _open_own(request, patient_id, medicine_id)
    draft = load_draft(opened, draft_id, kind=KIND) if draft_id else None
    data = pages.answers(request, draft, "dose")
    dose = _dose_form(item, data, schedule=_schedule_of(draft))
    version = VersionForm(
        request.POST or None,
        initial={"version": draft.about_version if draft else item.version},
    )
    if pages.is_sent(request) and pages.all_valid([dose, version]):
        draft = draft or _begin(request, opened, item=item)
        drafts.see_version(draft=draft, version=version.cleaned_data["version"])
        pages.keep(request, draft, "dose", dose)
        place = [patient_id, medicine_id, draft.pk]
        return redirect(reverse("patients:medicine_change_why", args=place))
    return pages.show(
        request,
        "patients/medicines_dose.html",
        [dose, version],
        dose=dose,
        version=version,
        item=item,
        before=words.dose_short(item.dosage),
        step=1,
        steps=2,
        name=words.name_of(item),
        question=_("How much do you take now?"),
        back_url=list_address(opened),
        schedule_url=reverse(
            "patients:medicine_schedule", args=[patient_id, medicine_id]
        ),
    )


def _begin(
    request: HttpRequest, opened: OpenPatient, *, item: MedicationStatement
) -> Draft:
    return drafts.begin(
        patient=opened.patient, kind=KIND, about=item, by=request.user, at=opened.at
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_schedule(
    request: HttpRequest, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Taken on another schedule now: then the page of that schedule follows."""
    opened, item = _open_own(request, patient_id, medicine_id)
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = _begin(request, opened, item=item)
        pages.keep(request, draft, "schedule", form)
        place = [patient_id, medicine_id, draft.pk]
        return redirect(reverse("patients:medicine_change_dose", args=place))
    return pages.show(
        request,
        "patients/medicines_question.html",
        [form],
        heading=_("When do you take %(name)s now?") % {"name": words.name_of(item)},
        back_url=reverse("patients:medicine_change", args=[patient_id, medicine_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_why(
    request: HttpRequest,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    draft_id: uuid.UUID,
) -> HttpResponse:
    """Page 2: when, who decided, why; the change on one line. Saves."""
    opened, item = _open_own(request, patient_id, medicine_id)
    draft = load_draft(opened, draft_id, kind=KIND)
    if draft.saved_at:
        return redirect(f"{list_address(opened)}?saved={draft.result}")
    dose = _dose_form(item, draft.page("dose"), schedule=_schedule_of(draft))
    first_page = reverse(
        "patients:medicine_change_dose", args=[patient_id, medicine_id, draft_id]
    )
    if not dose.is_valid():
        return redirect(first_page)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _save_dose(request, opened, item=item, draft=draft, dose=dose, form=form)
    return pages.show(
        request,
        "patients/medicines_change_why.html",
        [form],
        why=form,
        name=words.name_of(item),
        change=words.change_text(item.dosage, dose.dosage),
        new_line=dose.dosage.line,
        prescriber=item.prescribed_by,
        back_url=first_page,
    )


def _save_dose(
    request: HttpRequest,
    opened: OpenPatient,
    *,
    item: MedicationStatement,
    draft: Draft,
    dose: DoseForm,
    form: WhyForm,
) -> HttpResponse:
    """Saves once; or shows both texts, with the draft turned to the newer version."""
    try:
        saved = medicines.change_dose(
            item=item,
            version=version_of(draft),
            dosage=dose.dosage,
            why=form.why(),
            by=request.user,
            at=opened.at,
        )
    except EditConflict as conflict:
        drafts.see_version(draft=draft, version=conflict.theirs.version)
        mine = dose.dosage.line
        return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
    drafts.finish(draft=draft, result=saved.event.pk, at=opened.at)
    return redirect_saved(opened, saved.event)


def version_of(draft: Draft) -> int:
    """The version that this person had in front of them when they began."""
    return draft.about_version or 0


@require_http_methods(["GET", "HEAD", "POST"])
def start_again(
    request: HttpRequest, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Back from a hold or a stop, or begun at last: with the dose it had."""
    opened, item = _open_own(request, patient_id, medicine_id)
    form = AgainForm(request.POST or None)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and pages.all_valid([form, version]):
        try:
            saved = medicines.start_again(
                item=item,
                version=version.cleaned_data["version"],
                why=form.why(),
                by=request.user,
                at=opened.at,
            )
        except EditConflict as conflict:
            mine = _("Taking it again")
            return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
        return redirect_saved(opened, saved.event)
    return pages.show(
        request,
        "patients/medicines_question.html",
        [form, version],
        heading=_("You take %(name)s again") % {"name": words.name_of(item)},
        lead=words.dose_short(item.dosage),
        button=_("Save"),
        back_url=list_address(opened),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def details(
    request: HttpRequest, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Name, brand, reason, prescriber, start: put right what was typed wrong."""
    opened, item = _open_own(request, patient_id, medicine_id)
    form = DetailsForm(
        request.POST or None, item=item, team=audience.prescribers(opened)
    )
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and pages.all_valid([form, version]):
        try:
            saved = medicines.correct_details(
                item=item,
                version=version.cleaned_data["version"],
                details=form.to_details(),
                by=request.user,
                at=opened.at,
            )
        except EditConflict as conflict:
            mine = form.cleaned_data["name"]
            return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
        return redirect_saved(opened, saved.event)
    return pages.show(
        request,
        "patients/medicines_question.html",
        [form, version],
        heading=_("Details of %(name)s") % {"name": words.name_of(item)},
        button=_("Save"),
        back_url=list_address(opened),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mistake(
    request: HttpRequest, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """ "I added this by mistake": one page to confirm; the history stays."""
    opened, item = _open_own(request, patient_id, medicine_id)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and version.is_valid():
        try:
            saved = medicines.added_by_mistake(
                item=item,
                version=version.cleaned_data["version"],
                by=request.user,
                at=opened.at,
            )
        except EditConflict as conflict:
            mine = _("Added by mistake")
            return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
        return redirect_saved(opened, saved.event)
    context = {
        "form": version,
        "heading": _("Did you add %(name)s by mistake?")
        % {"name": words.name_of(item)},
        "rows": [
            {"label": _("Medicine"), "value": words.name_of(item)},
            {"label": _("How much and when"), "value": item.dosage.line},
        ],
        "confirm_text": _("Yes, take it off my list"),
        "confirm_kind": "warning",
        "back_url": list_address(opened),
        "stop_url": reverse("patients:medicine_stop", args=[patient_id, medicine_id]),
    }
    return render(request, "patients/medicines_mistake.html", context)


@require_POST
def undo_change(
    request: HttpRequest, patient_id: uuid.UUID, event_id: uuid.UUID
) -> HttpResponse:
    """Undo, for ten minutes. Too late is said, and changes nothing."""
    opened = open_patient(request, patient_id)
    event = load_event(opened, event_id)
    item = load_taken_back(opened, event.about)
    try:
        undo.undo(item=item, event=event, by=request.user, at=opened.at)
    except undo.TooLate:
        return redirect(list_address(opened) + "?late=1")
    return redirect(list_address(opened) + "?undone=1")
