"""How long each thing of sharing lasts: just before its end, and just after it.

The clock of the tests stands, so each test goes to its moment by itself, and names the
number: one that is read from the code would follow whatever the code says.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.test import Client

from carecoord.clock import database_now
from consents import actions, representing, signing
from consents.access import emergency, open_page, oversight
from consents.models import AccessRefusal, ReadingAlarm
from tests.cast import PASSWORD
from tests.consents import guests
from tests.consents.test_emergency import state
from tests.consents.views.pages import text_of

MOMENT = timedelta(microseconds=1)


def later(**by: float) -> time_machine.travel:
    return time_machine.travel(database_now() + timedelta(**by), tick=False)


@pytest.mark.django_db
@pytest.mark.security("T82")
def test_an_officer_hears_of_the_same_person_once_an_hour(cast):
    bram, hour = cast.user("bram"), timedelta(hours=1)
    for at in (cast.at, cast.at + hour - MOMENT):
        actions.raise_alarm(user=bram, charts=60, at=at)
    actions.raise_alarm(user=cast.user("jon"), charts=60, at=cast.at)
    assert ReadingAlarm.objects.filter(user=bram).count() == 1
    actions.raise_alarm(user=bram, charts=60, at=cast.at + hour)
    assert ReadingAlarm.objects.filter(user=bram).count() == 2


@pytest.mark.django_db
@pytest.mark.security("T79")
def test_tries_that_are_spread_over_an_hour_count_together(cast):
    made = guests.make(cast.amina, at=cast.at)
    for number in range(5):
        guests.use(
            made.code,
            at=cast.at + timedelta(minutes=10 * number),
            birth_date=date(1950, 1, 1 + number),
            source=f"198.51.100.{number}",
        )
    right = {"birth_date": cast.amina.birth_date, "source": "203.0.113.1"}
    minute = timedelta(minutes=1)
    assert guests.use(made.code, at=cast.at + 59 * minute, **right) is None
    assert guests.use(made.code, at=cast.at + 60 * minute, **right)


@pytest.mark.django_db
@pytest.mark.security("T23")
@pytest.mark.parametrize(("seconds", "excused"), [(29, True), (31, False)])
def test_the_mark_of_an_open_page_excuses_for_half_a_minute(
    cast, demo, seconds, excused
):
    client = Client()
    client.force_login(cast.jon.user)
    client.get("/healthz")
    path = f"/patients/{cast.amina.pk}/summary/"
    shown = re.search(r'data-shown="([^"]+)"', text_of(client.get(path))).group(1)
    actions.stop_sharing(
        patient=cast.amina, recipient=cast.jon, by=cast.amina.user, at=cast.at
    )
    client.get(f"/still/?shown={shown}", headers={"X-Poll": "1"})
    mark = client.cookies[open_page.COOKIE]
    assert mark["max-age"] == 30
    with later(seconds=seconds):
        assert client.get(path).status_code == 404
    assert (AccessRefusal.objects.get().open_page is not None) == excused


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [299, 301])
def test_a_signature_asks_for_the_password_after_five_minutes(cast, rf, seconds):
    client = Client()
    login = {"login": cast.amina.user.email, "password": PASSWORD}
    client.post("/accounts/login/", login)
    request = rf.get("/")
    request.user, request.session = cast.amina.user, client.session
    assert signing.is_fresh(request)
    with later(seconds=seconds):
        assert signing.is_fresh(request) == (seconds <= 300)
    request.session = {}
    assert not signing.is_fresh(request)


@pytest.mark.django_db
@pytest.mark.security("T95")
def test_a_review_is_late_after_three_days(cast):
    state(cast, "bram")
    for at, late in ((3 * 24 * 60 - 1, False), (3 * 24 * 60, True)):
        moment = cast.at + timedelta(minutes=at)
        office = mock.Mock(at=moment, user=cast.ines)
        assert [line.is_late for line in emergency.office_lines(office)] == [late]


@pytest.mark.django_db
def test_asking_in_vain_is_a_pattern_within_a_week(cast):
    for patient in (cast.amina.pk, cast.gus.pk, cast.bram.pk):
        AccessRefusal.objects.create(
            user=cast.user("dana"),
            patient_id=patient,
            entrance="patients:chart",
            at=cast.at,
        )
    for days, found in ((timedelta(days=7) - MOMENT, 1), (timedelta(days=7), 0)):
        office = mock.Mock(at=cast.at + days, user=cast.ines)
        assert len(oversight.patterns(office)) == found


@pytest.mark.security("T93")
def test_an_age_begins_where_the_day_begins_first():
    """Fourteen hours ahead of UTC: in doubt, the child has had the birthday."""
    midnight = datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert representing.born_by(13, midnight) == date(2013, 11, 26)
    assert representing.born_by(13, midnight - MOMENT) == date(2013, 11, 25)
    own = representing.own_fields(date(2013, 11, 26), "NY")
    ages = {day.year - 2013 for day in own.values() if day}
    assert ages
    assert {(day.month, day.day, day.hour) for day in own.values() if day} == {
        (11, 25, 10)
    }


@pytest.mark.django_db
@pytest.mark.security("T81")
def test_the_numbers_of_a_session_are_those_of_the_design(settings):
    minute = 60
    assert 30 * minute == settings.SESSION_IDLE_SECONDS
    assert 12 * 60 * minute == settings.SESSION_COOKIE_AGE
    assert 5 * minute == settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
