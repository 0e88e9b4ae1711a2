"""What somebody else reports about a record is told to nobody through the mails of it.

Found: when the privacy officer answered what the patient's sister had reported, the
patient read under "who looked" that a notice was e-mailed to her, at that minute. She
sees nothing of the record, so nothing else is ever mailed to her about it.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client

from consents import actions
from consents.codes import ReportKind
from messaging import mailed
from tests.consents.views.pages import sign_in, text_of
from tests.messaging.delivering import letters, sweep, to_whom

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def _mails_named(cast, letters, *, by) -> str:
    """What the patient reads of mails once a report of `by` was answered."""
    said = actions.Said(ReportKind.CONDUCT, "other", words="CNRYreport")
    row = actions.report(
        patient=cast.amina, said=said, by=by, at=cast.at, key=uuid.uuid4()
    )
    actions.answer_report(
        report=row, outcome="unclear", words="Seen.", by=cast.ines, at=cast.at
    )
    for minutes in (1, 15, 30):
        sweep(cast.at + timedelta(minutes=minutes))
    assert by.email.partition("@")[0] in to_whom(letters)
    client = Client()
    sign_in(client, cast.user("amina"))
    return text_of(client.get(f"/patients/{cast.amina.pk}/sharing/log/?show=mails"))


@pytest.mark.security("T35", "T29")
def test_the_answer_to_a_report_of_somebody_else_is_in_no_list(cast, letters):
    assert "Hana Diallo" not in _mails_named(cast, letters, by=cast.user("hana"))


def test_the_test_of_that_fails_where_every_mail_is_listed(cast, letters, monkeypatch):
    monkeypatch.setattr(mailed, "_of_others_reports", lambda opened: Q(pk__in=[]))
    assert "Hana Diallo" in _mails_named(cast, letters, by=cast.user("hana"))


def test_the_answer_to_ones_own_report_is(cast, letters):
    assert "Amina Diallo" in _mails_named(cast, letters, by=cast.user("amina"))
