"""Permissions from other systems: kept as drafts, thrown away. Nothing is shared."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.fhir.reading import File
from consents.models import Consent, ImportedConsent


@transaction.atomic
def keep_imported(
    *, patient, file: File, digest: str, by: User, at: datetime
) -> list[ImportedConsent]:
    """One draft for each rule of a file; those that wait already are not made again."""
    gate.lock(patient.pk)
    waiting = list(still_waiting(patient).filter(digest=digest))
    if waiting:
        return waiting
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
