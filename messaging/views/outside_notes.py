"""Notes from outside the team: the patient hands one on, and whoever may reads it."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from consents import lines
from consents.access import Request
from messaging.access import OpenPatient, open_patient, outside_notes
from messaging.forms.outside_notes import HandOnForm
from patients.access import audience
from patients.actions import outside_notes as actions


@require_safe
def outside_notes_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Every one that this reader may see, whole."""
    opened = open_patient(request, patient_id)
    context = {
        "opened": opened,
        "notes": outside_notes.load(opened),
        "choice": lines.choice(),
    }
    return render(request, "messaging/outside_notes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_on(
    request: Request, patient_id: uuid.UUID, note_id: uuid.UUID
) -> HttpResponse:
    """Who may read it, then the page that says who does now."""
    opened = open_patient(request, patient_id)
    note = outside_notes.to_hand_on(opened, note_id)
    if event := outside_notes.handed_on(opened, note):
        return redirect(_privacy_url(opened, event))
    form = HandOnForm(
        request.POST or None,
        team=[member for member, _reader in audience.readers(opened)],
        sees=_sees(opened, note),
    )
    if request.method == "POST" and form.is_valid():
        event = actions.hand_on(
            note=note, handed=form.handed(), by=request.user, at=opened.at
        )
        return redirect(f"{_privacy_url(opened, event)}?saved=1")
    context = {"opened": opened, "note": note, "form": form}
    return render(request, "messaging/hand_on.html", context)


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


def _privacy_url(opened: OpenPatient, event) -> str:
    address = [opened.patient.pk, "outside-note", event.pk]
    return reverse("patients:item_privacy", args=address)
