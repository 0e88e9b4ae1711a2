"""Notes from outside the team: the patient hands one on, and whoever may reads it."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consents.access import Request, guests
from consents.spoken import spoken_to
from messaging.access import OpenPatient, open_patient, open_to_try, outside_notes
from messaging.forms.outside_notes import HandOnForForm, HandOnForm
from patients.access import audience
from patients.actions import outside_notes as actions


@require_safe
def outside_notes_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every one that this reader may see, whole."""
    opened = open_patient(request, patient_id)
    context = {
        "opened": opened,
        "notes": outside_notes.load(opened),
        "choice": spoken_to(opened).choice(),
        "saved": "saved" in request.GET,
        "hands_on": guests.hands_on(opened),
    }
    return render(request, "messaging/outside_notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_on(
    request: Request, patient_id: uuid.UUID, note_id: uuid.UUID
) -> HttpResponse:
    """Who may read it, then the page that says who does now."""
    opened = open_to_try(request, patient_id)
    note = outside_notes.to_hand_on(opened, note_id)
    if event := outside_notes.handed_on(opened, note):
        return redirect(_after(opened, event))
    form = _form(request, opened, note)
    if request.method == "POST" and form.is_valid():
        event = actions.hand_on(
            note=note, handed=form.handed(), by=request.user, at=opened.at
        )
        return redirect(f"{_after(opened, event)}?saved=1")
    context = {"opened": opened, "note": note, "form": form}
    return render(request, "messaging/hand_on.html", context)


def _form(request: Request, opened: OpenPatient, note) -> HandOnForm | HandOnForForm:
    """Who reads it is the patient's to say; whoever acts says what it mentions."""
    data = request.POST if request.method == "POST" else None
    if opened.representative:
        return HandOnForForm(data)
    return HandOnForm(
        data,
        team=[member for member, _reader in audience.readers(opened)],
        sees=_sees(opened, note),
    )


def _sees(opened: OpenPatient, note) -> list[str]:
    """Who would read it if nothing were kept back. Nothing stays of the trial."""
    will, _will_not = audience.who_would_see(
        opened,
        lambda: actions.hand_on(
            note=note,
            handed=actions.HandedOn(),
            by=opened.reading.user,
            at=opened.at,
        ),
    )
    return will


def _after(opened: OpenPatient, event) -> str:
    """Who reads it now: for the patient; whoever acts finds it among the others."""
    if opened.representative:
        return reverse("messaging:outside_notes", args=[opened.patient.pk])
    address = [opened.patient.pk, "outside-note", event.pk]
    return reverse("patients:item_privacy", args=address)
