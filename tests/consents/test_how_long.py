"""How long each thing of sharing lasts: just before its end, and just after it.

The clock of the tests stands, so each test goes to its moment by itself, and names the
number: one that is read from the code would follow whatever the code says.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.test import Client

from carecoord.clock import database_now
from consents import actions, decisions, log, representing, scopes, signing, windows
from consents.access import (
    Reading,
    emergency,
    open_for,
    open_page,
    oversight,
    requests,
    sharing,
)
from consents.access import guests as codes
from consents.codes import CATEGORIES
from consents.decisions import Reader
from consents.log import anchor
from consents.models import AccessRefusal, ReadingAlarm
from patients.models import Observation
from tests.cast import PASSWORD, permit
from tests.consents import guests
from tests.consents.test_decisions import condition
from tests.consents.test_emergency import state
from tests.consents.test_log import entry
from tests.consents.views.pages import text_of
from tests.messaging.delivering import change
from tests.patients import records

MOMENT, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
DAY = timedelta(days=1)


def around(bar: datetime) -> tuple[datetime, datetime, datetime]:
    return bar - SECOND, bar, bar + SECOND


def opened(user, patient, at, entrance="consents:sharing"):
    reading = Reading(user=user, entrance=entrance)
    reading.at = at
    return open_for(reading, patient.pk, writes=False)


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


# A permission -----------------------------------------------------------------------


def by_the_rule(cast, at):
    asked = Reader(cast.user("chidi").pk, "TREAT", at)
    return decisions.decide(cast.item, asked).permitted


def by_scope(cast, at):
    asked = Reader(cast.user("chidi").pk, "TREAT", at)
    return bool(scopes.scope(cast.amina.pk, asked).categories)


def on_the_card(cast, at):
    card = sharing.person(opened(cast.amina.user, cast.amina, at), cast.chidi.pk)
    return bool(card.scope.categories)


def that_counts(cast, at):
    amina = opened(cast.amina.user, cast.amina, at)
    return bool(sharing.permits_in_force(amina, cast.chidi))


# The rule, and each place that says in Python whether a permission counts.
FORMS = (by_the_rule, by_scope, on_the_card, that_counts)


@pytest.mark.django_db
@pytest.mark.security("T20")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_permission_counts_from_its_start_until_its_end(cast, form):
    cast.item = condition(cast)
    start, end = cast.at + DAY, cast.at + 2 * DAY
    permit(cast.amina, cast.chidi, at=cast.at, starts_at=start, ends_at=end)
    assert [form(cast, at) for at in around(start)] == [False, True, True]
    assert [form(cast, at) for at in around(end)] == [True, False, False]


@pytest.mark.django_db
def test_a_permission_is_said_to_end_soon_for_two_weeks(cast):
    consent = permit(cast.amina, cast.chidi, at=cast.at, ends_at=cast.at + 40 * DAY)
    for bar, words in (
        (consent.ends_at - 14 * DAY, ["sharing", "ends_soon", "ends_soon"]),
        (consent.ends_at, ["ends_soon", "ended", "ended"]),
    ):
        said = [windows.state_of(consent, at=at, zone="UTC") for at in around(bar)]
        assert [state.word for state in said] == words


@pytest.mark.django_db
@pytest.mark.security("T20")
def test_what_is_dated_is_shared_from_the_first_day_that_was_chosen(cast):
    first = cast.at - 100 * DAY
    permit(
        cast.amina,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES["measures"],
        items_from=first,
    )
    slept = [
        records.item(
            Observation, cast.amina, "measures", at, measure="sleep_hours", value=4
        )
        for at in around(first)
    ]
    asked = Reader(cast.user("chidi").pk, "TREAT", cast.at)
    shown = [decisions.decide(night, asked).permitted for night in slept]
    assert shown == [False, True, True]


@pytest.mark.django_db
@pytest.mark.security("T95")
def test_an_emergency_opens_the_changes_of_ninety_days(cast):
    state(cast)
    events = [change(cast.amina, at=at) for at in around(cast.at - 90 * DAY)]
    asked = Reader(cast.user("bram").pk, "ETREAT", cast.at)
    opens = [decisions.decide(event, asked).permitted for event in events]
    assert opens == [False, True, True]


# Codes, requests, cases, the log ----------------------------------------------------


@pytest.mark.django_db
@pytest.mark.security("T79")
def test_a_code_is_of_use_until_its_end_and_as_often_as_was_said(cast):
    born = {"birth_date": cast.amina.birth_date}
    for views in (1, 2):
        made = guests.make(cast.amina, at=cast.at, visits=views)
        uses = [guests.use(made.code, at=cast.at, **born) for _time in range(views + 1)]
        assert [bool(visit) for visit in uses] == [True] * views + [False]
    made = guests.make(cast.amina, at=cast.at, lasts=3 * DAY)
    for at, opens in zip(around(cast.at), (False, True, True), strict=True):
        assert bool(guests.use(made.code, at=at, source="203.0.113.8", **born)) == opens
    made = guests.make(cast.amina, at=cast.at, lasts=3 * DAY)
    end = cast.at + 3 * DAY
    for at, opens in zip(around(end), (True, False, False), strict=True):
        assert bool(guests.use(made.code, at=at, source="203.0.113.9", **born)) == opens


@pytest.mark.django_db
def test_the_patients_page_says_when_a_code_is_used_up(cast):
    made = guests.make(cast.amina, at=cast.at, visits=2)
    amina, said = opened(cast.amina.user, cast.amina, cast.at), []
    for _time in range(3):
        said.append(codes.code(amina, made.guest_code.pk).used_up)
        guests.use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    assert said == [False, False, True]


@pytest.mark.django_db
def test_a_note_is_new_that_came_after_the_last_visit(cast):
    made = guests.make(cast.amina, at=cast.at)
    visit = guests.use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    note = actions.write_note(visit=visit, text="x", at=cast.at)
    found = codes.codes(opened(cast.amina.user, cast.amina, cast.at))
    new = [codes.notes_since(found, since) for since in around(cast.at)]
    assert new == [[note], [], []]


@pytest.mark.django_db
def test_somebody_may_ask_again_on_the_thirtieth_day(cast):
    bar = cast.at + 30 * DAY
    given = {"patient": cast.amina, "recipient": cast.chidi, "asked_by": cast.chidi}
    given |= {"categories": CATEGORIES["goals"], "purposes": 1}
    actions.ask(at=cast.at, **given)
    for at, waits in zip(around(bar), (True, False, False), strict=True):
        chidi = opened(cast.user("chidi"), cast.amina, at, "consents:ask")
        assert bool(requests.own_request(chidi)) == waits
        again = actions.recently_asked(
            patient=cast.amina, recipient=cast.chidi, asked_by=cast.chidi, at=at
        )
        assert again == waits
    with pytest.raises(actions.RuleError, match="30 days"):
        actions.ask(at=bar - SECOND, **given)
    actions.ask(at=bar, **given)


@pytest.mark.django_db
@pytest.mark.security("T73")
@pytest.mark.parametrize(("seconds", "lines"), [(-1, 1), (0, 1), (1, 2)])
def test_a_page_is_noted_that_was_less_than_five_minutes_late(
    cast, settings, tmp_path, seconds, lines
):
    """It began before the last note, was written after it, and is noted next."""
    settings.ANCHOR_FILE = str(tmp_path / "heads.anchor")
    noted, at = cast.at + timedelta(hours=1), timedelta(seconds=seconds)
    log.write([entry(cast, cast.amina, 0)])
    anchor.note(at=noted, now=True)
    late = noted - timedelta(minutes=5) + at
    log.write([replace(entry(cast, cast.gus, 0), at=late), entry(cast, cast.amina, 61)])
    assert anchor.note(at=noted + timedelta(minutes=2), now=True) == lines
