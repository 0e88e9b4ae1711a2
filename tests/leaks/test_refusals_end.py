"""Refused requests are noted within bounds, and what they say stays true.

Found: every one was a row for good, so whoever liked to filled the database with them.
"""

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consents.access import Reading, oversight, refusal_bounds
from consents.models import AccessRefusal
from tests.consents.views.pages import text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def asks(cast, who: str, patient_id, *, at, entrance="patients:chart") -> None:
    reading = Reading(user=cast.user(who), entrance=entrance)
    reading.at = at
    reading.refuse(patient_id)
    reading.write_refusals()


def noted(cast, who="dana") -> int:
    return AccessRefusal.objects.filter(user=cast.user(who)).count()


def _many(cast) -> int:
    """How many rows of Dana's 40 requests of a quarter of an hour there are."""
    for second in range(40):
        at = cast.at.replace(minute=15, second=second)
        asks(cast, "dana", cast.amina.pk, at=at)
    return noted(cast)


def test_the_same_again_and_again_is_noted_five_times(cast):
    assert _many(cast) == refusal_bounds.MOST_ALIKE


def test_the_test_of_that_fails_without_a_bound(cast, monkeypatch):
    monkeypatch.setattr(refusal_bounds, "MOST_ALIKE", 10**6)
    assert _many(cast) == 40


def fails(cast, *, at) -> None:
    reading = Reading(user=cast.user("chidi"), entrance="patients:chart")
    reading.at = at
    reading.asked.add(cast.amina.pk)
    reading.write_failures()


def test_what_goes_wrong_again_and_again_is_noted_five_times_a_quarter(cast):
    for second in range(40):
        fails(cast, at=cast.at.replace(minute=15, second=second))
    assert noted(cast, "chidi") == refusal_bounds.MOST_ALIKE
    fails(cast, at=cast.at.replace(minute=30))
    assert noted(cast, "chidi") == refusal_bounds.MOST_ALIKE + 1
    # What was refused counts for itself: neither hides the other.
    asks(cast, "chidi", cast.amina.pk, at=cast.at.replace(minute=30))
    assert noted(cast, "chidi") == refusal_bounds.MOST_ALIKE + 2


def test_another_page_person_record_or_quarter_is_noted_all_the_same(cast):
    at = cast.at.replace(minute=14, second=59)
    for _ in range(9):
        asks(cast, "dana", cast.amina.pk, at=at)
    before = noted(cast)
    asks(cast, "dana", cast.amina.pk, at=at, entrance="patients:summary")
    asks(cast, "dana", cast.gus.pk, at=at)
    asks(cast, "dana", cast.amina.pk, at=at + timedelta(seconds=1))
    asks(cast, "chidi", cast.amina.pk, at=at)
    assert (before, noted(cast), noted(cast, "chidi")) == (5, 8, 1)


@pytest.mark.security("T05")
def test_each_day_is_told_to_the_patient_and_each_page_to_the_officer(cast):
    """Midnight falls on a quarter of an hour in every zone."""
    cast.amina.time_zone = "Asia/Kathmandu"
    cast.amina.save()
    midnight = cast.at.replace(hour=18, minute=15, second=0, microsecond=0)
    for seconds in (-2, -1, 0, 1):
        for _ in range(6):
            at = midnight - timedelta(days=2) + timedelta(seconds=seconds)
            asks(cast, "chidi", cast.amina.pk, at=at)
    client = Client()
    client.force_login(cast.user("amina"))
    log = client.get(f"/patients/{cast.amina.pk}/sharing/log/")
    assert text_of(log).count("A page not shared with Chidi Okafor was requested.") == 2
    officer = mock.Mock(at=cast.at, user=cast.ines)
    rows, _more = oversight.refusals(officer, user_id=None, before=None)
    assert {row.place for row in rows} and len(rows) == 10


@pytest.mark.security("T05")
def test_a_record_that_is_none_costs_the_same_statements(cast):
    client = Client()
    client.force_login(cast.user("dana"))
    client.get(f"/patients/{cast.amina.pk}/")

    def statements(patient_id) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/patients/{patient_id}/").status_code == 404
        return len(caught)

    none = uuid.uuid4()
    first = (statements(cast.gus.pk), statements(none))
    for _ in range(6):
        last = (statements(cast.gus.pk), statements(none))
    assert first[0] == first[1] and last[0] == last[1]


@pytest.mark.security("T05", "T82")
def test_whoever_asks_for_all_that_there_may_be_gets_no_other_answer(cast, monkeypatch):
    """The same for a record that is none; what is shared with them still opens."""
    monkeypatch.setattr(refusal_bounds, "MOST_IN_A_DAY", 3)
    client = Client()
    client.force_login(cast.user("jon"))
    for _ in range(3):
        assert client.get(f"/patients/{uuid.uuid4()}/").status_code == 404
    answers = [client.get(f"/patients/{pk}/") for pk in (cast.gus.pk, uuid.uuid4())]
    assert [page.status_code for page in answers] == [429, 429]
    assert "not shared with you" in answers[0].content.decode()
    assert noted(cast, "jon") == 3
    assert client.get(f"/patients/{cast.amina.pk}/").status_code == 200
