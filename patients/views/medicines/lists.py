"""The list itself: for the patient, and for those it is shared with."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord import zones
from consents import lines, representing
from consents.access import Request
from consents.spoken import spoken_to
from patients import keepers
from patients import medicine_list as drawn
from patients.access import OpenPatient, open_patient
from patients.access.allergies import load_allergies
from patients.access.changes import load_change_rows
from patients.access.flags import FlagRows, load_checked, load_flags
from patients.access.medicines import kept_back, load_list
from patients.access.private_flags import unwarned
from patients.access.substances import load_substances, substances_seen_by
from patients.access.team import list_owner
from patients.actions import list_checks
from patients.change_page import changes_context
from patients.flag_page import MOST_DRAWN, flags_context
from patients.forms.flags import ReviewForm
from patients.models import ListConfirmation
from patients.supply_page import list_words, supply_context
from patients.today import today_of
from patients.views import pages
from patients.views.banner import acting_banner, saved_banner


@require_safe
def medicine_list(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """B2: the patient's own list, or what of it is shared with this reader."""
    opened = open_patient(request, patient_id)
    if opened.is_patient:
        context = own_context(opened, request)
        return render(request, "patients/medicines.html", context)
    context = shared_context(opened) | acting_banner(opened, request)
    return render(request, "patients/medicines_shared.html", context)


def list_context(opened: OpenPatient, *, zone: str = "") -> dict[str, Any]:
    """The rows and their words, the same for every reader of the same rows."""
    rows = load_list(opened)
    today = zones.today(opened.at, zone or opened.reading.user.time_zone)
    kept = kept_back(opened) if opened.is_patient else {}
    make: dict[str, Any] = {"entries": rows.entries, "today": today, "kept": kept}
    make["supply"] = list_words(opened, rows.current)
    current = drawn.cards(rows.current, **make)
    stopped = drawn.cards(rows.stopped, **make)
    entries = drawn.unconfirmed(rows.entries, shown=rows.statements, today=today)
    return {
        "opened": opened,
        "patient": opened.patient,
        "rows": rows,
        "today": today,
        "groups": drawn.grouped(current),
        "current": current,
        "taking": sum(card.is_taken for card in current),
        "stopped": stopped,
        "changed": drawn.changed_lately([*current, *stopped]),
        "unconfirmed": [entry for entry in entries if entry.row.answer_known],
        "own_words": [entry for entry in entries if not entry.row.answer_known],
        "allergies": load_allergies(opened),
        "substances": load_substances(opened),
    }


def flag_rows(opened: OpenPatient, context: dict[str, Any]) -> FlagRows:
    """The flags over the rows of the page, which are those of this reader."""
    checked = load_checked(
        opened,
        medicines=context["rows"],
        allergies=context["allergies"].items,
        substances=context["substances"],
    )
    return load_flags(opened, checked, most=MOST_DRAWN)


def own_context(opened: OpenPatient, request: Request) -> dict[str, Any]:
    context = list_context(opened)
    takes_none = bool(context["rows"].checked and context["rows"].checked.takes_none)
    flags = flag_rows(opened, context)
    return {
        **context,
        "flags": flags_context(opened, flags, private=unwarned(opened, flags)),
        **saved_banner(opened, request),
        "changes": changes_context(opened, load_change_rows(opened)),
        "supply": supply_context(opened, context["rows"].current),
        "due": today_of(context["rows"].current, on=context["today"]),
        "checked_for_me": context["rows"].checked
        and representing.written_by(opened, context["rows"].checked),
        "takes_none": takes_none and not context["current"],
        "shared_with": substances_seen_by(opened),
    }


def shared_context(opened: OpenPatient) -> dict[str, Any]:
    """For clinicians and family: headed as shared, never as complete."""
    context = list_context(opened)
    spoken = spoken_to(opened)
    return {
        **context,
        "choice": spoken.choice(),
        "nothing_shared": lines.nothing_shared() if _nothing(opened) else "",
        "heading": spoken.medicines_heading(len(context["current"])),
        "substances_line": _substances_line(opened, context["substances"]),
        "empty_line": spoken.none_of("medications", _("Medicines")),
        "keeps_line": keeps_line(opened),
        "may_keep": opened.decides("medications"),
        "checked_by": checked_by(opened, context["rows"].checked),
        "may_review": bool(opened.role and opened.role.licensed),
        "may_prescribe": bool(opened.role and opened.role.prescribes),
        "shows_list": opened.scope.has("medications"),
        "flags": flags_context(opened, flag_rows(opened, context)),
    }


def keeps_line(opened: OpenPatient) -> str:
    """ "The parent or guardian of Theo keeps this list."; to that parent "You keep".

    Where the team is not shared the patient keeps it, whoever does so beside them: a
    line that goes as soon as somebody else keeps the list would tell of somebody.
    """
    patient = opened.patient
    owner = list_owner(opened) if _may_know_keeper(opened) else None
    if owner is None and opened.representative and not patient.user_id:
        return _("You keep this list.") if opened.decides("medications") else ""
    name = owner.name if owner else keepers.keeper(patient, opened.at)
    return _("%(name)s keeps this list.") % {"name": name}


def _may_know_keeper(opened: OpenPatient) -> bool:
    """By the scope and never by the data, but for oneself."""
    if opened.is_patient or opened.scope.has("care_team"):
        return True
    return (
        opened.party_id is not None and opened.party_id == opened.patient.list_owner_id
    )


def _nothing(opened: OpenPatient) -> bool:
    return not opened.scope.categories


def checked_by(opened: OpenPatient, checked: ListConfirmation | None) -> str:
    """The patient, or whoever said it for them."""
    if checked is None:
        return ""
    return representing.said_by(
        opened.patient, checked.recorded_at, checked.recorded_by
    )


def _substances_line(opened: OpenPatient, rows: list) -> str:
    title = _("Alcohol, cannabis, nicotine")
    if not opened.scope.has("substances"):
        return spoken_to(opened).not_part_of(title)
    return "" if rows else spoken_to(opened).none_of("substances", title)


@require_http_methods(["GET", "HEAD", "POST"])
def list_check(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """ "This list is correct today": the open question first (SCREENS A2.10)."""
    opened = open_patient(request, patient_id)
    opened.require(opened.decides("medications"))
    if request.method != "POST":
        return render(request, "patients/medicines_check.html", {"opened": opened})
    list_checks.confirm(patient=opened.patient, by=request.user, at=opened.at)
    return redirect(list_address(opened) + "?checked=1")


@require_http_methods(["GET", "HEAD", "POST"])
def list_review(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """A clinician reviewed the list with the patient: its own row (SCREENS B12)."""
    opened = open_patient(request, patient_id)
    opened.require(bool(opened.role and opened.role.licensed))
    opened.require(opened.scope.has("medications"))
    disputes = sum(len(card.disputes) for card in list_context(opened)["current"])
    data = request.POST if request.method == "POST" else None
    form = ReviewForm(data, initial={"differences": disputes})
    if data is not None and form.is_valid():
        who = {"author": opened.party, "by": request.user, "at": opened.at}
        list_checks.review(patient=opened.patient, **form.cleaned_data, **who)
        messages.success(request, _("Saved. Your review stands on the list."))
        return redirect(list_address(opened))
    context = {"heading": _("I reviewed this list with the patient")}
    context |= {"caption": opened.patient.name, "button": _("Save review")}
    context |= {"lead": _("Ask first: what do you take that is not on this list?")}
    context |= {"back_url": list_address(opened)}
    return pages.show(request, "patients/medicines_question.html", [form], **context)


@require_http_methods(["POST"])
def takes_none(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """ "I take no medicines": a statement, only while the list is empty."""
    opened = open_patient(request, patient_id)
    opened.require(opened.is_patient)
    if not load_list(opened).current:
        list_checks.confirm(
            patient=opened.patient, by=request.user, at=opened.at, takes_none=True
        )
    return redirect(list_address(opened))


def list_address(opened: OpenPatient) -> str:
    return reverse("patients:medicines", args=[opened.patient.pk])
