"""A parent begins a child's record; its sign-in; the state somebody lives in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord.transactions import no_transaction
from consents import actions as consents
from consents.access import Request, representatives
from consents.access.office import open_office
from patients.access import children as access
from patients.access import open_patient
from patients.actions import children as actions
from patients.actions.invitations import hash_of
from patients.actions.patients import change_details
from patients.forms.children import ChildForm, OfferForm, StateForm, TakeForm
from patients.models import SignInOffer
from patients.views import which_page

# Where the hash of the opened link waits while the child signs in or signs up.
IN_SESSION = "sign_in_offer"
# What says on the form which child's link it answers.
FIELD = "offer"


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """What the law leaves to the child stands on the page before it begins."""
    form = ChildForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            patient = actions.begin_for_child(
                child=form.child, by=request.user, at=request.reading.at
            )
        except (actions.ChildError, consents.RuleError) as error:
            form.add_error("birth_date", str(error))
        else:
            return redirect("patients:chart", patient_id=patient.pk)
    context = {
        "form": form,
        "limits": settings.JURISDICTION.limits,
        "youngest": settings.JURISDICTION.own_sign_in_from,
        "majority": settings.JURISDICTION.age_of_majority,
    }
    return render(request, "patients/child_begin.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The parent gives the child a sign-in of their own."""
    opened = open_patient(request, patient_id)
    access.require_parent(opened)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_sign_in(
                patient=opened.patient,
                address=form.cleaned_data["email"],
                by=request.user,
                at=opened.at,
            )
        except actions.ChildError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The link is on its way to your child."))
            return redirect("patients:chart", patient_id=patient_id)
    context = {
        "opened": opened,
        "form": form,
        "possible": actions.may_sign_in(opened.patient, opened.at),
        "youngest": settings.JURISDICTION.own_sign_in_from,
    }
    return render(request, "patients/child_sign_in.html", context)


@login_not_required
@require_safe
@no_transaction
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps the link out of the address bar. Opening it uses nothing up."""
    request.session[IN_SESSION] = hash_of(token)
    request.session["invitation_due"] = reverse("patients:own_sign_in")
    return redirect("patients:own_sign_in")


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: Request) -> HttpResponse:
    """Signed in to an account of their own: the birth date, and it is theirs."""
    request.session.pop("invitation_due", None)
    found = access.open_offer(request.session.get(IN_SESSION, ""), request.reading.at)
    if found is None:
        request.session.pop(IN_SESSION, None)
        return render(request, "patients/invitation_over.html", status=404)
    if which_page.is_of_another(request, found, FIELD):
        # The link of a brother or a sister was opened here since (T100).
        return render(request, "patients/invitation_over.html", status=409)
    form = TakeForm(request.POST or None)
    if which_page.is_answered(request, FIELD, form) and _taken(request, found, form):
        return redirect("home")
    context = {"form": form, "offer": found}
    return which_page.show(request, "patients/child_take.html", context, FIELD)


def _taken(request: Request, found: SignInOffer, form: TakeForm) -> bool:
    """Whether it is theirs now; else a problem stands on the form."""
    try:
        patient = actions.take_sign_in(
            offer=found,
            birth_date=form.cleaned_data["birth_date"],
            by=request.user,
            at=request.reading.at,
        )
    except actions.ChildError as error:
        form.add_error(None, str(error))
        return False
    if not patient:
        form.add_error("birth_date", _("This is not the birth date that we have."))
        return False
    request.session.pop(IN_SESSION, None)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def state(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Chosen, then read what it changes, then kept."""
    opened = open_patient(request, patient_id)
    opened.require(opened.is_patient)
    chosen = opened.patient.state
    form = StateForm(request.POST or None, initial={"state": chosen})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["state"]
        if form.cleaned_data["sure"] == f"sure-{chosen}":
            change_details(patient=opened.patient, by=request.user, state=chosen)
            messages.success(request, _("Saved."))
            return redirect("patients:more", patient_id=patient_id)
        if chosen == opened.patient.state:
            messages.info(request, _("It stands so already. Nothing changed."))
            return redirect("patients:more", patient_id=patient_id)
    is_asked = request.method == "POST" and chosen != opened.patient.state
    context = {
        "opened": opened,
        "form": form,
        "asked": is_asked and form.is_valid(),
        "chosen": chosen,
        "change": access.state_change(opened.patient, chosen, opened.at),
        "majority": settings.JURISDICTION.age_of_majority,
        "is_child": access.is_child(opened.patient, opened.at),
    }
    return render(request, "patients/state.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def state_correct(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """The privacy officer puts it right for a patient who has no sign-in to do it.

    What it opens to a parent stands on the page before it is kept.
    """
    office = open_office(request, patient_id)
    found = representatives.patient_of(office, patient_id)
    if found.user_id:
        messages.info(request, _("Whoever signs in says it themselves, under More."))
        return redirect("consents:acting_patient", patient_id=patient_id)
    form = StateForm(request.POST or None, initial={"state": found.state})
    form.fields["state"].label = _("The state the patient lives in")
    chosen = found.state
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["state"]
        if form.cleaned_data["sure"] == f"sure-{chosen}":
            change_details(patient=found, by=office.user, state=chosen)
            messages.success(request, _("Saved."))
            return redirect("consents:acting_patient", patient_id=patient_id)
    context = {
        "patient": found,
        "form": form,
        "asked": request.method == "POST" and form.is_valid() and chosen != found.state,
        "chosen": chosen,
        "change": access.state_change(found, chosen, office.at),
        "is_child": access.is_child(found, office.at),
        "majority": settings.JURISDICTION.age_of_majority,
    }
    return render(request, "patients/state_correct.html", context)
