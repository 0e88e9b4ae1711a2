"""Tests: what was done already first, then what is asked for; and results in."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from consents.access import Request
from patients import monitoring_words as words
from patients.access import OpenPatient, open_patient
from patients.access.monitoring import load_monitoring, load_result, load_results
from patients.access.owners import load_chosen
from patients.access.team import clinicians
from patients.actions import owners, results
from patients.actions.conflict import EditConflict
from patients.documents.text import line_text
from patients.forms.results import ResultForm, TestOwnerForm
from patients.monitoring import Test, test_by_mark
from patients.monitoring_page import (
    choices,
    may_add,
    may_choose_owner,
    monitoring_context,
    result_row,
)
from patients.telling_names import words_tell
from patients.views import marks, pages

METHODS = ["GET", "HEAD", "POST"]
ANOTHER = "another"


@require_safe
def tests(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """S24, S75: for the patient and for whoever may see medicines and numbers."""
    opened = open_patient(request, patient_id)
    context = {"opened": opened, "patient": opened.patient}
    context["tests"] = monitoring_context(opened)
    return render(request, "patients/tests.html", context)


@require_safe
def choose(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Which test it is, each with what is here of it already."""
    opened = _open(request, patient_id)
    context = {
        "opened": opened,
        "patient": opened.patient,
        "rows": choices(opened, load_results(opened)),
        "another_url": reverse("patients:test_add", args=[patient_id, ANOTHER]),
        "back_url": _back(opened),
    }
    return render(request, "patients/tests_choose.html", context)


@require_http_methods(METHODS)
def add(request: Request, patient_id: uuid.UUID, test_mark: str) -> HttpResponse:
    """The result of one test. What was done already stands above the questions."""
    opened = _open(request, patient_id)
    test = test_by_mark(test_mark)
    opened.require(test is not None or test_mark == ANOTHER)
    form = ResultForm(request.POST if request.method == "POST" else None, test=test)
    sent = form.is_valid() and marks.is_sent(request)
    if sent and (answer := _asked_or_saved(request, opened, form)):
        return answer
    context: dict[str, Any] = {
        "opened": opened,
        "heading": test.name if test else _("Another test"),
        "name": opened.patient.name,
        "done": _done(opened, test),
        "back_url": _back(opened),
    }
    return pages.show(request, "patients/tests_add.html", [form], **context)


def _asked_or_saved(
    request: Request, opened: OpenPatient, form: ResultForm
) -> HttpResponse | None:
    """Asks about what the result tells, or saves it; nothing where a problem was put
    on the form. By its words alone: what stands on the list changes no question.
    """
    said = form.result()
    asked, told = marks.ask_to_mark(
        request,
        opened,
        tells=words_tell(said.name, said.words),
        name=said.name,
        is_medicine=False,
    )
    if asked:
        return asked
    try:
        _save(opened, form, told)
    except FormUsedError:
        say_used(form, _back(opened))
        return None
    messages.success(request, _("Saved. The result stands with the tests."))
    return redirect(_back(opened))


def _save(opened: OpenPatient, form: ResultForm, told: marks.Told) -> None:
    results.add(
        patient=opened.patient,
        result=form.result(),
        key=form.cleaned_data["form_key"],
        labels=told.labels,
        part2_origin=told.part2_origin,
        author=None if opened.decides("measures") else opened.party,
        by=opened.reading.user,
        at=opened.at,
    )


@require_http_methods(METHODS)
def choose_owner(
    request: Request, patient_id: uuid.UUID, test_mark: str
) -> HttpResponse:
    """Who looks after one test; a member of the team, or as the medicine asks."""
    opened = open_patient(request, patient_id)
    opened.require(may_choose_owner(opened))
    found = load_monitoring(opened)
    row = next((one for one in found.asked if one.test.mark == test_mark), None)
    if row is None:
        opened.refuse()
    data = request.POST if request.method == "POST" else None
    chosen = load_chosen(opened, [row]).get(row.test.key)
    form = TestOwnerForm(data, team=clinicians(opened), chosen=chosen)
    if data is not None and form.is_valid():
        who = {"by": request.user, "at": opened.at}
        owners.choose(patient=opened.patient, test=row.test, owner=form.chosen(), **who)
        messages.success(request, _("Saved. It stands with the test."))
        return redirect(_back(opened))
    context: dict[str, Any] = {
        "heading": _("Who looks after this test?"),
        "caption": row.test.name,
        "lead": _("They see on their own page when it is late."),
        "button": _("Save"),
        "back_url": _back(opened),
    }
    return pages.show(request, "patients/medicines_question.html", [form], **context)


@require_http_methods(METHODS)
def mistake(
    request: Request, patient_id: uuid.UUID, result_id: uuid.UUID
) -> HttpResponse:
    """ "I added this by mistake", asked once more, by whoever entered it."""
    opened = _open(request, patient_id)
    item = load_result(opened, result_id)
    if request.method == "POST":
        # Somebody may have taken it off a moment before: then it is off.
        with suppress(EditConflict):
            results.entered_by_mistake(
                item=item, version=item.version, by=request.user, at=opened.at
            )
        messages.success(request, _("Taken off the tests."))
        return redirect(_back(opened))
    context = {"opened": opened, "row": result_row(opened, item)}
    context |= {"back_url": _back(opened)}
    return render(request, "patients/tests_mistake.html", context)


def _open(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    opened = open_patient(request, patient_id)
    opened.require(may_add(opened))
    return opened


def _done(opened: OpenPatient, test: Test | None) -> list[str]:
    if test is None:
        return []
    rows = [row for row in load_results(opened) if row.test == test.key]
    return [line_text(words.result_line(row)) for row in rows[:3]]


def _back(opened: OpenPatient) -> str:
    return reverse("patients:tests", args=[opened.patient.pk])
