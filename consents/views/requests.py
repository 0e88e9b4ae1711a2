"""A team member asks; the patient answers; the asker learns only the outcome."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carecoord import zones
from consents import actions, lines, representing
from consents.access import OpenPatient, Request, open_patient, sharing
from consents.access import requests as asks
from consents.codes import PURPOSES
from consents.forms.ask import AskForm
from consents.forms.grant import PURPOSES_FOR
from consents.models import ConsentRequest
from consents.views.grant import answered_before
from providers.codes import PartyKind


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """For a member of the care team: a precise scope and a reason, once in 30 days."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.categories))
    opened.require(opened.patient.died_at is None)
    standing = asks.own_request(opened)
    form = _ask_form(opened, request.POST if request.method == "POST" else None)
    is_answered = representing.is_answered(opened.patient, opened.at)
    may_ask = is_answered and not standing
    if request.method == "POST" and may_ask and form.is_valid():
        _create(opened, form)
        messages.success(request, _("Asked. The patient has your request."))
        return redirect("consents:ask", patient_id=patient_id)
    context = {
        "opened": opened,
        "form": None if standing else form,
        "standing": standing,
        "is_answered": is_answered,
        "asked": zones.day_words(zones.today(standing.asked_at, _zone(request)))
        if standing
        else "",
        "shared": bool(opened.scope.categories),
        "granted": bool(standing and asks.is_shared(opened, standing)),
        "nothing_line": lines.nothing_shared(),
    }
    return render(request, "consents/ask.html", context)


def _ask_form(opened: OpenPatient, data) -> AskForm:
    kind = PartyKind(opened.party.kind)
    if opened.role is None:
        opened.refuse()
    return AskForm(data, needed=opened.role.categories, purposes=PURPOSES_FOR[kind])


def _create(opened: OpenPatient, form: AskForm) -> ConsentRequest:
    categories, purposes = form.masks()
    party = opened.party
    return actions.ask(
        patient=opened.patient,
        recipient=party,
        asked_by=party,
        categories=categories,
        purposes=purposes,
        reason=form.cleaned_data["reason"],
        at=opened.at,
    )


def _zone(request: Request) -> str:
    return request.user.time_zone


@require_http_methods(["GET", "HEAD", "POST"])
def answer(
    request: Request, patient_id: uuid.UUID, request_id: uuid.UUID
) -> HttpResponse:
    """The exact ask; share through the four pages, or refuse in one tap.

    Once it is answered, in another tab too, this is the way to the receipt.
    """
    opened = open_patient(request, patient_id)
    if done := asks.answer_to(opened, request_id):
        return answered_before(request, opened, done)
    asked = asks.open_request(opened, request_id)
    if request.method == "POST":
        consent = _refuse(request, opened, asked)
        return redirect(
            "consents:receipt", patient_id=patient_id, consent_id=consent.pk
        )
    zone = opened.patient.time_zone
    why = ", ".join(PURPOSES.words(asked.purposes))
    context = {
        "opened": opened,
        "ask": asked,
        "why": why,
        "asked": zones.day_words(zones.today(asked.asked_at, zone)),
        "role": sharing.role_of(opened, asked.asked_by),
    }
    return render(request, "consents/request.html", context)


def _refuse(request: Request, opened: OpenPatient, asked: ConsentRequest):
    """The answer "no" to this very scope. It blocks nothing before or after it."""
    day = zones.today(opened.at, opened.patient.time_zone)
    return actions.refuse(
        patient=opened.patient,
        terms=actions.Terms(
            recipient=asked.recipient,
            categories=asked.categories,
            labels=asked.labels,
            purposes=asked.purposes,
            starts_at=opened.at,
            ends_at=zones.end_of(zones.months_after(day, 12), opened.patient.time_zone),
        ),
        by=request.user,
        at=opened.at,
        request=asked,
        representative=opened.representative,
    )
