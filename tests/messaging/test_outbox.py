"""An event, its notices, one mail: delivered from the database, once."""

from datetime import timedelta

import pytest
from django.core import mail as django_mail

from carecoord.models import OutgoingMail
from consents.codes import CATEGORIES
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.actions import timeline
from patients.codes import EventKind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]
TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def letters(settings):
    """Mail stays in memory: django.core.mail.outbox."""
    settings.CARECOORD_MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    django_mail.outbox = []
    return django_mail.outbox


def sweep(at):
    return Sweep(now=lambda: at).run()


def change(cast, *, at, by=None, **fields):
    fields = {
        "kind": EventKind.MEDICINE_CHANGED,
        "title": "quetiapine 150 mg",
        "categories": CATEGORIES["medications"],
    } | fields
    return timeline.record_event(
        patient=cast.amina, by=by or cast.amina.user, at=at, **fields
    )


def told(event, channel="in_app"):
    rows = Notice.objects.filter(event=event.pk, channel=channel, cancelled_at=None)
    return sorted(rows.values_list("user__name", flat=True))


def to_whom(letters):
    return sorted(address for letter in letters for address in letter.to)


def test_nobody_is_told_before_the_ten_minutes_are_over(cast, letters):
    event = change(cast, at=cast.at)
    sweep(cast.at + TEN_MINUTES - timedelta(seconds=1))
    assert told(event) == []
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["Dr. Bram Visser", "Dr. Jon Ortiz"]
    assert to_whom(letters) == ["bram@cast.example", "jon@cast.example"]


def test_a_second_sweep_tells_nobody_again(cast, letters):
    event = change(cast, at=cast.at)
    for seconds in range(5):
        sweep(cast.at + TEN_MINUTES + timedelta(seconds=seconds))
    assert len(told(event)) == 2
    assert len(letters) == 2
    assert not OutgoingMail.objects.filter(sent_at=None).exists()
