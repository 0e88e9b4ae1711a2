"""One medicine over time (B6), and who may see it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import zones
from carecoord.templatetags.zones import moment
from consents.access import Request
from consents.representing import in_words
from patients import medicine_list as drawn
from patients import medicine_words as words
from patients.access import audience, open_history, open_patient
from patients.access.changes import load_changes_of
from patients.access.medicines import load_own_medicine
from patients.access.private_flags import cost_of_hiding
from patients.access.side_effects import load_side_effects
from patients.change_page import watched_rows
from patients.models import MedicationStatement, Patient
from patients.side_effect_page import effects_context
from patients.views.medicines.lists import list_address
from patients.views.privacy import Subject, privacy_page


@require_safe
def medicine_history(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Started, each change, holds, stops: who, when, why. Only permitted versions."""
    opened = open_patient(request, patient_id)
    item, versions = open_history(opened, MedicationStatement, medicine_id)
    versions = _written(versions)
    today = zones.today(opened.at, opened.patient.time_zone)
    context = {
        "opened": opened,
        "patient": opened.patient,
        "item": item,
        "name": words.name_of(item),
        "card": drawn.Card(item, today),
        "events": timeline_events(versions, patient=opened.patient),
        "only_added": len(versions) < 2,
        "back_url": list_address(opened),
        "own": opened.is_patient,
        "may_keep": opened.decides("medications"),
        "watched": watched_rows(opened, load_changes_of(opened, item)),
        **effects_context(opened, load_side_effects(opened, [item.pk])),
    }
    return render(request, "patients/medicines_history.html", context)


def _written(versions: list) -> list:
    """Each version once, as it was written.

    A label changes who may see it and no word of it: that it came and went again is
    nobody's to read.
    """
    first = {version.version: version for version in versions}
    return [version for version in versions if version is first[version.version]]


def timeline_events(versions: list, *, patient: Patient) -> list[dict]:
    """Versions, newest first, as the timeline draws them."""
    before = [*versions[1:], None]
    return [
        _event(version.instance, earlier and earlier.instance, version)
        | {"who": in_words(patient, version.history_date, version.history_user)}
        for version, earlier in zip(versions, before, strict=True)
    ]


def _event(
    now: MedicationStatement, before: MedicationStatement | None, version: Any
) -> dict[str, Any]:
    day = zones.today(version.history_date, now.patient.time_zone)
    said = drawn.Card(now, day)
    return {
        "title": _what(now, before),
        "when": moment(version.history_date),
        "iso": version.history_date.isoformat(),
        "text": said.changed if now.last_change_text else said.line_text,
    }


def _what(now: MedicationStatement, before: MedicationStatement | None) -> str:
    """What this version did, in a few words."""
    if now.entered_in_error_at:
        return _("Taken off the list: added by mistake")
    if before is None:
        return _("Added: %(dose)s") % {"dose": words.dose_short(now.dosage)}
    if now.dosage != before.dosage:
        return words.change_text(before.dosage, now.dosage)
    if now.status != before.status:
        return f"{before.get_status_display()}, then {now.get_status_display()}"
    if now.unsure and not before.unsure:
        return _("Not sure of the dose")
    return _("Details put right")


@require_http_methods(["GET", "HEAD", "POST"])
def privacy(
    request: Request, patient_id: uuid.UUID, medicine_id: uuid.UUID
) -> HttpResponse:
    """Labels, "only me" and "not for …", on a medicine and all that is about it."""
    opened = open_patient(request, patient_id)
    item = load_own_medicine(opened, medicine_id)
    subject = Subject(
        item=item,
        name=words.name_of(item),
        title=_("Who can see a medicine"),
        sees=audience.who_sees_item(opened, item),
        pairs=cost_of_hiding(opened, item),
        back_url=reverse("patients:medicine_history", args=[patient_id, medicine_id]),
    )
    return privacy_page(request, opened, subject)
