"""Add a medicine (B3): what is it called, how much and when, what for, check."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consents.access import Request
from consents.codes import LABELS
from patients import medicine_list as drawn
from patients import medicine_words as words
from patients.access import OpenPatient, audience, open_patient, open_to_try
from patients.access.changes import today_of
from patients.access.drafts import load_draft
from patients.access.flags import raised_by_adding
from patients.access.private_flags import is_dangerous
from patients.actions import changes, drafts, medicines
from patients.change_windows import last_day
from patients.dosage import Dosage
from patients.drug_list import Chosen
from patients.drug_list.choosing import free
from patients.forms.doses import DOSE_FORMS, DoseForm
from patients.forms.medicine_privacy import KeepForm, LabelForm
from patients.forms.medicines import AboutForm
from patients.forms.names import NameForm, WhichForm
from patients.forms.watching import WatchForm
from patients.interactions import Kind
from patients.medicine_knowledge import labels_of
from patients.models import Draft, MedicationStatement
from patients.safe_text import safe
from patients.views import pages
from patients.views.banner import redirect_saved
from patients.views.medicines.full import said_when_full
from patients.views.medicines.lists import list_address
from patients.views.medicines.sure import ask_if_sure

KIND = "medicine_add"
STEPS = 3


@dataclass
class Answers:
    """What the draft holds, page by page, as forms that were checked again."""

    opened: OpenPatient
    draft: Draft

    @cached_property
    def name(self) -> NameForm:
        return _checked(NameForm(self.draft.page("name")))

    @cached_property
    def which(self) -> WhichForm:
        return _checked(WhichForm(self.draft.page("dose"), named=self.typed))

    @cached_property
    def dose(self) -> DoseForm:
        return _checked(self.dose_form(self.draft.page("dose")))

    @cached_property
    def about(self) -> AboutForm:
        return _checked(AboutForm(self.draft.page("about"), team=self.prescribers))

    @cached_property
    def label(self) -> LabelForm:
        return _checked(LabelForm(self.draft.page("about"), tells=self.proposed))

    @cached_property
    def prescribers(self):
        return audience.prescribers(self.opened)

    @property
    def typed(self) -> Chosen:
        """The medicine by its name, before the question about look-alikes."""
        return self.name.chosen or free(self.name.cleaned_data["name"])

    @property
    def medicine(self) -> Chosen:
        """The medicine that goes on the list."""
        return self.which.chosen

    @property
    def details(self) -> medicines.Details:
        named = self.medicine
        return self.about.details(named.name, brand=named.brand, rxcui=named.rxcui)

    @property
    def proposed(self) -> int:
        """The labels that the name betrays: a proposal, the patient decides."""
        return LABELS.mask(*labels_of(self.medicine.name, self.medicine.brand))

    @property
    def labels(self) -> int:
        return self.proposed if self.proposed and self.label.is_marked else 0

    @property
    def dosage(self) -> Dosage:
        return self.dose.dosage

    def dose_form(self, data: Any) -> DoseForm:
        form = DOSE_FORMS[self.name.cleaned_data["schedule"]]
        return form(data, named=self.typed)

    @property
    def missing(self) -> str:
        """The first page that still needs an answer; empty when all are there."""
        if not self.name.is_valid():
            return "medicine_add_name"
        if not (self.which.is_valid() and self.dose.is_valid()):
            return "medicine_add_dose"
        told = self.label.is_valid() or not self.proposed
        return "" if self.about.is_valid() and told else "medicine_add_about"

    @property
    def proposed_watch(self) -> medicines.Watch | None:
        """What its class proposes, if it was started lately: else it is no change."""
        watch = changes.proposed(self.medicine.name, self.medicine.brand)
        started = self.details.started_date
        if watch is None or started is None:
            return None
        until = last_day(started, watch.weeks)
        return watch if until and until >= today_of(self.opened) else None

    def watch_form(self, data: Any) -> WatchForm | None:
        proposed = self.proposed_watch
        return WatchForm(data, proposed=proposed) if proposed else None

    def save(
        self,
        *,
        keep: medicines.Keep | None = None,
        watch: medicines.Watch | None = None,
    ) -> medicines.Saved:
        return medicines.add(
            patient=self.opened.patient,
            details=self.details,
            dosage=self.dosage,
            labels=self.labels,
            part2_origin=bool(self.labels) and self.label.part2_origin,
            keep=keep,
            watch=watch,
            by=self.opened.reading.user,
            at=self.opened.at,
        )


def _checked(form: Any) -> Any:
    form.is_valid()
    return form


def _open(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    opened = open_patient(request, patient_id)
    opened.require(opened.decides("medications"))
    return opened


def _to(name: str, opened: OpenPatient, draft: Draft) -> HttpResponseRedirect:
    return redirect(f"patients:{name}", patient_id=opened.patient.pk, draft_id=draft.pk)


def _saved_before(
    request: Request, opened: OpenPatient, draft: Draft
) -> HttpResponse | None:
    address = f"{list_address(opened)}?saved={draft.result}"
    return pages.saved_before(request, draft, address)


@require_http_methods(["GET", "HEAD", "POST"])
def add_name(
    request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID | None = None
) -> HttpResponse:
    """Page 1. The draft begins when this page was answered."""
    opened = _open(request, patient_id)
    draft = load_draft(opened, draft_id, kind=KIND) if draft_id else None
    if draft and (elsewhere := _saved_before(request, opened, draft)):
        return elsewhere
    form = NameForm(pages.answers(request, draft, "name"))
    if request.method == "POST" and form.is_valid():
        draft = draft or drafts.begin(
            patient=opened.patient, kind=KIND, by=request.user, at=opened.at
        )
        pages.keep(request, draft, "name", form)
        return _to("medicine_add_dose", opened, draft)
    form.suggest_from(_names_address(opened))
    context = {"step": 1, "steps": STEPS, "back_url": list_address(opened)}
    return pages.show(
        request, "patients/medicines_add_name.html", [form], name_form=form, **context
    )


def _names_address(opened: OpenPatient) -> str:
    return reverse("patients:medicine_names", args=[opened.patient.pk])


@require_POST
def names(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Names to choose from while one types. What was typed is in the body only."""
    opened = open_patient(request, patient_id)
    prescribes = bool(opened.role and opened.role.prescribes)
    opened.require(opened.decides("medications") or prescribes)
    form = NameForm(typed=request.POST.get("name", "")[:200])
    return render(request, "patients/_name_matches.html", {"name_form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def add_dose(
    request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID
) -> HttpResponse:
    """Page 2: how much and when, and which of two names that look alike."""
    opened = _open(request, patient_id)
    draft = load_draft(opened, draft_id, kind=KIND)
    given = Answers(opened, draft)
    if elsewhere := _saved_before(request, opened, draft):
        return elsewhere
    if not given.name.is_valid():
        return _to("medicine_add_name", opened, draft)
    data = pages.answers(request, draft, "dose")
    which, dose = WhichForm(data, named=given.typed), given.dose_form(data)
    if pages.is_sent(request) and pages.all_valid([which, dose]):
        pages.keep(request, draft, "dose", which, dose)
        asked = _doubted(request, draft, which=which, dose=dose)
        return asked or _to("medicine_add_about", opened, draft)
    context = {
        "which": which,
        "dose": dose,
        "question": _("How much do you take, and when?"),
        "back_url": _place("medicine_add_name", draft),
    }
    context |= _step(2, given.typed)
    return pages.show(request, "patients/medicines_dose.html", [which, dose], **context)


def _doubted(
    request: Request, draft: Draft, *, which: WhichForm, dose: DoseForm
) -> HttpResponse | None:
    """The page about an amount that looks like a slip, if it does."""
    back = _place("medicine_add_dose", draft)
    return ask_if_sure(request, which.chosen.medicine, dose.dosage, back_url=back)


def _place(name: str, draft: Draft) -> str:
    return reverse(f"patients:{name}", args=[draft.patient_id, draft.pk])


def _step(number: int, named: Chosen) -> dict[str, Any]:
    """The small line above the question: which medicine, which step."""
    return {"step": number, "steps": STEPS, "name": _with_brand(named)}


def _with_brand(named: Chosen) -> str:
    """`sertraline (Zoloft)`, in plain letters."""
    name = safe(words.plain_name(named.name))
    return f"{name} ({safe(named.brand)})" if named.brand else name


@require_http_methods(["GET", "HEAD", "POST"])
def add_about(
    request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID
) -> HttpResponse:
    """Page 3: what for, from whom, since when; and a label, if the name tells."""
    opened = _open(request, patient_id)
    draft = load_draft(opened, draft_id, kind=KIND)
    given = Answers(opened, draft)
    if elsewhere := _saved_before(request, opened, draft):
        return elsewhere
    if given.missing not in {"", "medicine_add_about"}:
        return _to(given.missing, opened, draft)
    data = pages.answers(request, draft, "about")
    about = AboutForm(data, team=given.prescribers)
    label = LabelForm(data, tells=given.proposed) if given.proposed else None
    page = [form for form in (about, label) if form]
    if request.method == "POST" and pages.all_valid(page):
        pages.keep(request, draft, "about", *page)
        return _to("medicine_add_check", opened, draft)
    context = {
        "about": about,
        "label": label,
        "tells": LABELS.words(given.proposed),
        "back_url": _place("medicine_add_dose", draft),
    }
    context |= _step(3, given.medicine)
    return pages.show(request, "patients/medicines_add_about.html", page, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@said_when_full
def add_check(
    request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID
) -> HttpResponse:
    """Check this medicine: everything in words, who will see it, then save once."""
    opened = open_to_try(request, patient_id)
    opened.require(opened.decides("medications"))
    draft = load_draft(opened, draft_id, kind=KIND)
    given = Answers(opened, draft)
    if elsewhere := _saved_before(request, opened, draft):
        return elsewhere
    if given.missing:
        return _to(given.missing, opened, draft)
    # What is kept back is the patient's own to say.
    team = audience.team(opened) if opened.is_patient else []
    data = request.POST if request.method == "POST" else None
    form, watch = KeepForm(data, team=team), given.watch_form(data)
    if data is not None and pages.all_valid([one for one in (form, watch) if one]):
        said = watch.watch() if watch else None
        saved = given.save(keep=form.chosen(), watch=said)
        pages.finish(request, draft, result=saved.event.pk, at=opened.at)
        return redirect_saved(opened, saved.event)
    return _check_page(request, opened, given=given, form=form, watch=watch)


def _check_page(
    request: Request,
    opened: OpenPatient,
    *,
    given: Answers,
    form: KeepForm,
    watch: WatchForm | None,
) -> HttpResponse:
    if not opened.is_patient:
        return _check_for_the_patient(request, opened, given, [form, watch])
    will, will_not = audience.who_would_see(opened, lambda: given.save().item)
    context = {
        "keep_form": form,
        "watch": watch,
        "rows": check_rows(given),
        "will": will or [_("Only you")],
        "will_not": will_not or [_("Nobody on your team")],
        **_check_words(given),
        **_check_flags(opened, given),
        "name": safe(words.plain_name(given.medicine.name)),
    }
    page = [one for one in (form, watch) if one]
    return pages.show(request, "patients/medicines_add_check.html", page, **context)


def _check_for_the_patient(
    request: Request,
    opened: OpenPatient,
    given: Answers,
    page: list[KeepForm | WatchForm | None],
) -> HttpResponse:
    """Without who would see it: whom the patient has is not all theirs to know."""
    context = {"acting": opened.representative, "rows": check_rows(given)}
    context |= _check_words(given) | {"patient": opened.patient, "watch": page[-1]}
    context |= _check_flags(opened, given)
    shown = [one for one in page if one]
    return pages.show(request, "patients/medicines_add_check.html", shown, **context)


def _check_flags(opened: OpenPatient, given: Answers) -> dict[str, Any]:
    """What goes badly with it, and what it doubles: warned of, never in the way."""
    raised = raised_by_adding(opened, lambda: given.save().item)
    doubled = (Kind.SAME_INGREDIENT, Kind.SAME_CLASS)
    return {
        "pairs": [one for one in raised if is_dangerous(one)],
        "doubles": [
            one for one in raised if one.flag.kind in doubled and not is_dangerous(one)
        ],
    }


def _check_words(given: Answers) -> dict[str, Any]:
    return {
        "each_time": given.dosage.each_time_text,
        "is_steps": given.dosage.schedule in {"steps", "week"},
        "label_words": LABELS.words(given.labels),
        "part2_origin": bool(given.labels) and given.label.part2_origin,
        "back_url": _place("medicine_add_about", given.draft),
    }


def check_rows(given: Answers) -> list[dict[str, Any]]:
    """The summary list, each row with the page where it can be changed."""
    details = given.details
    started = drawn.started_text(MedicationStatement(**vars(details)))
    name = _with_brand(given.medicine)
    rows = [
        ("medicine_add_name", _("Medicine"), name),
        ("medicine_add_dose", _("How much and when"), given.dosage.line),
        ("medicine_add_about", _("What for"), details.reason),
        ("medicine_add_about", _("Prescribed by"), given.about.source_words),
        ("medicine_add_about", _("Started"), started),
    ]
    return [
        {"label": label, "value": value, "href": _place(page, given.draft)}
        for page, label, value in rows
    ]
