"""The privacy officer and who acts for patients: papers seen, ends, deaths."""

from __future__ import annotations

import uuid
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carecoord import zones
from consents import actions, representing
from consents.access import Request
from consents.access import representatives as access
from consents.access.office import open_office
from consents.codes import RepresentativeKind
from consents.forms.representatives import (
    CheckForm,
    CorrectionForm,
    DeathForm,
    FindForm,
    RecordForm,
)

SEARCHED = "find_patient"
TOO_OFTEN = gettext_lazy(
    "You searched very often. Wait an hour, then go on. What is open still works."
)
NOBODY = gettext_lazy("There is no record with this name and this birth date.")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """Everyone who acts for somebody, and the way to one patient.

    Searched for within a bound (settings): a name and a birth date that were guessed
    tell, too, that somebody has a record here.
    """
    opened = open_office(request)
    form, found = FindForm(request.POST or None), []
    is_search = request.method == "POST" and form.is_valid()
    may_search = is_search and ratelimit.consume(request, action=SEARCHED)
    if is_search and not may_search:
        form.add_error("name", TOO_OFTEN)
    if may_search:
        cleaned = form.cleaned_data
        name = " ".join(cleaned["name"].split())
        found = access.found_patients(opened, name=name, born=cleaned["born"])
        if len(found) == 1:
            return redirect("consents:acting_patient", patient_id=found[0].pk)
        if not found:
            form.add_error("name", NOBODY)
    context = {"form": form, "found": found, "acting": access.everyone_acting(opened)}
    status = 429 if is_search and not may_search else 200
    return render(request, "consents/privacy/acting.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
def patient(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Of one patient: who acts and acted, what was stated, what can be recorded."""
    opened = open_office(request, patient_id)
    found = access.patient_of(opened, patient_id)
    context = {
        "patient": found,
        "acting": access.acting_for(opened, found),
        "stated": access.stated_of(opened, found),
        "death": access.death_of(opened, found),
        "corrected": access.corrected_deaths(opened, found),
        "alone": representing.is_nobodys(found, opened.at),
    }
    return render(request, "consents/privacy/acting_patient.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Lets somebody act, from the paper that the officer has seen."""
    opened = open_office(request, patient_id)
    found = access.patient_of(opened, patient_id)
    form = RecordForm(request.POST or None, turns=access.turns(opened, found))
    if request.method == "POST" and form.is_valid() and _recorded(opened, found, form):
        said = _("Recorded. It counts from now on.")
        if form.cleaned_data.get("from_majority"):
            said = _("Recorded. It begins on the 18th birthday.")
        messages.success(request, said)
        return redirect("consents:acting_patient", patient_id=patient_id)
    context = {"patient": found, "form": form}
    context["stated"] = access.stated_of(opened, found)
    return render(request, "consents/privacy/acting_record.html", context)


def _recorded(opened, found, form: RecordForm) -> bool:
    cleaned, until = form.cleaned_data, form.cleaned_data["until"]
    try:
        actions.let_act(
            patient=found,
            email=cleaned["email"],
            relationship=cleaned["relationship"],
            kind=cleaned["kind"],
            document=cleaned["document"],
            **form.masks(),
            may_sign=cleaned["may_sign"],
            from_majority=bool(cleaned.get("from_majority")),
            ends_at=zones.end_of(until, found.time_zone) if until else None,
            stated_by=_stated_by(opened, found, cleaned),
            by=opened.user,
            at=opened.at,
        )
    except actions.RuleError as error:
        form.add_error(None, str(error))
        return False
    return True


def _stated_by(opened, found, cleaned: dict[str, Any]):
    """The statement that an agent's power rests on; a parent's rests on none."""
    if cleaned["kind"] != RepresentativeKind.AGENT:
        return None
    stated = access.stated_of(opened, found)
    return actions.rests_on(
        stated, patient=found, email=cleaned["email"], by=opened.user
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, representative_id: uuid.UUID) -> HttpResponse:
    """The paper is over, or somebody can decide again."""
    opened = open_office(request)
    found = access.one_representative(opened, representative_id)
    if request.method == "POST":
        actions.end_representative(
            representative=found.row, by=opened.user, at=opened.at
        )
        messages.success(request, _("Ended, in this second."))
        return redirect("consents:acting_patient", patient_id=found.row.patient_id)
    return render(request, "consents/privacy/acting_end.html", {"acting": found})


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, representative_id: uuid.UUID) -> HttpResponse:
    """The paper that a parent named has been seen."""
    opened = open_office(request)
    found = access.one_representative(opened, representative_id)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.check_document(
                representative=found.row,
                document=form.cleaned_data["document"],
                by=opened.user,
                at=opened.at,
            )
        except actions.RuleError as error:
            form.add_error("document", str(error))
        else:
            messages.success(request, _("Kept. The paper is checked."))
            return redirect("consents:acting_patient", patient_id=found.row.patient_id)
    context = {"acting": found, "form": form}
    return render(request, "consents/privacy/acting_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def death(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """What it closes stands on the page, before anything is kept."""
    opened = open_office(request, patient_id)
    found = access.patient_of(opened, patient_id)
    if access.death_of(opened, found):
        return redirect("consents:acting_patient", patient_id=patient_id)
    form = DeathForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _died(opened, found, form):
        messages.success(request, _("Recorded. Nothing is shared any more."))
        return redirect("consents:acting_patient", patient_id=patient_id)
    context = {"patient": found, "form": form}
    context["closing"] = access.closed_by_death(opened, found)
    return render(request, "consents/privacy/death.html", context)


def _died(opened, found, form: DeathForm) -> bool:
    try:
        actions.record_death(
            patient=found,
            died_at=zones.start_of(form.cleaned_data["day"], found.time_zone),
            document=form.cleaned_data["document"],
            by=opened.user,
            at=opened.at,
        )
    except actions.RuleError as error:
        form.add_error("day", str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def death_correct(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """It was a mistake: all stands as before. A page of another death corrects none."""
    opened = open_office(request, patient_id)
    found = access.patient_of(opened, patient_id)
    recorded = access.death_of(opened, found)
    if recorded is None:
        return redirect("consents:acting_patient", patient_id=patient_id)
    form = CorrectionForm(request.POST or None)
    is_another = request.method == "POST" and str(recorded.pk) != _said(request)
    is_right = request.method == "POST" and form.is_valid() and not is_another
    if is_right and _corrected(opened, recorded, form):
        messages.success(request, _("Corrected. What stood before stands again."))
        return redirect("consents:acting_patient", patient_id=patient_id)
    context = {"patient": found, "death": recorded, "form": form}
    context["is_another"] = is_another
    status = 409 if is_another else 200
    return render(
        request, "consents/privacy/death_correct.html", context, status=status
    )


def _corrected(opened, recorded, form: CorrectionForm) -> bool:
    try:
        actions.correct_death(
            death=recorded, why=form.cleaned_data["why"], by=opened.user, at=opened.at
        )
    except actions.RuleError as error:
        form.add_error("why", str(error))
        return False
    return True


def _said(request: Request) -> str:
    """The death that the page showed which was sent."""
    return request.POST.get("death", "")
