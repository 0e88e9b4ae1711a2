"""Which mails left because of a record, for the patient's list of who looked."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q

from consents import waits, withheld
from consents.access import OpenPatient
from consents.mailed import Mailed
from consents.models import CaseContent
from messaging.codes import NoticeChannel, NoticeKind
from messaging.models import Notice


def mails(opened: OpenPatient, before: datetime | None, limit: int) -> list[Mailed]:
    """One line for each mail that was handed over, however many notices it gathered."""
    rows = Notice.objects.filter(
        patient_id=opened.patient.pk,
        channel=NoticeChannel.EMAIL,
        mail__sent_at__isnull=False,
    ).exclude(_of_withheld_cases(opened) | _of_others_reports(opened))
    if before:
        rows = rows.filter(mail__sent_at__lt=before)
    found = (
        rows.order_by("-mail__sent_at", "-mail_id")
        .values_list("mail_id", "mail__sent_at", "user__name")
        .distinct()
    )
    return [Mailed(at, name) for _mail, at, name in found[:limit] if at]


def _of_withheld_cases(opened: OpenPatient) -> Q:
    """A mail because of a case tells of the case: it waits with the case's rows."""
    about = opened.patient.pk, opened.at
    found = _about_cases(withheld.suspended_cases(*about))
    for case_id, since in waits.hidden_cases(*about).items():
        found |= _about_cases([case_id]) & Q(mail__sent_at__gte=since)
    return Q(kind__in=(NoticeKind.CASE, NoticeKind.OFFICE)) & found


def _of_others_reports(opened: OpenPatient) -> Q:
    """What somebody else reported is theirs and the privacy officer's alone."""
    return Q(kind=NoticeKind.REPORT_ANSWERED) & ~Q(user=opened.reading.user)


def _about_cases(cases: list[uuid.UUID]) -> Q:
    contents = CaseContent.objects.filter(case__in=cases).values("pk")
    return Q(about__in=cases) | Q(about__in=contents)
