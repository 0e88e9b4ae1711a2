"""Stating an emergency and closing it; the patient's answer; the officer's review."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord.context_processors import place
from consents import actions
from consents.access import OpenPatient, Request, emergency, open_patient
from consents.access.office import open_office
from consents.forms.emergency import (
    ChoiceForm,
    LiftForm,
    ReviewForm,
    StatementForm,
)


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """What kind, and what is happening: then the page is open for four hours."""
    opened = open_patient(request, patient_id)
    standing = emergency.standing(opened)
    form = StatementForm(request.POST or None)
    if not standing.is_closed and request.method == "POST" and form.is_valid():
        try:
            _state(request, opened, standing, form)
        except actions.RuleError as error:
            form.add_error("reason", str(error))
        else:
            return redirect("patients:emergency_page", patient_id=patient_id)
    context = {"opened": opened, "patient": opened.patient, "form": form}
    context |= {"standing": standing, "place": place()}
    return render(request, "consents/emergency/state.html", context)


def _state(request, opened: OpenPatient, standing, form: StatementForm) -> None:
    actions.state_emergency(
        member=opened.member,
        statement=actions.Statement(
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            affiliation=emergency.affiliation(opened),
            discloser=place().operator.name,
        ),
        renews=standing.access,
        by=request.user,
        at=opened.at,
    )


@require_POST
def end(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Closes the emergency page before its four hours are over."""
    opened = open_patient(request, patient_id)
    emergency.standing(opened)
    actions.end_emergencies(member=opened.member, by=request.user, at=opened.at)
    messages.success(request, _("The emergency page is closed."))
    return redirect("patients:chart", patient_id=patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The patient's answer, and each time that the page was opened."""
    opened = open_patient(request, patient_id)
    choice = emergency.choice(opened)
    said = {"allowed": "yes" if choice.allowed else "no"} if choice else None
    form = ChoiceForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        actions.choose_emergency(
            patient=opened.patient,
            allowed=form.is_allowed(),
            by=request.user,
            at=opened.at,
        )
        messages.success(request, _("Your answer is kept. It counts from now on."))
        return redirect("consents:emergency_choice", patient_id=patient_id)
    context: dict[str, Any] = {"opened": opened, "choice": choice, "form": form}
    context["stated"] = emergency.stated(opened)
    return render(request, "consents/emergency/choose.html", context)


@require_safe
def when_opened(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Each time alone, also for who keeps the record of one without a sign-in."""
    opened = open_patient(request, patient_id)
    context = {"opened": opened, "stated": emergency.stated(opened)}
    return render(request, "consents/emergency/opened.html", context)


@require_safe
def waiting(request: Request) -> HttpResponse:
    """For the privacy officer: what waits for a review, and what was reviewed."""
    opened = open_office(request)
    waits, done = emergency.to_review(opened)
    own = emergency.checked_by_others(opened)
    context = {"waiting": waits, "done": done, "own": own}
    return render(request, "consents/emergency/waiting.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, emergency_id: uuid.UUID) -> HttpResponse:
    """One emergency access: who, why, when, what kinds; and the finding."""
    opened = open_office(request)
    found = emergency.one_to_review(opened, emergency_id)
    goes_on = emergency.goes_on(opened, found)
    form = ReviewForm(request.POST or None, goes_on=goes_on)
    if request.method == "POST" and not found.review and form.is_valid():
        actions.review_emergency(
            emergency=found.access,
            **form.values(),
            by=request.user,
            at=request.reading.at,
        )
        messages.success(request, _("Kept. The patient can read it now."))
        return redirect("consents:emergencies")
    context = {"found": found, "form": form, "goes_on": goes_on}
    return render(request, "consents/emergency/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: Request, emergency_id: uuid.UUID) -> HttpResponse:
    """The person whose access was not allowed may open the page again: and why."""
    block = emergency.block_to_lift(open_office(request), emergency_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.lift_block(
            block=block,
            why=form.cleaned_data["why"],
            by=request.user,
            at=request.reading.at,
        )
        messages.success(request, _("Kept. The patient can read it now."))
        return redirect("consents:emergency_review", emergency_id=emergency_id)
    context = {"block": block, "form": form}
    return render(request, "consents/emergency/lift.html", context)
