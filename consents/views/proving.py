"""On the way to a signature: the password, where this session is older than 5 minutes.

A password is hashed outside of every transaction, so the page that signs does not check
it. The form is sent here first and goes on as it was sent (307): nothing that was typed
is lost, and the page that signs sees only whether the session is fresh.
"""

from __future__ import annotations

import uuid

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from carecoord.transactions import own_transaction
from consents.access import Request, open_patient, sharing

SAME_AGAIN = 307


@require_POST
@own_transaction
def prove(
    request: Request, patient_id: uuid.UUID, consent_id: uuid.UUID | None = None
) -> HttpResponse:
    """Notes the password if it is theirs; either way the form goes on to be signed."""
    with transaction.atomic():
        opened = open_patient(request, patient_id)
        if consent_id:
            sharing.consent(opened, consent_id)
    typed = request.POST.get("password", "")
    if _may_try(request, typed) and request.user.check_password(typed):
        reauthenticate_by_password(request)
    onward = HttpResponse(status=SAME_AGAIN)
    onward["Location"] = request.path.removesuffix("prove/")
    return onward


def _may_try(request: Request, typed: str) -> bool:
    """Ten times a minute, as for every other proof of who it is."""
    return bool(typed) and bool(
        ratelimit.consume(request, action="reauthenticate", user=request.user)
    )
