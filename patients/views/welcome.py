"""The first minutes: an account, a record of one's own, a clinician's details."""

from __future__ import annotations

from typing import Any

from allauth.account.views import SignupView
from django.conf import settings
from django.http import HttpResponse
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
from providers import actions as providers


class SignUp(SignupView):
    """A patient's account: the record begins with it."""

    form_class = RecordSignupForm
    for_patients = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = {
            "limits": settings.JURISDICTION.limits,
            "law": settings.JURISDICTION.law,
            "for_patients": self.for_patients,
        }
        return super().get_context_data(**kwargs) | mine


class SignUpForTeam(SignUp):
    """An account for a clinician or someone close: it opens nothing by itself."""

    form_class = AccountForm
    for_patients = False

    def get_default_success_url(self) -> str:
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
