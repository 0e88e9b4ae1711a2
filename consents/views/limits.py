"""The limits of confidentiality: at the start, after each change, and any time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from carecoord.clock import database_now
from carecoord.transactions import no_transaction
from consents import actions
from consents.access import limits as access


class LimitsForm(forms.Form):
    """One tick, under the text, for the version that is on the page."""

    version = forms.CharField(widget=forms.HiddenInput)
    read = forms.BooleanField(
        error_messages={"required": _("Tick the box when you have read it.")}
    )

    def __init__(self, data: Any = None) -> None:
        limits = settings.JURISDICTION.limits
        super().__init__(data, initial={"version": limits.version})
        self.fields["read"].label = limits.acknowledgement

    def clean_version(self) -> str:
        if self.cleaned_data["version"] != settings.JURISDICTION.limits.version:
            raise forms.ValidationError(_("The text has changed. Read it again."))
        return self.cleaned_data["version"]


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@no_transaction
def limits(request: HttpRequest) -> HttpResponse:
    """Open to everyone to read; who is signed in can say that they read it."""
    user = request.user
    form = LimitsForm(request.POST if request.method == "POST" else None)
    if user.is_authenticated and form.is_valid():
        text = settings.JURISDICTION.limits
        actions.acknowledge_limits(limits=text, by=user, at=database_now())
        return redirect("home")
    context = {
        "limits": settings.JURISDICTION.limits,
        "law": settings.JURISDICTION.law,
        "form": form if _asks(request) else None,
        "read": access.acknowledgements(user) if user.is_authenticated else [],
        "past_url": _past(request),
    }
    return render(request, "consents/limits.html", context)


def _asks(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and not access.is_acknowledged(user)


def _past(request: HttpRequest) -> str:
    """ "Not now": nobody is kept from their own record."""
    if patient := getattr(request.user, "patient", None):
        return reverse("patients:chart", args=[patient.pk])
    return reverse("patients:list") if request.user.is_authenticated else ""
