""" "This looks wrong", and something about a clinician: sent, tracked, answered."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used, was_used
from consents import actions, reports
from consents.access import (
    OpenPatient,
    Request,
    open_patient,
    representatives,
    sharing,
)
from consents.access import reports as access
from consents.codes import ReportKind
from consents.forms.reports import ConductForm, ReportForm
from consents.models import PrivacyReport
from providers.models import Party


@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: Request, patient_id: uuid.UUID, party_id: uuid.UUID) -> HttpResponse:
    """ "This looks wrong": three answers, and a way to stop sharing at once."""
    opened = open_patient(request, patient_id)
    card = access.looker(opened, party_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    day = _day(request.GET.get("day"))
    if form.is_valid():
        said = _said(form, kind=ReportKind.LOOK, about=card.party, about_date=day)
        if sent := _sent(opened, form, said):
            return sent
    context = {"opened": opened, "person": card, "form": form, "day": day}
    context["acts"] = _acts(opened, card.party)
    return _page(request, "looks_wrong", form, context)


def _acts(opened: OpenPatient, party: Party) -> bool:
    """Whether they act or acted for the patient: that ends elsewhere."""
    acting = representatives.acting(opened)
    return any(each.row.party_id == party.pk and not each.waits for each in acting)


def _who_acts(opened: OpenPatient) -> list[Party]:
    """Who acts or acted for the patient, for the patient alone."""
    if not opened.is_patient:
        return []
    return list({each.row.party: None for each in representatives.acting(opened)})


@require_http_methods(["GET", "HEAD", "POST"])
def conduct(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """S71: something about a clinician: the patient, family, and who acts.

    It goes to the privacy officer. The clinician is told nothing, now or later.
    """
    opened = open_patient(request, patient_id)
    known = access.clinicians(opened) + _who_acts(opened)
    people = [(str(party.pk), party.name) for party in known]
    form = ConductForm(
        request.POST if request.method == "POST" else None, people=people
    )
    if form.is_valid():
        chosen = form.cleaned_data.get("who")
        about = next((each for each in known if str(each.pk) == chosen), None)
        said = _said(form, kind=ReportKind.CONDUCT, about=about)
        if sent := _sent(opened, form, said):
            return sent
    return _page(request, "report_conduct", form, {"opened": opened, "form": form})


def _page(request: Request, name: str, form: ReportForm, context: dict) -> HttpResponse:
    context |= _next_steps()
    status = 409 if was_used(form) else 200
    return render(request, f"consents/{name}.html", context, status=status)


def _said(form: ReportForm, *, kind: str, about, about_date: date | None = None):
    cleaned = form.cleaned_data
    return actions.Said(
        kind=kind,
        reason=cleaned["reason"],
        about=about,
        about_words="" if about else cleaned.get("about_words", ""),
        about_date=about_date,
        words=cleaned["words"],
        reach=cleaned["reach"],
    )


def _sent(
    opened: OpenPatient, form: ReportForm, said: actions.Said
) -> HttpResponse | None:
    """To the report; nothing where this form sent another one, or where there were
    too many for one day, which the form says.
    """
    by, key = opened.reading.user, form.cleaned_data["key"]
    patient = opened.patient
    try:
        row = actions.report(patient=patient, said=said, by=by, at=opened.at, key=key)
    except FormUsedError as used:
        say_used(form, reverse("consents:report", args=[patient.pk, used.item.pk]))
        return None
    except actions.RuleError as error:
        form.add_error(None, str(error))
        return None
    return redirect("consents:report", patient_id=patient.pk, report_id=row.pk)


@require_safe
def report_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """What this person reported, and how far each one is."""
    opened = open_patient(request, patient_id)
    rows = [_shown(row) for row in access.own_reports(opened)]
    context = {"opened": opened, "rows": rows}
    return render(request, "consents/report_list.html", context)


@require_safe
def report(
    request: Request, patient_id: uuid.UUID, report_id: uuid.UUID
) -> HttpResponse:
    """One report: what was sent, what happens next and by when, the answer."""
    opened = open_patient(request, patient_id)
    row = access.own_report(opened, report_id)
    context = {
        "opened": opened,
        "stop": _can_stop(opened, row),
        "is_checked": access.somebody_checks(row),
        **_shown(row),
        **_next_steps(),
    }
    return render(request, "consents/report.html", context)


def _shown(row: PrivacyReport) -> dict:
    words, tone = reports.STATES[row.state]
    return {"report": row, "state": words, "tone": tone}


def _can_stop(opened: OpenPatient, row: PrivacyReport) -> bool:
    """Whether the patient shares with the person now."""
    return bool(
        opened.is_patient and row.about and sharing.standing_permits(opened, row.about)
    )


def _next_steps() -> dict:
    return {"complaints": settings.JURISDICTION.complaints}


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None
