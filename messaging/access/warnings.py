"""What only the patient is told, about an entry that waits for their answer."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from consents.access import Reading
from consents.access.patient import open_for
from messaging.models import Notice
from patients.access.private_flags import unwarned_entry
from patients.codes import EventKind
from patients.models import MedicationRequest, TimelineEvent


def is_warning(event: TimelineEvent) -> bool:
    """Whether the patient has to read something before the first dose.

    A prescriber's entry goes badly with something that its author does not see. Asked
    as the patient, at delivery: the prescriber's own request does no work for it and
    takes no time by which it could be guessed.
    """
    if event.kind != EventKind.MEDICINE_PRESCRIBED or event.about is None:
        return False
    user = event.patient.user
    if user is None or not user.is_active:
        return False
    reading = Reading(user=user, entrance="patients:medicines")
    opened = open_for(reading, event.patient_id, writes=False)
    return unwarned_entry(opened, event.about)


def waiting_entries() -> QuerySet:
    return MedicationRequest.objects.standing().filter(
        adopted_at=None, set_aside_at=None
    )


def warnings(
    reading: Reading, notices: list[Notice]
) -> dict[uuid.UUID, tuple[str, str]]:
    """The words for the patient; nothing once the entry was answered."""
    waiting = set(
        waiting_entries()
        .filter(
            pk__in=[notice.about for notice in notices],
            patient__user_id=reading.user.pk,
        )
        .values_list("pk", flat=True)
    )
    return {
        notice.pk: (
            _("Read this before you take something new"),
            reverse("patients:medicines", args=[notice.patient_id]),
        )
        for notice in notices
        if notice.about in waiting
    }
