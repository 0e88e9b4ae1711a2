"""Which mails left because of a record, for the patient's list of who looked."""

from __future__ import annotations

from datetime import datetime

from consents.access import OpenPatient
from consents.mailed import Mailed
from messaging.codes import NoticeChannel
from messaging.models import Notice


def mails(opened: OpenPatient, before: datetime | None, limit: int) -> list[Mailed]:
    """One line for each mail that was handed over, however many notices it gathered."""
    rows = Notice.objects.filter(
        patient_id=opened.patient.pk,
        channel=NoticeChannel.EMAIL,
        mail__sent_at__isnull=False,
    )
    if before:
        rows = rows.filter(mail__sent_at__lt=before)
    found = (
        rows.order_by("-mail__sent_at")
        .values_list("mail_id", "mail__sent_at", "user__name")
        .distinct()
    )
    return [Mailed(at, name) for _mail, at, name in found[:limit]]
