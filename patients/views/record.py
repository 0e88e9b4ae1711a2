"""The rest of the patient's record: one set of pages for every kind of item."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from consents import representing
from consents.access import Request
from consents.codes import LABELS
from consents.disclosable import Disclosable
from patients import change_words, record_about
from patients.access import OpenPatient, audience, open_patient
from patients.access import record as loaders
from patients.actions import record as actions
from patients.actions.conflict import EditConflict
from patients.actions.labels import origin_stays
from patients.actions.medicine_terms import Keep
from patients.forms.medicine_privacy import PrivacyForm
from patients.models import MedicineTrial
from patients.record_nouns import BY_SLUG, Noun
from patients.telling_names import item_tells, telling_words
from patients.views import marks
from patients.views.record_conflict import conflict_page

SHOWN, PAGE = 3, 25
READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


def _full(name: str) -> str:
    return name if ":" in name else f"patients:{name}"


@require_safe
def more(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Everything that has no tab of its own."""
    opened = open_patient(request, patient_id)
    rows = [
        (_("Your record"), _("Symptoms, numbers, goals, conditions"), "record"),
        (_("Your details"), _("Name, phone, language, time zone"), "details"),
        (_("Allergies"), "", "allergies"),
        (_("Care team"), _("Who is on it, and whom you invited"), "team"),
        (_("Invite someone"), "", "invite"),
        (_("Tests and results"), _("What was done, and what is due"), "tests"),
        (_("Health summary"), _("One page to read or print"), "summary"),
        (_("Medicine list on paper"), "", "master_list"),
        (_("Bring in a file"), _("From a hospital or another app"), "import"),
    ]
    found = [
        {"text": text, "note": note, "href": reverse(_full(name), args=[patient_id])}
        for text, note, name in rows
    ]
    context = {"opened": opened, "rows": found}
    return render(request, "patients/record_more.html", context)


@require_safe
def record(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every kind of item with its newest three."""
    opened = open_patient(request, patient_id)
    kinds = [
        {
            "noun": record_about.about(rows.noun, opened),
            "rows": _described(opened, rows.noun, rows.items),
            "more": rows.more,
        }
        for rows in loaders.load_record(opened, shown=SHOWN)
    ]
    context = {
        "opened": opened,
        "patient": opened.patient,
        "kinds": kinds,
        "therapy": _therapy(opened),
    }
    return render(request, "patients/record.html", context)


def _therapy(opened: OpenPatient) -> list[dict[str, str]]:
    """What begins or ends in therapy, for the patient: each with who sees it."""
    if not opened.is_patient:
        return []
    return [
        {
            "text": change_words.phase(row),
            "by": row.author.name if row.author else "",
            "privacy_url": reverse(
                "patients:item_privacy", args=[opened.patient.pk, "therapy", row.pk]
            ),
        }
        for row in loaders.load_phases(opened)
    ]


@require_safe
def noun_list(request: Request, patient_id: uuid.UUID, slug: str) -> HttpResponse:
    """All items of one kind, newest first."""
    opened = open_patient(request, patient_id)
    noun = _noun(opened, slug)
    items, more_from = loaders.load_page(
        opened, noun, before=_uuid(request.GET.get("before")), size=PAGE
    )
    context = {
        "opened": opened,
        "patient": opened.patient,
        "noun": noun,
        "items": _described(opened, noun, items),
        "next_url": f"?before={more_from}" if more_from else "",
    }
    return render(request, "patients/record_list.html", context)


@READ_OR_WRITE
def add(request: Request, patient_id: uuid.UUID, slug: str) -> HttpResponse:
    """A new item; a kind with a single row leads to that row."""
    opened = open_patient(request, patient_id)
    noun = _noun(opened, slug)
    data = request.POST if request.method == "POST" else None
    only = loaders.load_single(opened, noun) if noun.single else None
    if only and data is None:
        return redirect("patients:record_change", patient_id, slug, only.pk)
    form = noun.form(data, initial={"key": uuid.uuid4()})
    record_about.ask(form, noun, opened)
    privacy = _privacy_form(opened, data, noun.model(labels=0), [])
    if not _all_valid(form, privacy) or not marks.is_sent(request):
        return _form_page(request, opened, noun, form=form, privacy=privacy)
    asked, told = _asked(request, opened, noun, form=form, privacy=privacy)
    if asked:
        return asked
    try:
        _add(opened, noun, form=form, privacy=privacy, told=told, only=only)
    except FormUsedError:
        say_used(form, _list_url(opened, noun))
        return _form_page(request, opened, noun, form=form, privacy=privacy, status=409)
    return _saved(request, opened, noun)


def _add(opened: OpenPatient, noun: Noun, *, form, privacy, told, only) -> None:
    actions.add(
        patient=opened.patient,
        model=noun.model,
        key=form.cleaned_data["key"] or uuid.uuid4(),
        categories=noun.categories,
        labels=privacy.labels() | told.labels,
        part2_origin=bool(told.part2_origin or privacy.part2_origin),
        keep=privacy.chosen() if opened.is_patient else Keep(),
        columns=form.columns(at=opened.at, zone=opened.patient.time_zone),
        only=only,
        **_who(opened),
    )


@READ_OR_WRITE
def change(
    request: Request, patient_id: uuid.UUID, slug: str, item_id: uuid.UUID
) -> HttpResponse:
    """The words of one's own item, and who may see any item."""
    opened = open_patient(request, patient_id)
    noun = _noun(opened, slug)
    item = loaders.load_item(opened, noun, item_id)
    # Who sees a clinician's words is the patient's own to say.
    opened.require(opened.is_patient or item.author_id is None)
    denies = loaders.denies_of(opened, item) if opened.is_patient else []
    data = request.POST if request.method == "POST" else None
    form = _words_form(opened, noun, data, item)
    privacy = _privacy_form(opened, data, item, denies) if opened.is_patient else None
    page = {"form": form, "privacy": privacy}
    if not _all_valid(*page.values()) or not marks.is_sent(request):
        return _form_page(request, opened, noun, **page, item=item)
    asked, told = _asked(request, opened, noun, **page, item=item)
    if asked:
        return asked
    try:
        _save(opened, item=item, **page, told=told, denies=denies)
    except EditConflict as conflict:
        return conflict_page(request, opened, noun, theirs=conflict.theirs, form=form)
    return _saved(request, opened, noun)


@READ_OR_WRITE
def mistake(
    request: Request, patient_id: uuid.UUID, slug: str, item_id: uuid.UUID
) -> HttpResponse:
    """ "Entered by mistake": asked once more, then off every page."""
    opened = open_patient(request, patient_id)
    noun = _noun(opened, slug)
    opened.require(not noun.single)
    item = loaders.load_item(opened, noun, item_id)
    opened.require(item.author_id is None)
    if request.method == "POST":
        version = _number(request.POST.get("version"))
        try:
            actions.entered_by_mistake(item=item, version=version, **_who(opened))
        except EditConflict as conflict:
            return conflict_page(request, opened, noun, theirs=conflict.theirs)
        return _saved(request, opened, noun, text=_("Taken off the record."))
    context = {"opened": opened, "noun": noun, "item": item, "lines": noun.lines(item)}
    context["back_url"] = _list_url(opened, noun)
    return render(request, "patients/record_mistake.html", context)


# The pieces -----------------------------------------------------------------------


def _noun(opened: OpenPatient, slug: str) -> Noun:
    noun = BY_SLUG.get(slug)
    if noun is None or not loaders.keeps(opened, noun):
        opened.refuse()
    return record_about.about(noun, opened)


def _described(
    opened: OpenPatient, noun: Noun, items: list[Disclosable]
) -> list[dict[str, Any]]:
    return [
        {
            "item": item,
            "lines": noun.lines(item),
            "marks": LABELS.words(item.labels),
            "written_by": representing.written_by(opened, item),
        }
        for item in items
    ]


def _words_form(opened, noun: Noun, data, item: Disclosable):
    """What a clinician wrote keeps its words; the patient chooses who sees it."""
    if item.author_id:
        return None
    form = noun.form(data, initial=noun.form.initial_of(item))
    record_about.ask(form, noun, opened)
    return form


def _privacy_form(opened, data, item: Disclosable, denies: list) -> PrivacyForm:
    team = audience.refusable(opened, item, denies) if opened.is_patient else []
    stays = origin_stays(item)
    return PrivacyForm(data, team=team, item=item, denies=denies, origin_stays=stays)


def _all_valid(*forms: Any) -> bool:
    return all([form.is_valid() for form in forms if form])  # noqa: C419  every problem at once


def _form_page(
    request, opened, noun: Noun, *, form, privacy, item=None, status=200
) -> HttpResponse:
    forms = [each for each in (form, privacy) if each]
    sees = audience.who_sees_item(opened, item) if item and opened.is_patient else []
    context = {
        "opened": opened,
        "noun": noun,
        "fields": form,
        "privacy": privacy,
        "forms": forms,
        "has_errors": any(each.is_bound and each.errors for each in forms),
        "item": item,
        "lines": noun.lines(item) if item else (),
        "follows_medicine": bool(item) and item.lineage != item.pk,
        "sees": sees,
        "waiting_for": privacy.waiting_for(sees) if privacy else [],
        "back_url": _list_url(opened, noun),
    }
    return render(request, "patients/record_form.html", context, status=status)


def _asked(
    request, opened, noun: Noun, *, form, privacy, item=None
) -> tuple[HttpResponse | None, marks.Told]:
    """Asked where the words give away what is not marked, and was not told before."""
    if form is None:
        return None, marks.NOTHING
    labels = privacy.labels() if privacy else item.labels
    said = form.columns(at=opened.at, zone=opened.patient.time_zone)
    before = item_tells(noun.slug, noun.form.initial_of(item)) if item else 0
    return marks.ask_to_mark(
        request,
        opened,
        tells=item_tells(noun.slug, said) & ~labels & ~before,
        name=", ".join(telling_words(noun.slug, said)),
        is_medicine=noun.model is MedicineTrial,
        prefix="told",
    )


def _save(opened: OpenPatient, *, item, form, privacy, told, denies) -> None:
    if form:
        actions.change(
            item=item,
            version=form.cleaned_data["version"] or 0,
            columns=form.columns(at=opened.at, zone=opened.patient.time_zone),
            labels=told.labels | (privacy.labels() if privacy else 0),
            part2_origin=told.part2_origin,
            **_who(opened),
        )
    if privacy is None:
        return
    actions.set_privacy(
        item=item,
        labels=privacy.labels() | told.labels,
        part2_origin=told.part2_origin or privacy.part2_origin,
        keep=privacy.chosen(),
        denies=privacy.offered(denies),
        **_who(opened),
    )


def _who(opened: OpenPatient) -> dict[str, Any]:
    return {"by": opened.reading.user, "at": opened.at}


def _saved(request, opened, noun: Noun, *, text: str = "") -> HttpResponse:
    messages.success(request, text or _("Saved."))
    return redirect(_list_url(opened, noun))


def _list_url(opened: OpenPatient, noun: Noun) -> str:
    return reverse("patients:record_list", args=[opened.patient.pk, noun.slug])


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
