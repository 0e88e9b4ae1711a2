"""Permissions from other systems: kept as drafts, thrown away. Nothing is shared."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.actions.terms import RuleError
from consents.fhir.reading import File
from consents.models import Consent, ImportedConsent

# Files come from anywhere, and each can hold a hundred rules.
MOST_WAITING = 100


@transaction.atomic
def keep_imported(
    *, patient, file: File, digest: str, by: User, at: datetime
) -> list[ImportedConsent]:
    """One draft for each rule of a file; those that wait already are not made again.

    Raises RuleError, and keeps nothing of the file, where too many would wait.
    """
    gate.lock(patient.pk)
    waiting = still_waiting(patient)
    if same := list(waiting.filter(digest=digest)):
        return same
    if waiting.count() + len(file.rules) > MOST_WAITING:
        raise RuleError(
            "Too many permissions wait for you. Sign some or throw some away first."
        )
    return ImportedConsent.objects.bulk_create(
        ImportedConsent(
            patient=patient,
            digest=digest,
            content=replace(rule, said=(*rule.said, *file.said)).as_text(),
            read_at=at,
            read_by=by,
        )
        for rule in file.rules
    )


@transaction.atomic
def drop_imported(*, draft: ImportedConsent, by: User, at: datetime) -> None:
    """Throws a draft away. A second time changes nothing."""
    ImportedConsent.objects.filter(pk=draft.pk, dropped_at=None).update(
        dropped_at=at, dropped_by=by
    )


def still_waiting(patient):
    """Neither signed, nor refused, nor thrown away."""
    return ImportedConsent.objects.filter(patient=patient, dropped_at=None).exclude(
        pk__in=Consent.objects.filter(patient=patient).values("pk")
    )
