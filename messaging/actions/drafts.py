"""What is typed and not sent, and what an author has read before writing."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from messaging.models import SafetyNotice, UpdateDraft
from patients.models import Patient


@transaction.atomic
def save(
    *, patient: Patient, typed: dict[str, list[str]], by: User, at: datetime
) -> UpdateDraft:
    """Keeps what was typed, encrypted, one draft for an author and a patient."""
    text = json.dumps(typed)
    draft, _created = UpdateDraft.objects.update_or_create(
        author=by, patient=patient, defaults={"typed": text, "saved_at": at}
    )
    return draft


@transaction.atomic
def drop(*, patient: Patient, by: User) -> None:
    """After sending, or when the author starts again."""
    UpdateDraft.objects.filter(author=by, patient=patient).delete()


@transaction.atomic
def note_safety_notice(*, by: User, at: datetime) -> None:
    """The author read that updates are for non-urgent needs only."""
    SafetyNotice.objects.update_or_create(user=by, defaults={"read_at": at})
