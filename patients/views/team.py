"""The care team: who helps, how to reach them, what they look after, what they see."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from carecoord.models import User
from consents import representing
from consents.access import Request, sharing
from patients import duties, team_page
from patients.access import OpenPatient, invitations, open_patient
from patients.access import team as access
from patients.actions import team as actions
from patients.forms.team import (
    PATIENT_KEEPS,
    Duties,
    ListOwnerForm,
    Numbers,
    PaperPersonForm,
)


@require_safe
def team(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """B9. The roster itself is shared or not, like everything else."""
    opened = open_patient(request, patient_id)
    roster = access.roster(opened)
    is_shared = opened.is_patient or opened.scope.has("care_team")
    context = {
        "opened": opened,
        "patient": opened.patient,
        "owner": access.list_owner(opened) if is_shared else None,
        "is_shared": is_shared,
        "duties": team_page.who_does_what(roster),
        "sees_all": access.sees_all(opened),
        "cards": team_page.cards(roster, []),
    }
    if representing.keeps_team(opened):
        context |= _own(opened, roster)
    return render(request, "patients/team.html", context)


def _own(opened: OpenPatient, roster: list) -> dict[str, Any]:
    sent = [(one, one.state(opened.at)) for one in invitations.of_patient(opened)]
    return {
        "keeps": True,
        "ends": representing.ends_memberships(opened),
        "cards": team_page.cards(roster, sharing.people(opened), access.names(opened)),
        "accepted": [one for one, state in sent if state == "accepted"],
        "invitations": [
            (one, state, _for_the_patient(opened, one.sent_by, one.sent_at))
            for one, state in sent
            if state != "accepted"
        ],
        "former": [
            (one, _for_the_patient(opened, one.ended_by, one.ended_at))
            for one in access.former(opened)
        ],
    }


def _for_the_patient(opened: OpenPatient, by: User | None, at: datetime | None) -> str:
    """ "Rosa, for Noor, as parent"; empty for what the patient did."""
    if by and by.pk == opened.patient.user_id:
        return ""
    return representing.in_words(opened.patient, at, by)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Somebody on paper only."""
    opened = open_patient(request, patient_id)
    opened.require(representing.keeps_team(opened))
    form = PaperPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.person
        actions.add_on_paper(
            patient=opened.patient, person=person, by=request.user, at=opened.at
        )
        messages.success(request, _("Saved, on paper only."))
        return _back(opened)
    context = {"form": form, "opened": opened, "heading": _("Add someone on paper")}
    return render(request, "patients/team_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(
    request: Request, patient_id: uuid.UUID, member_id: uuid.UUID
) -> HttpResponse:
    """What somebody looks after; and the numbers of somebody on paper."""
    opened = open_patient(request, patient_id)
    member = access.member(opened, member_id)
    form = _change_form(request, member)
    if request.method == "POST" and form.is_valid():
        _save_change(form, member, request)
        messages.success(request, _("Saved."))
        return _back(opened)
    heading = _("What %(name)s looks after") % {"name": member.party.name}
    context = {"form": form, "opened": opened, "heading": heading}
    # A tab names nobody.
    context["title"] = _("What somebody looks after")
    return render(request, "patients/team_form.html", context)


class _PaperForm(Numbers, Duties):
    """Numbers and duties together, for somebody on paper."""


def _change_form(request: Request, member) -> Duties:
    card = team_page.Card(member)
    initial = {
        "duties": sorted(duties.duties_in(member.owns)),
        "other_duties": duties.other_in(member.owns),
        "phone": card.phone,
        "after_hours_phone": card._card("after_hours_phone"),
    }
    kind = _PaperForm if card.on_paper else Duties
    return kind(request.POST or None, initial=initial)


def _save_change(form: Duties, member, request: Request) -> None:
    said = form.cleaned_data
    actions.give_duties(
        participant=member,
        chosen=said["duties"],
        other=said["other_duties"],
        by=request.user,
    )
    if "phone" in said:
        actions.change_paper_card(
            participant=member,
            phone=said["phone"],
            after_hours_phone=said["after_hours_phone"],
        )


@require_http_methods(["GET", "HEAD", "POST"])
def remove(
    request: Request, patient_id: uuid.UUID, member_id: uuid.UUID
) -> HttpResponse:
    """Ends membership and sharing together. Says before what stays."""
    opened = open_patient(request, patient_id)
    member = access.member(opened, member_id)
    if request.method == "POST":
        block = request.POST.get("how") == "block"
        actions.remove(participant=member, by=request.user, at=opened.at, block=block)
        messages.success(request, _("Off the care team. They see nothing from now on."))
        return _back(opened)
    context = {"opened": opened, "member": member, "card": team_page.Card(member)}
    return render(request, "patients/team_remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def list_owner(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """Who keeps the medicine list (S12)."""
    opened = open_patient(request, patient_id)
    roster = access.roster(opened)
    now: dict[uuid.UUID | None, str] = {one.party_id: str(one.pk) for one in roster}
    initial = now.get(opened.patient.list_owner_id, PATIENT_KEEPS)
    form = ListOwnerForm(request.POST or None, team=roster, initial={"owner": initial})
    if request.method == "POST" and form.is_valid():
        actions.name_list_owner(
            patient=opened.patient, party=form.party, by=request.user
        )
        messages.success(request, _("Saved. The name is on the list and on paper."))
        return _back(opened)
    context = {"form": form, "opened": opened, "heading": _("Your medicine list")}
    return render(request, "patients/team_form.html", context)


def _back(opened: OpenPatient) -> HttpResponse:
    return redirect(reverse("patients:team", args=[opened.patient.pk]))
