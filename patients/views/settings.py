"""Settings: what a person says about themselves, and how they sign in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consents.access import Request
from patients.access.invitations import practitioner_of
from patients.actions import people
from patients.forms.settings import CardForm, NamedForm, OwnForm


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: Request) -> HttpResponse:
    """Name, zone, messages, the way out; the way to the other pages of settings."""
    user = request.user
    has_own_name = getattr(user, "patient", None) or user.is_privacy_officer
    kind = OwnForm if has_own_name else NamedForm
    stands = {name: getattr(user, name) for name in kind.base_fields}
    can_do_without = not people.must_be_reached(user)
    form = kind(request.POST or None, initial=stands, can_do_without=can_do_without)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data.get("name", "")
        people.change_own(user=user, own=form.own, name=name)
        messages.success(request, _("Saved."))
        return redirect("patients:settings")
    context = {"form": form, "links": _links(request)}
    return render(request, "patients/settings.html", context)


def _links(request: Request) -> list[dict[str, Any]]:
    links = [
        (_("Sign-in in two steps"), reverse("mfa_index")),
        (_("Change your password"), reverse("account_change_password")),
        (_("Change your e-mail address"), reverse("account_email")),
    ]
    if patient := getattr(request.user, "patient", None):
        details = reverse("patients:details", args=[patient.pk])
        links.insert(0, (_("Your name, pronouns, phone and language"), details))
        state = reverse("patients:state", args=[patient.pk])
        links.insert(1, (_("The state you live in"), state))
    links.append((_("Keep a record for your child"), reverse("patients:child_begin")))
    if practitioner_of(request.user):
        links.insert(0, (_("Your contact card"), reverse("patients:settings_card")))
        invite = reverse("patients:invite_patient")
        links.insert(1, (_("Invite a patient"), invite))
    return [{"text": text, "href": href} for text, href in links]


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request) -> HttpResponse:
    """How to reach a clinician about shared patients (S7, S55)."""
    practitioner = practitioner_of(request.user)
    if practitioner is None:
        return redirect("patients:settings")
    stands = vars(people.ContactCard()).keys()
    initial = {name: getattr(practitioner, name) for name in stands}
    form = CardForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        people.change_card(practitioner=practitioner, card=form.card)
        messages.success(
            request, _("Saved. The people you share patients with see it.")
        )
        return redirect("patients:settings")
    return render(request, "patients/settings_card.html", {"form": form})
