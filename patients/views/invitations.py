"""Invitations: send, open, accept, confirm."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from carecoord import lookalikes
from carecoord.clock import database_now
from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from carecoord.transactions import no_transaction
from consents import representing
from consents.access import Request
from consents.codes import CATEGORIES
from consents.models import ConsentRequest, Invitation
from patients import invitation_words as words
from patients.access import OpenPatient, open_patient
from patients.access import invitations as access
from patients.access.team import names
from patients.actions import invitations
from patients.actions.invitations import InvitationError
from patients.forms.invitations import (
    ConfirmForm,
    InviteForm,
    InvitePatientForm,
    VoiceCodeForm,
)
from patients.forms.welcome import ClinicianForm, RecordForm
from patients.views import which_page
from providers.codes import Profession
from providers.models import Practitioner
from providers.roles import ROLES

# Where the hash of the opened link waits while someone signs in or signs up.
IN_SESSION = "invitation"
# What says on a form which invitation it answers.
FIELD = "invitation"


# Sending ------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """A clinician or someone close is invited, by the patient or for them: one page."""
    opened = open_patient(request, patient_id)
    opened.require(representing.keeps_team(opened))
    form = InviteForm(request.POST or None)
    team = reverse("patients:team", args=[patient_id])
    context = {"form": form, "back_url": team, "to_patient": False, "opened": opened}
    if request.method == "POST" and form.is_valid() and _covered(opened, form):
        return _sent(
            request, context, patient=opened.patient, role=form.cleaned_data["role"]
        )
    return render(request, "patients/invite.html", context)


def _covered(opened: OpenPatient, form: InviteForm) -> bool:
    """Nobody plans for a patient what their document leaves out."""
    acting = opened.representative
    if acting is None or not form.categories & ~acting.categories:
        return True
    form.add_error("share", _("Your document does not cover all of this."))
    return False


@require_http_methods(["GET", "HEAD", "POST"])
def invite_patient(request: Request) -> HttpResponse:
    """A clinician invites a patient, who starts the record and decides."""
    practitioner = access.practitioner_of(request.user)
    if practitioner is None:
        raise Http404
    form = InvitePatientForm(request.POST or None)
    back = reverse("patients:list")
    context = {"form": form, "back_url": back, "to_patient": True}
    if request.method == "POST" and form.is_valid():
        role = words.ROLES_OF_PROFESSION[Profession(practitioner.profession)][0]
        return _sent(request, context, role=role)
    waiting = access.sent_by_clinician(request.user)
    at = request.reading.at
    context["waiting"] = [(one, one.state(at)) for one in waiting]
    return render(request, "patients/invite.html", context)


def _sent(request: Request, context: dict[str, Any], **more: Any) -> HttpResponse:
    """Sends, and shows link and code this one time."""
    form = context["form"]
    try:
        sent = invitations.invite(
            invitee=form.invitee,
            categories=form.categories,
            by=request.user,
            at=request.reading.at,
            key=form.cleaned_data["form_key"],
            **more,
        )
    except InvitationError as error:
        form.add_error(None, str(error))
        return render(request, "patients/invite.html", context)
    except FormUsedError:
        say_used(form, context["back_url"])
        return render(request, "patients/invite.html", context, status=409)
    if sent is None:
        messages.success(request, _("This invitation was sent already."))
        return redirect(context["back_url"])
    return render(request, "patients/invite_sent.html", context | {"sent": sent})


@require_POST
def cancel(
    request: Request, patient_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    """The patient takes an invitation back."""
    opened = open_patient(request, patient_id)
    invitation = access.own(opened, invitation_id)
    invitations.cancel(invitation=invitation, by=request.user, at=opened.at)
    messages.success(request, _("The invitation is canceled. Its link is closed."))
    return redirect("patients:team", patient_id=patient_id)


# Opening the link ---------------------------------------------------------------


@login_not_required
@require_safe
@no_transaction
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Keeps the link out of the address bar. Opening it uses nothing up."""
    request.session[IN_SESSION] = invitations.hash_of(token)
    request.session["invitation_due"] = reverse("patients:invitation_accept")
    return redirect("patients:invitation")


@login_not_required
@require_safe
@no_transaction
def invitation(request: HttpRequest) -> HttpResponse:
    """First name and role of whoever invites, and what this would share."""
    found = _opened_link(request)
    if found is None:
        return _over(request)
    return render(request, "patients/invitation.html", _about(found))


def _opened_link(request: HttpRequest) -> Invitation | None:
    return access.open_link(request.session.get(IN_SESSION, ""), database_now())


def _over(request: HttpRequest) -> HttpResponse:
    """The same page for used, ended, cancelled and never sent."""
    _forget(request)
    return render(request, "patients/invitation_over.html", status=404)


def _forget(request: HttpRequest) -> None:
    for key in (IN_SESSION, "invitation_due"):
        request.session.pop(key, None)


def _about(found: Invitation) -> dict[str, Any]:
    role = ROLES[found.role]
    return {
        "invitation": found,
        "first_name": words.first_name(found.sent_by.name),
        "role": words.role_words(found.role),
        "description": role.description,
        "is_clinician": not role.related,
        # Said without a name: whose record it is stays unsaid before anybody joins.
        "for_another": _is_for_another(found),
        "kinds": CATEGORIES.words(found.categories & CATEGORIES.mask(*role.categories)),
    }


def _is_for_another(found: Invitation) -> bool:
    """Whether somebody sent it who acts for the patient."""
    patient = found.patient
    return patient is not None and found.sent_by_id != patient.user_id


@login_not_required
@require_POST
@no_transaction
def not_me(request: HttpRequest) -> HttpResponse:
    """Closes the invitation and tells whoever sent it; shows nothing."""
    found = _opened_link(request)
    if found and which_page.is_of_another(request, found, FIELD):
        return redirect("patients:invitation")
    if found and which_page.is_unsaid(request, FIELD):
        return which_page.show(
            request, "patients/invitation.html", _about(found), FIELD
        )
    if found is not None:
        invitations.not_me(invitation=found, at=database_now())
    _forget(request)
    return redirect("patients:invitation_closed")


@login_not_required
@require_safe
@no_transaction
def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "patients/invitation_closed.html")


# Accepting ----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Request) -> HttpResponse:
    """Signed in: who you are, and yes. It opens nothing before it is confirmed."""
    request.session.pop("invitation_due", None)
    found = _opened_link(request)
    if found is None:
        return _over(request)
    if which_page.is_of_another(request, found, FIELD):
        return render(request, "patients/invitation_another.html", status=409)
    try:
        if found.is_to_patient:
            return _accept_as_patient(request, found)
        return _accept_for_team(request, found)
    except InvitationError as error:
        context = {"text": str(error)}
        return render(request, "patients/invitation_own.html", context, status=409)


def _accept_for_team(request: Request, found: Invitation) -> HttpResponse:
    form = None
    if not ROLES[found.role].related and not access.practitioner_of(request.user):
        form = ClinicianForm(request.POST or None)
    if not which_page.is_answered(request, FIELD, form):
        context = _about(found) | {"form": form}
        return which_page.show(
            request, "patients/invitation_accept.html", context, FIELD
        )
    invitations.accept_as_clinician(
        invitation=found,
        details=form.cleaned_data if form else None,
        by=request.user,
        at=request.reading.at,
    )
    _forget(request)
    wait = reverse("patients:invitation_wait", args=[found.pk])
    # A new clinician sets up the second factor first, and comes back here.
    request.session["invitation_due"] = wait
    return redirect(wait)


def _accept_as_patient(request: Request, found: Invitation) -> HttpResponse:
    patient = getattr(request.user, "patient", None)
    form = None if patient else RecordForm(request.POST or None)
    if not which_page.is_answered(request, FIELD, form):
        context = _about(found) | _clinician(access.practitioner_of(found.sent_by))
        template = "patients/invitation_doctor.html"
        return which_page.show(request, template, context | {"form": form}, FIELD)
    ask = _take_as_patient(request, found, form)
    _forget(request)
    request.user.refresh_from_db()
    return _to_sharing(request, ask)


def _take_as_patient(
    request: Request, found: Invitation, form: RecordForm | None
) -> ConsentRequest | None:
    at = request.reading.at
    if form:
        born = form.cleaned_data["birth_date"]
        return invitations.begin_and_accept(
            invitation=found, birth_date=born, by=request.user, at=at
        )
    return invitations.accept_as_patient(
        invitation=found, patient=request.user.patient, at=at
    )


def _to_sharing(request: Request, ask: ConsentRequest | None) -> HttpResponse:
    name = "consents:grant" if ask else "patients:team"
    address = reverse(name, args=[request.user.patient.pk])
    return redirect(f"{address}?request={ask.pk}" if ask else address)


def _clinician(practitioner: Practitioner | None) -> dict[str, Any]:
    if practitioner is None:
        raise Http404
    return {
        "clinician": practitioner.party.name,
        "profession": practitioner.get_profession_display(),
        "licence": words.licence_words(practitioner),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def wait(request: Request, invitation_id: uuid.UUID) -> HttpResponse:
    """Accepted: the patient confirms, or the code that they gave by voice does."""
    found = access.accepted_by(request.user, invitation_id)
    if found is None:
        raise Http404
    request.session.pop("invitation_due", None)
    state = found.state(request.reading.at)
    if state == "confirmed":
        return redirect("patients:chart", patient_id=found.patient_id)
    form = VoiceCodeForm(request.POST if request.method == "POST" else None)
    asked = request.method == "POST" and state == "accepted" and form.is_valid()
    if asked and _code_fits(request, found, form):
        return redirect("patients:chart", patient_id=found.patient_id)
    context = _about(found) | {"form": form, "state": state}
    return render(request, "patients/invitation_wait.html", context)


def _code_fits(request: Request, found: Invitation, form: VoiceCodeForm) -> bool:
    try:
        joined = invitations.enter_voice_code(
            invitation=found,
            code=form.cleaned_data["code"],
            by=request.user,
            at=request.reading.at,
        )
    except InvitationError as error:
        form.add_error("code", str(error))
        return False
    if joined is None:
        form.add_error("code", _("This is not the code. Ask the patient for it again."))
    return joined is not None


# Confirming ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(
    request: Request, patient_id: uuid.UUID, invitation_id: uuid.UUID
) -> HttpResponse:
    """ "Someone accepted as Dr. Lee, license not checked. Is this your doctor?" """
    opened = open_patient(request, patient_id)
    found = access.to_confirm(opened, invitation_id)
    if request.POST.get("answer") == "no":
        invitations.cancel(invitation=found, by=request.user, at=opened.at)
        messages.success(request, _("They were not let in. Nothing was shown to them."))
        return redirect("patients:team", patient_id=patient_id)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        related=ROLES[found.role].related,
        on_paper=access.maybe_on_paper(opened, found),
    )
    if form.is_valid():
        return _confirmed(opened, found, form)
    context = {"form": form, "opened": opened, **_who_accepted(found)}
    context["was_blocked"] = access.was_blocked(opened, found.acceptor)
    context["held_too"] = access.held_too(opened, found)
    context["looks_like"] = lookalikes.looks_like(
        found.acceptor.name, [found.to_name, *names(opened)]
    )
    return render(request, "patients/invitation_confirm.html", context)


def _confirmed(
    opened: OpenPatient, found: Invitation, form: ConfirmForm
) -> HttpResponse:
    invitations.confirm(
        invitation=found,
        by=opened.reading.user,
        at=opened.at,
        relationship=form.cleaned_data.get("relationship", ""),
        on_paper=form.same_as,
    )
    address = reverse("consents:grant", args=[opened.patient.pk])
    return redirect(f"{address}?invitation={found.pk}")


def _who_accepted(found: Invitation) -> dict[str, Any]:
    user = found.acceptor
    context = {
        "invitation": found,
        "name": user.name,
        "is_clinician": not ROLES[found.role].related,
        "invited_role": words.role_words(found.role),
        "same_address": found.to_address.lower() == user.email.lower(),
    }
    if not context["is_clinician"]:
        return context
    practitioner = access.practitioner_of(user)
    if practitioner is None:
        raise Http404
    role = words.role_for(found.role, practitioner.profession)
    joins_as = {"joins_as": words.role_words(role), "differs": role != found.role}
    return context | _clinician(practitioner) | joins_as
