"""Reports have a bound for a day; nothing that was typed is lost by it."""

from datetime import timedelta

import pytest

from consents.actions import reports
from consents.models import PrivacyReport
from tests.consents.views.pages import Pages, text_of

pytestmark = pytest.mark.usefixtures("demo")


@pytest.fixture
def two_a_day(monkeypatch):
    monkeypatch.setattr(reports, "MOST_A_DAY", 2)


def send(pages: Pages, cast, words: str) -> str:
    pages.get("looks_wrong", cast.bram.pk)
    return text_of(pages.send(reason="should_not", words=words))


def test_one_person_sends_only_so_many_in_a_day(amina, cast, two_a_day):
    for words in ("one", "two"):
        send(amina, cast, words)
    page = send(amina, cast, "CNRYthird")
    assert "This was not sent. You sent 2 reports in one day" in page
    assert "CNRYthird" in page
    assert PrivacyReport.objects.count() == 2


def test_the_next_day_there_is_room_again(amina, cast, two_a_day):
    for words in ("one", "two"):
        send(amina, cast, words)
    before = timedelta(days=1)
    for row in PrivacyReport.objects.all():
        at = row.reported_at - before
        PrivacyReport.objects.filter(pk=row.pk).update(reported_at=at)
    send(amina, cast, "three")
    assert PrivacyReport.objects.count() == 3
