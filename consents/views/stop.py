"""Stopping, "never", and lifting a "never"; each on its own page, in its own words."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carecoord import zones
from carecoord.form_keys import FormUsedError
from carecoord.forms import say_used
from consents import actions, preview, signing, texts, told, windows
from consents.access import (
    OpenPatient,
    Request,
    imported,
    open_patient,
    open_to_try,
    seen_before,
    sharing,
)
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.drafts import Draft
from consents.forms.stop import NeverForm, StopForm
from consents.models import Consent
from consents.views.grant import account_name, seal, sealed_draft
from providers.codes import PartyKind


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(
    request: Request, patient_id: uuid.UUID, target_id: uuid.UUID
) -> HttpResponse:
    """Stops every permission to one person. Over when the answer leaves."""
    opened = open_patient(request, patient_id)
    opened.require(opened.signs)
    party = sharing.stop_target(opened, target_id)
    through = sharing.permits_through(opened, party)
    posted = request.method == "POST"
    form = StopForm(request.POST if posted else None, through=through)
    if form.is_valid():
        return _stop(request, opened, party, form)
    context = {
        "opened": opened,
        "party": party,
        "form": form,
        "text": texts.stop_warning(
            recipient_name=party.name, comes_with_code=party.kind == PartyKind.GUEST
        ),
        "seen": _seen(opened, party),
        "back_url": _back(opened, party),
    }
    return render(request, "consents/stop.html", context)


def _seen(opened: OpenPatient, party) -> seen_before.AlreadySeen | None:
    """For the patient alone: the log is theirs."""
    return None if opened.representative else seen_before.already_seen(opened, party)


def _back(opened: OpenPatient, party) -> str:
    """Where this page was opened from."""
    if opened.representative:
        return reverse("consents:sharing", args=[opened.patient.pk])
    return reverse("consents:person", args=[opened.patient.pk, party.pk])


def _stop(request: Request, opened: OpenPatient, party, form: StopForm):
    ended = sharing.standing_permits(opened, party)
    parties = [party, *sharing.chosen(opened, form.cleaned_data.get("also", []))]
    for each in parties:
        actions.stop_sharing(
            only=told.known_permissions(opened),
            patient=opened.patient,
            recipient=each,
            by=request.user,
            at=opened.at,
            why=form.cleaned_data["why"],
        )
    messages.success(request, _("You stopped sharing."))
    if ended:
        return redirect(
            "consents:receipt", patient_id=opened.patient.pk, consent_id=ended[0].pk
        )
    return redirect(_back(opened, party))


@require_http_methods(["GET", "HEAD", "POST"])
def never(request: Request, patient_id: uuid.UUID, party_id: uuid.UUID) -> HttpResponse:
    """A signed "never": beats every permission, before and after it."""
    opened = open_patient(request, patient_id)
    card = sharing.person(opened, party_id)
    name = account_name(request, opened)
    if request.method != "POST":
        begun, initial = _never_begun(request, opened, card.party)
        form = NeverForm(account_name=name, initial=initial)
        return _never_page(request, opened, card, form, begun)
    draft = sealed_draft(request, opened)
    if draft is None:
        return redirect("consents:never", patient_id=patient_id, party_id=party_id)
    form = NeverForm(request.POST, account_name=name)
    if not form.is_valid():
        return _never_page(request, opened, card, form, draft)
    try:
        return _receipt(opened, _deny(request, opened, card.party, form, draft))
    except FormUsedError as used:
        say_used(form, _receipt_url(opened, used.item))
        return _never_page(request, opened, card, form, draft, status=409)


def _never_begun(request: Request, opened: OpenPatient, party) -> tuple[Draft, dict]:
    """Empty, or filled in with a "never" from another system."""
    pk = request.GET.get("imported", "")
    if not pk:
        return Draft.new(), {}
    one = imported.proposal(opened, pk)
    opened.require(one.can_be_signed and one.fitted.recipient == party)
    opened.require(one.effect == "deny")
    return Draft.new(imported=str(one.pk)), NeverForm.initial_of(**one.fitted.answers)


def _never_page(
    request, opened, card, form: NeverForm, draft: Draft, *, status: int = 200
):
    context = {
        "opened": opened,
        "person": card,
        "form": form,
        "draft": seal(request, opened, draft),
    }
    return render(request, "consents/never.html", context, status=status)


def _deny(request, opened, party, form: NeverForm, draft: Draft) -> Consent:
    categories, labels = form.masks()
    text = texts.never(
        patient_name=opened.patient.name,
        recipient_name=party.name,
        category_names=CATEGORIES.names(categories),
        label_names=LABELS.names(labels),
    )
    return actions.deny(
        patient=opened.patient,
        terms=_never_terms(opened, party, categories, labels),
        signature=signing.signature(
            name=form.cleaned_data["signed_name"],
            how=signing.how_signed_in(request),
            text=text,
        ),
        by=request.user,
        at=opened.at,
        key=uuid.UUID(draft.key),
        imported=imported.begun_from(opened, draft),
    )


def _never_terms(opened, party, categories: int, labels: int) -> actions.Terms:
    zone = opened.patient.time_zone
    far = zones.months_after(zones.today(opened.at, zone), 12 * windows.DENY_YEARS)
    return actions.Terms(
        recipient=party,
        categories=categories,
        labels=labels,
        purposes=PURPOSES.all,
        starts_at=opened.at,
        ends_at=zones.start_of(far, zone),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lift(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID
) -> HttpResponse:
    """Takes a "never" back. Shows first what the person would see again."""
    opened = open_to_try(request, patient_id)
    consent = sharing.standing_consent(opened, consent_id, decision="deny")
    party = consent.recipient
    if request.method == "POST":
        actions.revoke(consent=consent, by=request.user, at=opened.at)
        messages.success(request, _("Lifted. Your permissions count again."))
        return redirect("consents:person", patient_id=patient_id, party_id=party.pk)
    before = preview.current(patient=opened.patient, party=party, at=opened.at)
    after = preview.without(
        consents=[consent],
        patient=opened.patient,
        party=party,
        by=request.user,
        at=opened.at,
    )
    newly, _less = preview.difference(before, after)
    context = {"opened": opened, "consent": consent, "party": party, "newly": newly}
    return render(request, "consents/lift.html", context)


def _receipt(opened: OpenPatient, consent: Consent) -> HttpResponse:
    return redirect(_receipt_url(opened, consent))


def _receipt_url(opened: OpenPatient, consent: Consent) -> str:
    return reverse("consents:receipt", args=[opened.patient.pk, consent.pk])
