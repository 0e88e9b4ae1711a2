"""The first minutes: an account, a record of one's own, a clinician's details."""

from __future__ import annotations

from typing import Any

from allauth.account.views import SignupView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consents.access import Request
from patients.access.invitations import practitioner_of
from patients.actions.patients import begin_record
from patients.forms.welcome import (
    AccountForm,
    ClinicianForm,
    RecordForm,
    RecordSignupForm,
)
from patients.views.children import IN_SESSION as OFFER_IN_SESSION
from providers import actions as providers


class SignUp(SignupView):
    """A patient's account: the record begins with it."""

    form_class = RecordSignupForm
    for_patients = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whose record a parent began needs no second one, and is too young for it."""
        if self.for_patients and OFFER_IN_SESSION in request.session:
            return redirect("account_signup_team")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = {
            "limits": settings.JURISDICTION.limits,
            "law": settings.JURISDICTION.law,
            "for_patients": self.for_patients,
            "for_own_sign_in": OFFER_IN_SESSION in self.request.session,
        }
        return super().get_context_data(**kwargs) | mine


class SignUpForTeam(SignUp):
    """An account for a clinician or someone close: it opens nothing by itself.

    And for a child who was given a sign-in of their own, whose link brings them on.
    """

    form_class = AccountForm
    for_patients = False

    def get_default_success_url(self) -> str:
        if OFFER_IN_SESSION in self.request.session:
            return reverse("patients:own_sign_in")
        return reverse("patients:welcome")


sign_up = SignUp.as_view()
sign_up_team = SignUpForTeam.as_view()


@require_safe
def welcome(request: Request) -> HttpResponse:
    """For someone with an account and no place yet: what would you like to do?"""
    return render(request, "patients/welcome.html")


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Request) -> HttpResponse:
    """A record of one's own, once."""
    if getattr(request.user, "patient", None):
        return redirect("home")
    form = RecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        patient = begin_record(
            name=request.user.name,
            birth_date=form.cleaned_data["birth_date"],
            user=request.user,
            at=request.reading.at,
        )
        return redirect("patients:chart", patient_id=patient.pk)
    context = {"form": form, "limits": settings.JURISDICTION.limits}
    return render(request, "patients/welcome_record.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def clinician(request: Request) -> HttpResponse:
    """A clinician's details, once; changed later in Settings."""
    if practitioner_of(request.user):
        return redirect("home")
    form = ClinicianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        providers.add_practitioner(
            name=request.user.name, user=request.user, **form.cleaned_data
        )
        return redirect("home")
    return render(request, "patients/welcome_clinician.html", {"form": form})
