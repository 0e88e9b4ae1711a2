"""Records from elsewhere: read a file, then say yes or no to each thing it says."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord.forms import refuse_as_too_large
from carecoord.json_files import MAX_BYTES
from carecoord.transactions import own_transaction
from consents.access import Request
from patients import import_page
from patients.access import OpenPatient, open_patient
from patients.access import imports as access
from patients.actions import imports as actions
from patients.actions.imports import AlreadyRead, Answer, ImportRefused
from patients.actions.room import why_full
from patients.fhir import ImportedBundle, UnreadableFile, may_be_someone_else, read
from patients.forms.imports import AnswerForm, UploadForm
from patients.models import ImportFile
from patients.proposals import holds_something
from patients.proposals.content import ImportedMedicine, decode_as
from patients.proposals.fitting import status_known

NOTHING = _lazy("There are no medicines, allergies or diagnoses in this file.")
# The form around the file: boundaries and the token.
FORM_BYTES = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
@own_transaction
def upload(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Who may, then the file outside of any transaction, then what it says is kept."""
    with transaction.atomic():
        context = _files(open_patient(request, patient_id))
    if request.method != "POST":
        return render(
            request, "patients/imports.html", context | {"form": UploadForm()}
        )
    form = UploadForm(request.POST, request.FILES)
    if _is_too_large(request):
        refuse_as_too_large(form, "file", MAX_BYTES)
    elif form.is_valid() and (bundle := _read(form)):
        return _keep(request, patient_id, bundle)
    return render(request, "patients/imports.html", context | {"form": form})


def _files(opened: OpenPatient) -> dict[str, Any]:
    return {"patient": opened.patient, "files": access.files(opened)}


def _is_too_large(request: Request) -> bool:
    """No handler takes a body over the limit, so the file is not there to be asked."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + FORM_BYTES


def _read(form: UploadForm) -> ImportedBundle | None:
    """What the file says; or the sentence why not, on the form."""
    file = form.cleaned_data["file"]
    try:
        bundle = read(file.read(), source_name=file.name)
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return None
    if not holds_something(bundle):
        form.add_error("file", NOTHING)
        return None
    return bundle


def _keep(
    request: Request, patient_id: uuid.UUID, bundle: ImportedBundle
) -> HttpResponse:
    """Decides again: sharing may have changed while the file was read."""
    try:
        with transaction.atomic():
            opened = open_patient(request, patient_id)
            patient = opened.patient
            file = actions.read_file(
                patient=patient,
                bundle=bundle,
                warnings=may_be_someone_else(
                    bundle.person, name=patient.name, birth_date=patient.birth_date
                ),
                by=request.user,
                at=opened.at,
            )
    except AlreadyRead as error:
        file = error.file
        messages.success(request, _("You read this file before. Here is what it says."))
    else:
        messages.success(request, _("The file is read. Nothing was added yet."))
    return redirect("patients:import_file", patient_id=patient_id, file_id=file.pk)


@require_safe
def file(request: Request, patient_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """What the file proposes, in groups."""
    opened = open_patient(request, patient_id)
    found = access.file(opened, file_id)
    rows = access.rows(opened, found)
    groups = import_page.groups(rows.waiting, actions.standing(opened.patient))
    new = [group for group in groups if group.key == "new"]
    context = {
        "patient": opened.patient,
        "file": found,
        "rows": rows,
        "groups": groups,
        "is_unsure": found.counts.get("whose") == actions.UNSURE,
        "said": actions.what_to_know(found),
        "plain_new": import_page.plain_new(new[0]) if new else 0,
        "more": rows.waiting_count - len(rows.waiting),
    }
    return render(request, "patients/import_file.html", context)


@require_POST
def whose(request: Request, patient_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """ "It is about me", or all of it is left out."""
    opened = open_patient(request, patient_id)
    found = access.file(opened, file_id)
    is_mine = request.POST.get("answer") == "mine"
    actions.say_whose(file=found, is_mine=is_mine, by=request.user, at=opened.at)
    if not is_mine:
        messages.success(request, _("All of it is left out. Nothing was added."))
        return redirect("patients:import", patient_id=patient_id)
    return _back(found)


@require_POST
def accept_new(
    request: Request, patient_id: uuid.UUID, file_id: uuid.UUID
) -> HttpResponse:
    """Adds all that is new and asks nothing."""
    opened = open_patient(request, patient_id)
    found = access.file(opened, file_id)
    count = actions.accept_new(file=found, by=request.user, at=opened.at)
    said = ngettext(
        "Saved. %(n)s line is in your record.",
        "Saved. %(n)s lines are in your record.",
        count,
    )
    messages.success(request, said % {"n": count})
    if full := why_full(patient=opened.patient, by=request.user):
        messages.warning(request, full)
    return _back(found)


@require_http_methods(["GET", "HEAD", "POST"])
def item(
    request: Request, patient_id: uuid.UUID, file_id: uuid.UUID, item_id: uuid.UUID
) -> HttpResponse:
    """One proposal beside what the file says; add it, or leave it out."""
    opened = open_patient(request, patient_id)
    found = access.file(opened, file_id)
    one = access.item(opened, found, item_id)
    if request.POST.get("answer") == "decline":
        actions.decline(item=one, by=request.user, at=opened.at)
        # A message waits in the table of sessions: no name of a medicine goes there.
        messages.success(request, _("Left out. Nothing was added."))
        return _back(found)
    card = import_page.card(one, actions.standing(opened.patient))
    form = _answer_form(request, card)
    asked = request.method == "POST" and form.is_valid()
    if asked and _accepted(request, opened, card, form):
        return _back(found)
    context = {"patient": opened.patient, "file": found, "card": card, "form": form}
    return render(request, "patients/import_item.html", context)


def _answer_form(request: Request, card: import_page.Card) -> AnswerForm:
    changes = request.POST.get("answer") == "change"
    asks_status = card.is_medicine and not status_known(
        decode_as(ImportedMedicine, card.item.content)
    )
    return AnswerForm(
        request.POST if request.method == "POST" else None,
        labels=0 if changes else card.item.labels,
        asks_status=asks_status and not changes,
        part2_origin=card.item.part2_origin,
    )


def _accepted(
    request: Request, opened: OpenPatient, card: import_page.Card, form: AnswerForm
) -> bool:
    # What names no line is no line that stands: refused, never added as new.
    line = request.POST.get("line") or "none"
    answer = Answer(
        labels=form.chosen_labels,
        part2_origin=form.part2_origin,
        status=form.chosen_status,
        changes_line=line if request.POST.get("answer") == "change" else "",
    )
    try:
        actions.accept(item=card.item, answer=answer, by=request.user, at=opened.at)
    except ImportRefused as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved. It is in your record."))
    return True


def _back(found: ImportFile) -> HttpResponse:
    return redirect(
        "patients:import_file", patient_id=found.patient_id, file_id=found.pk
    )
