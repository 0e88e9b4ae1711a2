"""A team member asks the patient for a precise scope."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.actions.terms import RuleError, with_allergies
from consents.models import Consent, ConsentRequest
from consents.representing import is_answered
from providers.models import Party

REQUEST_AGAIN_AFTER_DAYS = 30
UNANSWERED = "A request cannot be answered here now. You can ask in person."


@transaction.atomic
def ask(
    *,
    patient,
    recipient: Party,
    asked_by: Party,
    categories: int,
    purposes: int,
    at: datetime,
    labels: int = 0,
    reason: str = "",
    held_item: uuid.UUID | None = None,
) -> ConsentRequest:
    """Asks the patient for a precise scope; the same ask at most once in 30 days.

    Raises RuleError when this person asked for this recipient within 30 days, after a
    death, and where nobody signs in or acts: nobody is there to answer.
    """
    gate.lock(patient.pk)
    if type(patient).objects.filter(pk=patient.pk, died_at__isnull=False).exists():
        raise RuleError("A death is recorded. Nothing is asked after it.")
    if not is_answered(patient, at):
        raise RuleError(UNANSWERED)
    if recently_asked(patient=patient, recipient=recipient, asked_by=asked_by, at=at):
        # Answered or not is not said: who asked learns only "shared" or "not shared".
        raise RuleError("You asked in the last 30 days. Ask again when they are over.")
    return ConsentRequest.objects.create(
        patient=patient,
        recipient=recipient,
        asked_by=asked_by,
        asked_at=at,
        categories=with_allergies(categories),
        labels=labels,
        purposes=purposes,
        reason=reason,
        held_item=held_item,
    )


def recently_asked(*, patient, recipient: Party, asked_by: Party, at: datetime) -> bool:
    return ConsentRequest.objects.filter(
        patient=patient,
        recipient=recipient,
        asked_by=asked_by,
        asked_at__gt=at - timedelta(days=REQUEST_AGAIN_AFTER_DAYS),
    ).exists()


@transaction.atomic
def answer_request(
    *, request: ConsentRequest, consent: Consent, by: User, at: datetime
) -> None:
    """Closes a request with the consent or the refusal that answered it."""
    ConsentRequest.objects.filter(pk=request.pk, answered_at=None).update(
        answered_at=at, answered_by=by, consent=consent
    )
