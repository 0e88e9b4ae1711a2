"""Which form signed which permission: each is signed once (carecoord/form_keys.py)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from carecoord import form_keys
from carecoord.form_keys import FormUsedError
from carecoord.models import User
from consents import gate
from consents.actions.terms import Terms
from consents.models import Consent, ImportedConsent


def of_form(patient) -> list[Any]:
    """What a form that signs is about; its answers may be about anybody."""
    return [Consent._meta.label, patient]


def signed_before(
    key: uuid.UUID | None,
    *,
    patient,
    decision: str,
    terms: Terms,
    text: str,
    by: User,
    at: datetime,
    also: Sequence[Any] = (),
    imported: ImportedConsent | None = None,
) -> tuple[uuid.UUID, Consent | None]:
    """The id of what this form signs, and what it signed before, behind the gate.

    A form without a key is new each time. Raises FormUsedError where it signed
    something else.
    """
    gate.lock(patient.pk)
    mine = Consent.objects.filter(patient=patient)
    if imported:
        return imported.pk, _made_of(
            mine.filter(pk=imported.pk).first(), decision, text
        )
    made = form_keys.item_id(
        key or uuid.uuid4(),
        of=of_form(patient),
        by=by,
        at=at,
        said=[decision, terms.recipient, text, *also],
    )
    return made, form_keys.saved_with(mine, made)


def _made_of(done: Consent | None, decision: str, text: str) -> Consent | None:
    """What was signed from a file: once, from whichever form."""
    if done and (done.decision, done.text) != (decision, text):
        raise FormUsedError(done)
    return done
