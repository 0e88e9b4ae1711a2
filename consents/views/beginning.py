"""With what the four pages of sharing begin: nothing, or something filled in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from consents import presets
from consents.access import OpenPatient, Request, imported, recipients, sharing
from consents.access import requests as asks
from consents.codes import Decision
from consents.drafts import Draft
from consents.views.log import uuid_of


def begun(request: Request, opened: OpenPatient) -> Draft:
    """From a person, an earlier permission, a request, or a file from elsewhere."""
    named = (
        (_again, request.GET.get("again")),
        (_asked, request.GET.get("request")),
        (_planned, request.GET.get("invitation")),
        (_imported, request.GET.get("imported")),
        (_to, request.GET.get("to")),
    )
    for draft_of, text in named:
        if pk := uuid_of(text):
            return draft_of(opened, pk)
    return Draft.new()


def not_again(request: Request, opened: OpenPatient) -> HttpResponse | None:
    """Back to the receipt, where "the same" would name what this reader is not told.

    Nor is it sealed into the form: a draft can be read by who carries it. With nobody
    named, "only these" would become anyone; with fewer topics it is not the same.
    """
    pk = uuid_of(request.GET.get("again"))
    old = sharing.consent(opened, pk) if pk else None
    if old is None or not (old.is_bounded or recipients.unnamed(opened, [old])):
        return None
    messages.warning(
        request,
        _(
            "This cannot be shared the same again from here: you may not be told all "
            "that it says. Share what you choose as something new."
        ),
    )
    return redirect("consents:receipt", opened.patient.pk, old.pk)


def _again(opened: OpenPatient, consent_id: uuid.UUID) -> Draft:
    """ "Share the same again": everything but the time is filled in.

    Of a permission only: the kinds of a "never" or of a "no" would stand there ticked,
    for the very one to whom nothing of them was to be shown.
    """
    old = sharing.consent(opened, consent_id)
    opened.require(old.decision == Decision.PERMIT)
    standing = old.revoked_at is None
    return Draft.new(
        recipient=str(old.recipient_id),
        supersedes=str(old.pk) if standing else "",
        categories=old.categories,
        labels=old.labels,
        purposes=old.purposes,
        # Only these, as before: sharing again must not let others tell too.
        disclosers=",".join(recipients.discloser_ids(old)),
    )


def _asked(opened: OpenPatient, request_id: uuid.UUID) -> Draft:
    """What somebody asks for. What has its own yes, nobody ticks for the patient."""
    ask = asks.open_request(opened, request_id)
    return Draft.new(
        recipient=str(ask.recipient_id),
        request=str(ask.pk),
        categories=ask.categories & ~presets.APART,
        purposes=ask.purposes,
    )


def _planned(opened: OpenPatient, invitation_id: uuid.UUID) -> Draft:
    """What the patient planned to share when they sent the invitation."""
    invitation, party = sharing.invited(opened, invitation_id)
    return Draft.new(
        recipient=str(party.pk),
        categories=invitation.categories,
        labels=invitation.labels,
        purposes=invitation.purposes,
    )


def _imported(opened: OpenPatient, draft_id: uuid.UUID) -> Draft:
    """A permission from another system, filled in; it is signed once."""
    one = imported.proposal(opened, draft_id)
    opened.require(one.can_be_signed and one.effect == "permit")
    return Draft.new(imported=str(one.pk), **one.fitted.answers)


def _to(opened: OpenPatient, party_id: uuid.UUID) -> Draft:
    return Draft.new(recipient=str(party_id))
