"""Change a dose (B4) and what else happens to a line of the patient's own list."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consents.access import Request
from patients import medicine_words as words
from patients.access import OpenPatient, audience, open_patient
from patients.access.drafts import load_draft
from patients.access.medicines import (
    load_event,
    load_own_medicine,
    load_taken_back,
)
from patients.actions import changes, drafts, medicines, undo
from patients.actions.conflict import EditConflict
from patients.actions.room import ListFull
from patients.dosage import Dosage, is_less
from patients.forms.doses import DOSE_FORMS, DoseForm
from patients.forms.medicine_changes import AgainForm, VersionForm, WhyForm
from patients.forms.medicines import DetailsForm, ScheduleForm
from patients.forms.watching import WatchForm
from patients.models import Draft, MedicationStatement
from patients.telling_names import medicine_tells
from patients.views import marks, pages
from patients.views.banner import redirect_saved
from patients.views.medicines.conflicts import conflict_page, saved_or_conflict
from patients.views.medicines.full import said_when_full
from patients.views.medicines.lists import list_address
from patients.views.medicines.sure import ask_if_sure, medicine_of

KIND = "medicine_change"
QUESTION = "patients/medicines_question.html"


def _open_own(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> tuple[OpenPatient, MedicationStatement]:
    opened = open_patient(request, patient_id)
    return opened, load_own_medicine(opened, medicine_id)


def _dose_form(item: MedicationStatement, data: Any, *, schedule: str = "") -> DoseForm:
    """The form of the schedule; the old values stand in it only if it is the same."""
    schedule = schedule or item.schedule
    before = item.dosage
    if schedule != item.schedule:
        same: dict[str, Any] = {
            "strength": before.strength,
            "unit": before.unit,
            "form": before.form,
        }
        before = type(before)(schedule=schedule, **same)
    return DOSE_FORMS[schedule](data, before=before)


def _schedule_of(draft: Draft | None) -> str:
    """Another schedule than the line has, where the person chose one."""
    page = draft.page("schedule") if draft else None
    form = ScheduleForm(page)
    return form.cleaned_data["schedule"] if form.is_valid() else ""


@require_http_methods(["GET", "HEAD", "POST"])
def change_dose(
    request: Request,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    draft_id: uuid.UUID | None = None,
) -> HttpResponse:
    """Page 1: how much do you take now? The old dose stands above and in the boxes."""
    opened, item = _open_own(request, patient_id, medicine_id)
    draft = load_draft(opened, draft_id, kind=KIND) if draft_id else None
    data = pages.answers(request, draft, "dose")
    dose = _dose_form(item, data, schedule=_schedule_of(draft))
    seen = draft.about_version if draft else item.version
    version = VersionForm(request.POST or None, initial={"version": seen})
    if pages.is_sent(request) and pages.all_valid([dose, version]):
        draft = draft or _begin(request, opened, item=item)
        drafts.see_version(draft=draft, version=version.cleaned_data["version"])
        pages.keep(request, draft, "dose", dose)
        return _asked_or_on(request, item=item, draft=draft, dose=dose)
    context = _dose_context(opened, item) | {"dose": dose, "version": version}
    return pages.show(
        request, "patients/medicines_dose.html", [dose, version], **context
    )


def _asked_or_on(
    request: Request, *, item: MedicationStatement, draft: Draft, dose: DoseForm
) -> HttpResponse:
    """On to page 2, unless the new amount looks like a slip."""
    back = _address("medicine_change_dose", item, draft)
    asked = ask_if_sure(
        request, medicine_of(item), dose.dosage, back_url=back, before=item.dosage
    )
    return asked or redirect(_address("medicine_change_why", item, draft))


def _address(name: str, item: MedicationStatement, draft: Draft | None = None) -> str:
    place = [item.patient_id, item.pk, *([draft.pk] if draft else [])]
    return reverse(f"patients:{name}", args=place)


def _dose_context(opened: OpenPatient, item: MedicationStatement) -> dict[str, Any]:
    return {
        "item": item,
        "before": words.dose_short(item.dosage),
        "step": 1,
        "steps": 2,
        "name": words.name_of(item),
        "question": _("How much do you take now?"),
        "back_url": list_address(opened),
        "schedule_url": _address("medicine_schedule", item),
    }


def _begin(
    request: Request, opened: OpenPatient, *, item: MedicationStatement
) -> Draft:
    return drafts.begin(
        patient=opened.patient, kind=KIND, about=item, by=request.user, at=opened.at
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_schedule(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
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
        title=_("When do you take it now?"),
        heading=_("When do you take %(name)s now?") % {"name": words.name_of(item)},
        back_url=reverse("patients:medicine_change", args=[patient_id, medicine_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_why(
    request: Request,
    patient_id: uuid.UUID,
    medicine_id: uuid.UUID,
    draft_id: uuid.UUID,
) -> HttpResponse:
    """Page 2: when, who decided, why; the change on one line. Saves."""
    opened, item = _open_own(request, patient_id, medicine_id)
    draft = load_draft(opened, draft_id, kind=KIND)
    address = f"{list_address(opened)}?saved={draft.result}"
    if elsewhere := pages.saved_before(request, draft, address):
        return elsewhere
    dose = _dose_form(item, draft.page("dose"), schedule=_schedule_of(draft))
    if not dose.is_valid():
        return redirect(_address("medicine_change_dose", item, draft))
    form, watch = WhyForm(request.POST or None), _watch_form(request, item, dose.dosage)
    if request.method == "POST" and pages.all_valid([form, watch]):
        said: dict[str, Any] = {"dose": dose, "form": form, "watch": watch}
        return _save_dose(request, opened, item=item, draft=draft, **said)
    context = _why_context(item, draft, dose) | {"why": form, "watch": watch}
    page = [form, watch]
    return pages.show(request, "patients/medicines_change_why.html", page, **context)


def _why_context(
    item: MedicationStatement, draft: Draft, dose: DoseForm
) -> dict[str, Any]:
    return {
        "name": words.name_of(item),
        "change": words.change_text(item.dosage, dose.dosage),
        "new_line": dose.dosage.line,
        "prescriber": item.prescribed_by,
        "back_url": _address("medicine_change_dose", item, draft),
    }


def _watch_form(
    request: Request, item: MedicationStatement, dosage: Dosage | None = None
) -> WatchForm:
    """Of a lower dose nobody expects what the medicine is begun for."""
    proposed = changes.proposed(item.name, item.brand)
    if proposed and dosage and is_less(dosage, item.dosage):
        proposed = replace(proposed, expected="", expected_weeks=None)
    return WatchForm(request.POST or None, proposed=proposed)


def _save_dose(
    request: Request,
    opened: OpenPatient,
    *,
    item: MedicationStatement,
    draft: Draft,
    dose: DoseForm,
    form: WhyForm,
    watch: WatchForm,
) -> HttpResponse:
    """Saves once; or shows both texts, with the draft turned to the newer version."""
    who: dict[str, Any] = {"by": request.user, "at": opened.at}
    said: dict[str, Any] = {"why": form.why(), "watch": watch.watch()}
    said |= {"version": version_of(draft), "dosage": dose.dosage}
    try:
        saved = medicines.change_dose(item=item, **said, **who)
    except EditConflict as conflict:
        drafts.see_version(draft=draft, version=conflict.theirs.version)
        mine = dose.dosage.line
        return conflict_page(request, opened, theirs=conflict.theirs, mine=mine)
    pages.finish(request, draft, result=saved.event.pk, at=opened.at)
    return redirect_saved(opened, saved.event)


def version_of(draft: Draft) -> int:
    """The version that this person had in front of them when they began."""
    return draft.about_version or 0


@require_http_methods(["GET", "HEAD", "POST"])
def start_again(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Back from a hold or a stop, or begun at last: with the dose it had."""
    opened, item = _open_own(request, patient_id, medicine_id)
    form, watch = AgainForm(request.POST or None), _watch_form(request, item)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and pages.all_valid([form, watch, version]):
        said: dict[str, Any] = {"why": form.why(), "watch": watch.watch()}
        write = partial(medicines.start_again, **said, **_target(opened, item, version))
        mine = _("Taking it again")
        try:
            return saved_or_conflict(request, opened, write, mine=mine)
        except ListFull as full:
            form.add_error(None, str(full))
    context = {
        "title": _("You take it again"),
        "heading": _("You take %(name)s again") % {"name": words.name_of(item)},
        "lead": words.dose_short(item.dosage),
        "watch": watch,
        "again_forms": [form, version],
        "back_url": list_address(opened),
    }
    page = [form, watch, version]
    return pages.show(request, "patients/medicines_again.html", page, **context)


def _target(
    opened: OpenPatient, item: MedicationStatement, version: VersionForm
) -> dict[str, Any]:
    """Which line, which version of it the person saw, by whom, when."""
    return {
        "item": item,
        "version": version.cleaned_data["version"],
        "by": opened.reading.user,
        "at": opened.at,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def details(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Name, brand, reason, prescriber, start: put right what was typed wrong."""
    opened, item = _open_own(request, patient_id, medicine_id)
    team = audience.prescribers(opened)
    form = DetailsForm(request.POST or None, item=item, team=team)
    form.keep(item.prescriber)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    page = [version, form]
    if marks.is_sent(request) and pages.all_valid(page):
        given, target = form.to_details(), _target(opened, item, version)
        told = _told_anew(item, given)
        asked, marked = marks.ask_to_mark(request, opened, tells=told, name=given.name)
        write = partial(medicines.correct_details, details=given, **target)
        write = partial(write, **vars(marked))
        return asked or saved_or_conflict(request, opened, write, mine=given.name)
    context = {
        "title": _("Details of a medicine"),
        "heading": _("Details of %(name)s") % {"name": words.name_of(item)},
        "button": _("Save"),
        "back_url": list_address(opened),
    }
    return pages.show(request, QUESTION, page, **context)


def _told_anew(item: MedicationStatement, given: medicines.Details) -> int:
    """What the new name gives away and the old one did not."""
    known = item.labels | medicine_tells(item.name, item.brand)
    return medicine_tells(given.name, given.brand) & ~known


@require_http_methods(["GET", "HEAD", "POST"])
def mistake(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """ "I added this by mistake": one page to confirm; the history stays."""
    opened, item = _open_own(request, patient_id, medicine_id)
    version = VersionForm(request.POST or None, initial={"version": item.version})
    if request.method == "POST" and version.is_valid():
        write = partial(medicines.added_by_mistake, **_target(opened, item, version))
        mine = _("Added by mistake")
        return saved_or_conflict(request, opened, write, mine=mine)
    context = {"form": version, "back_url": list_address(opened)}
    context |= _mistake_words(item)
    return render(request, "patients/medicines_mistake.html", context)


def _mistake_words(item: MedicationStatement) -> dict[str, Any]:
    name = words.name_of(item)
    return {
        "title": _("Did you add it by mistake?"),
        "heading": _("Did you add %(name)s by mistake?") % {"name": name},
        "rows": [
            {"label": _("Medicine"), "value": name},
            {"label": _("How much and when"), "value": item.dosage.line},
        ],
        "confirm_text": _("Yes, take it off my list"),
        "confirm_kind": "warning",
        "stop_url": _address("medicine_stop", item),
    }


@require_POST
@said_when_full
def undo_change(
    request: Request, patient_id: uuid.UUID, event_id: uuid.UUID
) -> HttpResponse:
    """Undo, for ten minutes. Too late is said, and changes nothing."""
    opened = open_patient(request, patient_id)
    event = load_event(opened, event_id)
    if event.about is None:
        opened.refuse()
    item = load_taken_back(opened, event.about)
    try:
        undo.undo(item=item, event=event, by=request.user, at=opened.at)
    except undo.TooLate:
        return redirect(list_address(opened) + "?late=1")
    return redirect(list_address(opened) + "?undone=1")
