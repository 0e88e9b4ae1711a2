"""One transaction for each clinical page, disclosures last, nothing from a failure."""

import logging
import time
from datetime import timedelta
from unittest import mock

import pytest
from django.conf import settings as product
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consents import entrances, gate, log
from consents.codes import CATEGORIES
from consents.models import AccessRefusal, Disclosure
from patients.models import Condition
from tests.carecoord import pages
from tests.patients import records

CANARY = "CNRYcondition7f3a"


@pytest.fixture(autouse=True)
def site(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.carecoord.pages"
    settings.DEMO = True
    for name, line in pages.ENTRANCES.items():
        monkeypatch.setitem(entrances._table, name, line)
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def item(cast):
    return records.item(Condition, cast.amina, "conditions", cast.at, name=CANARY)


@pytest.fixture
def ask(cast, item):
    """`ask("bram", "raises/")`: what a browser gets, errors as pages."""

    def asked(who: str, place: str, method: str = "get", **options):
        client = Client(raise_request_exception=False)
        client.force_login(cast.user(who))
        return getattr(client, method)(f"/t/{cast.amina.pk}/{place}", **options)

    return asked


def was_written(cast) -> bool:
    cast.amina.refresh_from_db()
    return cast.amina.goes_by == "written"


# What commits, and what does not ----------------------------------------------


@pytest.mark.parametrize(
    ("place", "status"),
    [("raises/", 500), ("absent/", 404), ("late/", 500), ("500/", 500), ("503/", 503)],
)
def test_a_failed_page_leaves_nothing_behind(cast, ask, place, status):
    answer = ask("bram", place)
    assert answer.status_code == status
    assert not was_written(cast)
    assert not Disclosure.objects.exists()


@pytest.mark.security("T14", "T39")
@pytest.mark.parametrize("place", ["raises/", "absent/", "late/"])
def test_a_failed_page_shows_nothing_of_what_it_read(ask, place):
    assert CANARY.encode() not in ask("bram", place).content


@pytest.mark.parametrize("status", [200, 302, 409, 422])
def test_an_answer_that_is_returned_commits(cast, ask, status):
    assert ask("bram", f"{status}/").status_code == status
    assert was_written(cast)
    assert Disclosure.objects.get().user == cast.user("bram")


def test_a_page_never_streams(cast, ask):
    assert ask("bram", "streams/").status_code == 500
    assert not was_written(cast)
    assert not Disclosure.objects.exists()


def test_the_next_request_starts_clean(cast, ask):
    ask("bram", "raises/")
    assert ask("bram", "200/").status_code == 200
    assert was_written(cast)


# The log ------------------------------------------------------------------------


def test_the_disclosure_is_the_last_thing_that_a_page_writes(cast, ask):
    with CaptureQueriesContext(connection) as queries:
        ask("bram", "200/")
    mine = [query["sql"] for query in queries if "django_session" not in query["sql"]]
    written = next(
        index
        for index, sql in enumerate(mine)
        if sql.startswith('INSERT INTO "consents_disclosure"')
    )
    after = [sql.split()[0] for sql in mine[written + 1 :]]
    assert after[0] == "UPDATE" and "disclosurehead" in mine[written + 1]
    assert set(after[1:]) <= {"RELEASE", "SAVEPOINT", "COMMIT"}
    # The page's own work is done before the head of the chain is locked.
    read = max(i for i, sql in enumerate(mine) if "patients_condition" in sql)
    assert read < written


@pytest.mark.security("T14")
@pytest.mark.parametrize("error", [DatabaseError("full"), RuntimeError("broken")])
def test_content_that_cannot_be_logged_is_not_shown(cast, ask, error):
    with mock.patch.object(log, "write", side_effect=error):
        answer = ask("bram", "200/")
    assert answer.status_code == 500
    assert CANARY.encode() not in answer.content
    assert not was_written(cast)


def test_the_patient_reads_even_if_the_log_is_broken(cast, ask):
    with mock.patch.object(log, "write", side_effect=DatabaseError("full")):
        answer = ask("amina", "200/")
    assert answer.status_code == 200
    assert CANARY.encode() in answer.content
    assert was_written(cast)


def test_a_broken_log_statement_does_not_take_the_patients_page_down(cast, ask):
    """The failed statement is rolled back alone: the page's own writes stand."""

    def fails(entries):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO no_such_table VALUES (1)")

    with mock.patch.object(log, "write", side_effect=fails):
        assert CANARY.encode() in ask("amina", "200/").content
    assert was_written(cast)


def test_a_refusal_is_logged_after_the_read_was_rolled_back(cast, ask):
    assert ask("dana", "200/").status_code == 404
    assert not was_written(cast)
    refusal = AccessRefusal.objects.get()
    assert refusal.user == cast.user("dana")
    assert refusal.patient_id == cast.amina.pk
    assert refusal.entrance == "t_answers"


@pytest.mark.security("T14")
def test_an_entrance_without_a_line_is_absent_for_everyone(cast, ask):
    for who in ("amina", "bram", "dana"):
        assert ask(who, "no-line/200/").status_code == 404, who
    assert not Disclosure.objects.exists()


def test_the_purpose_is_never_taken_from_the_client(cast, ask):
    ask(
        "bram",
        "200/?purpose=ETREAT&as=amina",
        headers={"X-Purpose": "ETREAT"},
    )
    row = Disclosure.objects.get()
    assert (row.purpose, row.relation) == ("TREAT", "clinician")


# Modes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "more"),
    [("clinical", 1), ("own", 0), ("none", 0), ("account", 0)],
)
def test_a_page_runs_in_the_transaction_it_asks_for(cast, place, more):
    client = Client()
    client.force_login(cast.user("bram"))
    here = len(connection.atomic_blocks)
    assert int(client.get(f"/t/{place}/").content) - here == more


def test_nobody_who_is_not_signed_in_opens_a_transaction(db):
    with CaptureQueriesContext(connection) as queries:
        assert Client().get("/t/clinical/").status_code == 302
    assert [query["sql"] for query in queries] == []


# Sessions -----------------------------------------------------------------------


@pytest.fixture
def bram(cast):
    client = Client()
    client.force_login(cast.user("bram"))
    client.get("/t/clinical/")
    return client


def age(client: Client, **back: int) -> None:
    """Makes the session older: seconds to take off each of its times."""
    session = client.session
    for name, seconds in back.items():
        session[name] = int(time.time()) - seconds
    session.save()


@pytest.mark.security("T81")
def test_half_an_hour_of_nothing_signs_out(bram):
    age(bram, seen_at=product.SESSION_IDLE_SECONDS - 60)
    assert bram.get("/t/clinical/").status_code == 200
    age(bram, seen_at=product.SESSION_IDLE_SECONDS + 1)
    assert bram.get("/t/clinical/").url == "/signed-out/"
    assert "_auth_user_id" not in bram.session


def test_twelve_hours_of_work_sign_out(bram):
    age(bram, started_at=12 * 3600 + 1, seen_at=1)
    assert bram.get("/t/clinical/").url == "/signed-out/"


@pytest.mark.security("T81")
def test_polling_does_not_keep_anyone_signed_in(bram):
    age(bram, seen_at=600)
    bram.get("/t/clinical/", headers={"X-Poll": "1"})
    assert time.time() - bram.session["seen_at"] >= 600
    bram.get("/t/clinical/")
    assert time.time() - bram.session["seen_at"] < 60


@pytest.mark.security("T16", "L18")
def test_a_closed_account_is_out_at_its_next_request(cast, bram):
    user = cast.user("bram")
    user.is_active = False
    user.save()
    assert bram.get("/t/clinical/").url.startswith("/accounts/login/")


@pytest.mark.security("T16", "L18")
def test_a_membership_that_ended_is_over_at_the_next_request(cast, ask):
    from consents import actions

    assert ask("bram", "200/").status_code == 200
    actions.leave(
        participant=cast.amina.care_team.get(party=cast.bram),
        by=cast.amina.user,
        at=cast.at,
        reason="left",
    )
    assert ask("bram", "200/").status_code == 404


def test_what_was_shared_is_over_at_the_next_request(cast, ask):
    from consents import actions

    assert CANARY.encode() in ask("bram", "200/").content
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    assert CANARY.encode() not in ask("bram", "200/").content


def test_a_consent_ends_with_its_last_instant(cast, ask):
    from consents.access import Reading

    assert CANARY.encode() in ask("bram", "200/").content
    end = cast.amina_to_bram.ends_at
    for at, seen in ((end - timedelta(microseconds=1), True), (end, False)):
        with mock.patch.object(Reading, "at", at):
            assert (CANARY.encode() in ask("bram", "200/").content) is seen


@pytest.mark.parametrize(
    ("who", "stopped"),
    [("bram", True), ("edo", True), ("ines", True), ("amina", False), ("hana", False)],
)
def test_clinicians_and_staff_need_a_second_factor(cast, settings, who, stopped):
    settings.DEMO = False
    client = Client()
    client.force_login(cast.user(who))
    answer = client.get("/t/clinical/")
    assert (answer.status_code == 302) is stopped
    if stopped:
        assert answer.url == "/accounts/2fa/totp/activate/"


def test_crisis_help_needs_no_second_factor(cast, settings):
    settings.DEMO = False
    client = Client()
    client.force_login(cast.user("bram"))
    assert client.get("/crisis/").status_code == 200


def test_a_mask_that_a_page_shows_is_logged_with_it(cast, ask, item):
    ask("bram", "200/")
    row = Disclosure.objects.get()
    assert row.categories == CATEGORIES["conditions"]
    assert row.items == [["patients.condition", str(item.pk), item.version]]
    assert row.consents == [str(cast.amina_to_bram.pk)]
    assert row.epoch == gate.epoch_of(cast.amina.pk)
