"""Permissions to and from other systems, as FHIR files."""

from __future__ import annotations

import hashlib
import json
import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord.forms import refuse_as_too_large
from carecoord.json_files import UnreadableFile
from carecoord.transactions import own_transaction
from consents import actions
from consents.access import Request, imported, open_patient, recipients, sharing
from consents.fhir import writing
from consents.fhir.reading import MAX_BYTES, File, read
from consents.fhir.rules import Whose
from consents.forms.imported import PermissionFileForm

# The form around the file: boundaries and the token.
FORM_BYTES = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
@own_transaction
def bring_in(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Who may, then the file outside of any transaction, then the drafts are kept."""
    with transaction.atomic():
        opened = open_patient(request, patient_id)
        waiting = imported.proposals(opened)
        context = {"opened": opened, "waiting": waiting}
        whose = imported.whose(opened.patient)
    if request.method != "POST":
        form = PermissionFileForm()
        return render(request, "consents/bring_in.html", context | {"form": form})
    form = PermissionFileForm(request.POST, request.FILES)
    if _is_too_large(request):
        refuse_as_too_large(form, "file", MAX_BYTES)
    elif form.is_valid() and (found := _read(form, whose)):
        try:
            return _keep(request, patient_id, *found)
        except actions.RuleError as error:
            form.add_error("file", str(error))
    return render(request, "consents/bring_in.html", context | {"form": form})


def _is_too_large(request: Request) -> bool:
    """No handler takes a body over the limit, so the file is not there to be asked."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + FORM_BYTES


def _read(form: PermissionFileForm, whose: Whose) -> tuple[File, str] | None:
    """What the file says, and its digest; or the sentence why not, on the form."""
    raw = form.cleaned_data["file"].read()
    try:
        return read(raw, whose=whose), hashlib.sha256(raw).hexdigest()
    except UnreadableFile as error:
        form.add_error("file", error.sentence)
        return None


def _keep(
    request: Request, patient_id: uuid.UUID, file: File, digest: str
) -> HttpResponse:
    with transaction.atomic():
        opened = open_patient(request, patient_id)
        kept = actions.keep_imported(
            patient=opened.patient,
            file=file,
            digest=digest,
            by=request.user,
            at=opened.at,
        )
    messages.success(request, _("The file is read. Nothing is shared by it."))
    if len(kept) == 1:
        return redirect("consents:imported", patient_id=patient_id, draft_id=kept[0].pk)
    return redirect("consents:bring_in", patient_id=patient_id)


@require_safe
def draft(request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID) -> HttpResponse:
    """What one draft would share, what of the file it leaves out, and what to do.

    Once it is signed, "back" leads here: it is the way to the receipt then.
    """
    opened = open_patient(request, patient_id)
    if done := imported.answered_from(opened, draft_id):
        return redirect("consents:receipt", patient_id=patient_id, consent_id=done.pk)
    found = imported.proposal(opened, draft_id)
    context = {"opened": opened, "one": found}
    return render(request, "consents/imported.html", context)


@require_POST
def drop(request: Request, patient_id: uuid.UUID, draft_id: uuid.UUID) -> HttpResponse:
    """Throws one draft away."""
    opened = open_patient(request, patient_id)
    found = imported.proposal(opened, draft_id)
    actions.drop_imported(draft=found.draft, by=request.user, at=opened.at)
    messages.success(request, _("Thrown away. Nothing was shared by it."))
    return redirect("consents:bring_in", patient_id=patient_id)


@require_safe
def receipt_file(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """One permission for another system."""
    opened = open_patient(request, patient_id)
    consent = sharing.consent(opened, consent_id)
    unnamed = recipients.unnamed(opened, [consent])
    found = writing.consent(consent, opened.patient, opened.at, unnamed=unnamed)
    return _file(found, name="permission.json")


@require_safe
def receipts_file(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """All of them in one file."""
    opened = open_patient(request, patient_id)
    consents = imported.to_write(opened)
    found = writing.bundle(
        consents,
        patient=opened.patient,
        at=opened.at,
        unnamed=recipients.unnamed(opened, consents),
    )
    return _file(found, name="permissions.json")


def _file(found: writing.Json, *, name: str) -> HttpResponse:
    text = json.dumps(found, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type=writing.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
