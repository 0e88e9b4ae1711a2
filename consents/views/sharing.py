"""Who can see what: the overview, one person, and what was kept back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from consents import actions, preview, representing
from consents.access import (
    Request,
    guests,
    kept_back,
    open_patient,
    representatives,
    sharing,
    talking,
)
from consents.access import requests as asks
from consents.told import is_bounded


@require_safe
def overview(request: Request, patient_id: uuid.UUID) -> HttpResponse:
    """One card for each person; what waits for an answer; what is kept back."""
    opened = open_patient(request, patient_id)
    everyone = sharing.people(opened)
    if opened.representative:
        context = {"opened": opened, "people": everyone}
        context["requests"] = asks.open_requests(opened)
        context["keeps_record"] = representing.keeps_record(opened)
        context["is_bounded"] = is_bounded(opened)
        return render(request, "consents/acting.html", context)
    context = {
        "opened": opened,
        "people": everyone,
        "acting": representatives.acting_now(opened),
        "requests": asks.open_requests(opened),
        "imported": actions.still_waiting(opened.patient).count(),
        "codes": sum(1 for code in guests.codes(opened) if code.works),
        "kept": kept_back.kept_back(opened),
        "talks": talking.said_for(opened, None),
        "nobody_shares": not any(each.scope.categories for each in everyone),
    }
    return render(request, "consents/overview.html", context)


@require_safe
def person(
    request: Request, patient_id: uuid.UUID, party_id: uuid.UUID
) -> HttpResponse:
    """What one person sees, by which permission; the way to change and to stop."""
    opened = open_patient(request, patient_id)
    if code := guests.code_of(opened, party_id):
        return redirect("consents:code", patient_id=patient_id, code_id=code.pk)
    card = sharing.person(opened, party_id)
    context = {
        "opened": opened,
        "person": card,
        "view": preview.current(patient=opened.patient, party=card.party, at=opened.at),
        "through": sharing.permits_through(opened, card.party),
    }
    return render(request, "consents/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(
    request: Request, patient_id: uuid.UUID, deny_id: uuid.UUID
) -> HttpResponse:
    """Ends "only me" on one item; says before what that means."""
    opened = open_patient(request, patient_id)
    kept = kept_back.kept_item(opened, deny_id)
    # To send on what waits is no word about what was kept back meanwhile.
    is_old = "waited" in request.POST and not kept.deny.waits
    if is_old:
        said = _("You kept this back in another window. Look at it again.")
        messages.warning(request, said)
    if request.method == "POST" and kept.item and not is_old:
        is_back = actions.hand_back(
            item=kept.item, by=request.user, at=opened.at, party=kept.deny.party
        )
        _say_what_became(request, kept, is_back=is_back)
        return redirect("consents:sharing", patient_id=patient_id)
    return render(request, "consents/give_back.html", {"opened": opened, "kept": kept})


def _say_what_became(
    request: Request, kept: kept_back.KeptBack, *, is_back: bool
) -> None:
    if not is_back:
        said = _(
            "It names something else that you keep back, so it stays with you. Give "
            "that back first."
        )
        messages.warning(request, said)
    elif kept.deny.waits:
        messages.success(request, _("Sent on. It follows your permissions now."))
    else:
        said = _("Given back. It follows your permissions again.")
        messages.success(request, said)
