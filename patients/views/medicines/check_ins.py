""" "Helped or hurt?": one tap from the home page, and more for whoever wants (S22)."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents.access import Request
from patients import change_words as words
from patients import side_effect_words
from patients.access import OpenPatient, audience, open_patient
from patients.access.changes import (
    load_check_in,
    load_effects,
    load_own_change,
    today_of,
)
from patients.actions import changes
from patients.actions.conflict import EditConflict
from patients.change_page import asked_for, check_in_url
from patients.codes import Helped
from patients.forms.watching import CheckInForm
from patients.models import CheckIn, MedicineChange
from patients.views import pages

LATER = "later"


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(
    request: Request, patient_id: uuid.UUID, change_id: uuid.UUID
) -> HttpResponse:
    """The question, or what was answered with the way to say more. Never twice.

    A tap on the home page sends the answer alone; "Not now" puts the question off.
    """
    opened = open_patient(request, patient_id)
    change = load_own_change(opened, change_id)
    if request.method == "POST" and LATER in request.POST:
        return _not_now(request, opened, change)
    item = load_check_in(opened, change)
    form = _form(request, opened, change, item)
    if request.method == "POST" and form.is_valid():
        return _save(request, opened, change=change, item=item, form=form)
    return _page(request, opened, change=change, item=item, form=form)


def _form(
    request: Request,
    opened: OpenPatient,
    change: MedicineChange,
    item: CheckIn | None,
) -> CheckInForm:
    rows = load_effects(opened, change.lineage)
    effects = [(str(row.pk), side_effect_words.line(row)) for row in rows]
    data = request.POST if request.method == "POST" else None
    return CheckInForm(data, today=today_of(opened), effects=effects, item=item)


def _not_now(
    request: Request, opened: OpenPatient, change: MedicineChange
) -> HttpResponse:
    day = today_of(opened)
    changes.not_now(change=change, today=day, by=request.user, at=opened.at)
    messages.success(request, _("Saved. We ask once more in a week, then no more."))
    return redirect("patients:chart", change.patient_id)


def _save(
    request: Request,
    opened: OpenPatient,
    *,
    change: MedicineChange,
    item: CheckIn | None,
    form: CheckInForm,
) -> HttpResponse:
    who: dict[str, Any] = {"by": request.user, "at": opened.at}
    version, said = form.cleaned_data["version"] or 0, form.answer()
    if item is None:
        changes.answer(change=change, said=said, **who)
        messages.success(request, _saved_words(opened, change))
        return redirect(check_in_url(change))
    if not version:
        # A second click, or another tab: the first answer stands.
        return redirect(check_in_url(change))
    try:
        changes.answer_again(item=item, version=version, said=said, **who)
    except EditConflict:
        stands = _("It was answered in another tab. Here is what stands.")
        messages.warning(request, stands)
        return redirect(check_in_url(change))
    messages.success(request, _saved_words(opened, change))
    return redirect("patients:chart", change.patient_id)


def _saved_words(opened: OpenPatient, change: MedicineChange) -> str:
    if opened.is_patient and not audience.who_sees_item(opened, change):
        return _("Saved. Only you can see it.")
    return _("Saved. Everyone who sees this medicine is told in 10 minutes.")


def _page(
    request: Request,
    opened: OpenPatient,
    *,
    change: MedicineChange,
    item: CheckIn | None,
    form: CheckInForm,
) -> HttpResponse:
    line = change.statement
    place = [change.patient_id, change.statement_id]
    context: dict[str, Any] = {
        "heading": words.question(change, who=asked_for(opened)),
        "acting_for": asked_for(opened),
        "lead": words.looked_for(change),
        "check_in": form,
        "item": item,
        "is_worse": bool(item and item.helped == Helped.WORSE),
        "prescriber": line.prescribed_by if line else "",
        "effect_url": reverse("patients:side_effect_add", args=place),
        "back_url": reverse("patients:chart", args=[change.patient_id]),
    }
    return pages.show(request, "patients/check_in.html", [form], **context)
