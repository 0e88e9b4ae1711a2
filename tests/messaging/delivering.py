"""What the tests of the outbox say often."""

from datetime import datetime, timedelta

import pytest
from django.core import mail as django_mail

from consents.codes import CATEGORIES
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.actions import timeline
from patients.codes import EventKind
from patients.models import TimelineEvent

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def letters(settings):
    """Mail stays in memory: what was handed over, in order."""
    settings.CARECOORD_MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    return django_mail.outbox


def sweep(at: datetime) -> dict[str, int]:
    return Sweep(now=lambda: at).run()


def change(patient, *, at: datetime, by=None, **fields) -> TimelineEvent:
    """A change of a medicine, through the action that every change goes through."""
    fields = {
        "kind": EventKind.MEDICINE_CHANGED,
        "title": "quetiapine 150 mg",
        "categories": CATEGORIES["medications"],
    } | fields
    return timeline.record_event(
        patient=patient, by=by or patient.user, at=at, **fields
    )


def told(about, channel: str = "in_app") -> list[str]:
    """First names of who was told of a row, by a notice that stands."""
    rows = Notice.objects.filter(about=about.pk, channel=channel, cancelled_at=None)
    emails = rows.values_list("user__email", flat=True)
    return sorted(email.partition("@")[0] for email in emails)


def to_whom(letters) -> list[str]:
    """First names of who got a mail, once for each."""
    return sorted(to.partition("@")[0] for letter in letters for to in letter.to)
