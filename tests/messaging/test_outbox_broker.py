"""The request never waits for the broker, because it never speaks to it (T64)."""

import ast
import contextlib
import threading
import time
import uuid
from datetime import date, timedelta
from pathlib import Path

import kombu
import pytest
from celery import Celery
from django.core.mail import send_mail
from django.core.management import call_command
from django.db import connection

from carecoord import settings as product
from carecoord.celery import app
from carecoord.models import OutgoingMail
from consents import actions as consents
from messaging import sweeping, tasks
from messaging.actions import acknowledgements
from messaging.models import Notice
from messaging.sweeping import Sweep
from tests.cast import permit
from tests.messaging.delivering import TEN_MINUTES, change, letters, sweep, told
from tests.messaging.test_routing import answer, send
from tests.smtp import closed_port

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]
ROOT = Path(__file__).resolve().parents[2]
APPS = ("carecoord", "providers", "consents", "patients", "messaging")
ENQUEUING = {"delay", "apply_async", "send_task", "delay_on_commit"}


# The configuration -----------------------------------------------------------------


def test_tasks_can_be_lost_and_repeated():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.task_ignore_result
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_soft_time_limit < app.conf.task_time_limit


def test_a_sweep_ends_before_the_limit_of_its_task(settings):
    slowest_mail = 10
    longest = len(Sweep.STAGES) * sweeping.STAGE_SECONDS + slowest_mail
    assert longest < app.conf.task_soft_time_limit


def test_a_task_is_over_long_before_redis_gives_it_to_another_worker():
    # The embedded queue has no such time; production has.
    source = (ROOT / "carecoord" / "settings.py").read_text()
    assert '"visibility_timeout": 3600' in source
    assert app.conf.task_time_limit * 10 < 3600


def test_beat_wakes_the_sweep_every_two_seconds_with_nothing_but_its_name():
    (entry,) = [
        entry
        for entry in app.conf.beat_schedule.values()
        if entry["task"] == tasks.sweep.name
    ]
    assert entry["schedule"] == 2.0
    assert not entry.get("args")
    assert not entry.get("kwargs")


def test_no_module_puts_anything_into_the_queue():
    """Beat alone does: whatever must happen is a row."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.func.attr}"
        for name in APPS
        for path in sorted((ROOT / name).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ENQUEUING
    ]
    assert found == []


# No connection ---------------------------------------------------------------------


@pytest.fixture
def no_broker(monkeypatch):
    """Whoever so much as makes a connection to a broker fails."""

    def refuse(*args, **kwargs):
        raise AssertionError("A connection to the broker was asked for.")

    monkeypatch.setattr(kombu.Connection, "__init__", refuse)


def test_the_guard_bites(no_broker):
    with pytest.raises(AssertionError, match="broker"):
        tasks.sweep.delay()


def write_everything(cast):
    """Each action that somebody is told of, and mail of the account."""
    amina = cast.amina.user
    permit(cast.amina, cast.chidi, at=cast.at)
    event = change(cast.amina, at=cast.at)
    update = send(cast, to=[cast.bram, cast.jon])
    rows = {row.party_id: row for row in update.recipients.all()}
    acknowledgements.acknowledge(
        row=rows[cast.jon.pk],
        choice=acknowledgements.Choice(plan="call_by", plan_date=date(2030, 1, 1)),
        by=cast.jon.user,
        at=cast.at,
    )
    answer(cast, update)
    consents.keep_back(item=event, by=amina, at=cast.at, party=cast.jon)
    consents.ask(
        patient=cast.amina,
        recipient=cast.jon,
        asked_by=cast.chidi,
        categories=16,
        purposes=2,
        at=cast.at,
    )
    consents.revoke(consent=cast.amina_to_jon, by=amina, at=cast.at)
    send_mail("Reset", "A link", None, ["bram@cast.example"])
    return event


@pytest.mark.security("T64")
def test_no_write_asks_for_the_broker_and_every_one_is_delivered(
    cast, no_broker, settings
):
    settings.EMAIL_BACKEND = product.EMAIL_BACKEND
    event = write_everything(cast)
    sweep(cast.at)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["bram", "chidi"]
    assert not OutgoingMail.objects.filter(sent_at=None, cancelled_at=None).exists()


@pytest.mark.usefixtures("demo", "no_broker")
def test_pages_that_write_ask_for_no_broker_either(client, cast, settings):
    settings.EMAIL_BACKEND = product.EMAIL_BACKEND
    client.force_login(cast.bram.user)
    assert client.post("/notices/seen/", {}).status_code == 302
    client.logout()
    answered = client.post("/accounts/password/reset/", {"email": "bram@cast.example"})
    assert answered.status_code == 302
    assert OutgoingMail.objects.filter(user=None).count() == 1


@pytest.mark.parametrize("how", ["refuses", "is silent"])
def test_with_a_dead_broker_nothing_waits(
    cast, silent_server, how, monkeypatch, settings
):
    """T64. The time is printed; only a wait for a time-out would fail."""
    settings.EMAIL_BACKEND = product.EMAIL_BACKEND
    url = (
        silent_server.redis_url
        if how == "is silent"
        else f"redis://127.0.0.1:{closed_port()}/0"
    )
    monkeypatch.setattr(app.conf, "broker_url", url)
    slowest = max(seconds_of(write, cast) for write in WRITES)
    print(f"a broker that {how}: the slowest write took {slowest:.3f} s")
    assert slowest < 2


WRITES = (
    lambda cast: change(cast.amina, at=cast.at),
    lambda cast: send(cast, to=[cast.bram, cast.jon]),
    lambda cast: permit(cast.amina, cast.chidi, at=cast.at),
    lambda cast: consents.revoke(
        consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at
    ),
    lambda cast: send_mail("Reset", "A link", None, ["bram@cast.example"]),
)


def seconds_of(write, cast):
    started = time.monotonic()
    write(cast)
    return time.monotonic() - started


@pytest.mark.slow
def test_a_request_that_published_would_hang_on_a_silent_broker(silent_server):
    """The vulnerable twin of the outbox: `.delay()` in the request."""
    twin = Celery("twin", broker=silent_server.redis_url)
    publishing = threading.Thread(target=publish, args=[twin], daemon=True, name="twin")
    publishing.start()
    publishing.join(2.5)
    assert publishing.is_alive(), "it returned, so it did not wait for the broker"


def publish(twin):
    with contextlib.suppress(OSError, kombu.exceptions.OperationalError):
        twin.send_task("twin.notify", [str(uuid.uuid4())], retry=False)


def test_the_sweep_needs_no_broker(cast, no_broker):
    event = change(cast.amina, at=cast.at)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["bram", "jon"]


def test_the_command_does_what_the_worker_does(cast, no_broker, capsys):
    event = change(cast.amina, at=cast.at - TEN_MINUTES)
    call_command("sweep")
    assert told(event) == ["bram", "jon"]
    assert "events: 1" in capsys.readouterr().out


def test_the_task_is_the_same_sweep(cast, no_broker):
    event = change(cast.amina, at=cast.at - TEN_MINUTES)
    tasks.sweep()
    assert told(event) == ["bram", "jon"]


# What stays behind in the database (T36) --------------------------------------------

CANARY = "CNRY7f3a"
STORES = ("messaging_notice", "carecoord_outgoingmail", "messaging_followed")


@pytest.mark.security("T36")
def test_the_outbox_holds_no_word_of_what_happened(cast, caplog):
    with caplog.at_level("DEBUG"):
        change(cast.amina, at=cast.at, title=CANARY, detail=CANARY)
        send(cast, to=[cast.bram], what_changed=f"Sleep is worse. {CANARY}")
        Sweep(now=lambda: cast.at + TEN_MINUTES).run()
    assert Notice.objects.count() > 4
    dumped = caplog.text + "".join(dump(table) for table in STORES)
    assert CANARY not in dumped
    for word in ("Amina", "Diallo", "Visser", "cast.example", "quetiapine"):
        assert word not in dumped


def dump(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return repr(cursor.fetchall())


@pytest.mark.security("T36")
def test_the_dump_bites(cast):
    assert "Amina" in dump("patients_patient")


def test_an_error_in_the_sweep_is_logged_without_its_text(cast, caplog, monkeypatch):
    change(cast.amina, at=cast.at)

    def dies(*args, **kwargs):
        raise ValueError(CANARY)

    monkeypatch.setattr("messaging.routing.whom", dies)
    sweep(cast.at + TEN_MINUTES + timedelta(seconds=1))
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text
