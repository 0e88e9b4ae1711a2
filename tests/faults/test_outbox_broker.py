"""Real workers with a real Redis that forgets, dies, freezes, or never answers.

What must happen is a row in PostgreSQL; Redis only wakes the workers (T36, T62-T64).
"""

import http.cookiejar
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from celery import Celery
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from carecoord import processes
from carecoord import settings as product
from carecoord.healthcheck import KEY_HEADER, key_of
from carecoord.models import OutgoingMail
from messaging.models import Notice
from patients.models import TimelineEvent
from tests import running
from tests.cast import PASSWORD
from tests.faults import harness
from tests.messaging.delivering import TEN_MINUTES, change
from tests.smtp import MailServer

pytestmark = [
    pytest.mark.faults,
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
]
NUMBER = 40
CANARY = "CNRY7f3a"


@pytest.fixture
def server():
    with MailServer() as found:
        yield found


@pytest.fixture
def env(redis_server, server, tmp_path, cast):
    return harness.environment(
        tmp_path, broker=redis_server.url, smtp=f"smtp://127.0.0.1:{server.port}"
    )


@contextmanager
def workers(folder, env, *names):
    commands = {"worker": harness.worker(env), "beat": harness.beat()}
    with running.Running(folder, env) as found:
        for name in names:
            found.start(name, commands[name])
        yield found


def due(cast, number=NUMBER, **fields):
    for _ in range(number):
        change(cast.amina, at=timezone.now() - TEN_MINUTES, **fields)
    return TimelineEvent.objects.filter(patient=cast.amina)


def wait_until_told(seconds, *, people=2):
    started = time.monotonic()
    running.wait_until(
        lambda: (
            not TimelineEvent.objects.filter(fanned_out_at=None).exists()
            and not OutgoingMail.objects.filter(sent_at=None).exists()
            and OutgoingMail.objects.count() == people
        ),
        seconds=seconds,
        says=lambda: f"{waiting()} were still waiting",
    )
    return time.monotonic() - started


def waiting():
    return TimelineEvent.objects.filter(fanned_out_at=None).count()


def each_told_once(server, number=NUMBER):
    assert Notice.objects.filter(channel="in_app", kind="event").count() == 2 * number
    assert len(server.received) == len(set(server.ids())) == 2


def publish(url, times):
    """What beat does, without beat."""
    app = Celery("beat", broker=url)
    for _ in range(times):
        app.send_task("messaging.tasks.sweep")
    app.close()


def test_the_same_task_four_times_in_two_workers_tells_everybody_once(
    cast, redis_server, env, server, tmp_path
):
    due(cast)
    publish(redis_server.url, 4)
    with workers(tmp_path, env, "worker", "beat"):
        wait_until_told(90)
    each_told_once(server)


@pytest.mark.security("T63")
def test_a_redis_that_forgot_everything_loses_nothing(
    cast, redis_server, env, server, tmp_path
):
    """T63."""
    due(cast)
    publish(redis_server.url, NUMBER)
    assert redis_server.client().llen("celery") == NUMBER
    redis_server.flush()
    with workers(tmp_path, env, "worker", "beat"):
        seconds = wait_until_told(120)
    print(f"{NUMBER} events told {seconds:.1f} s after worker and beat were started")
    each_told_once(server)


@pytest.mark.security("T63")
def test_an_outbox_that_trusts_the_broker_loses_what_was_published(redis_server):
    """The vulnerable twin of T63: a row is done once it is published."""
    rows = dict.fromkeys(range(NUMBER), False)
    app = Celery("twin", broker=redis_server.url)
    for row in rows:
        app.send_task("twin.tell", [row])
        rows[row] = True
    redis_server.flush()
    left_in_the_queue = redis_server.client().llen("celery")
    app.close()
    assert all(rows.values()), "nothing is left to be sent"
    assert left_in_the_queue == 0, "and nothing is on its way"


@pytest.mark.security("T64")
@pytest.mark.parametrize("how", ["dies", "freezes"])
def test_after_a_redis_that_was_away_everything_is_told(
    cast, redis_server, env, server, tmp_path, how
):
    """T64. A worker of Celery 5.7 may end, or hang, when Redis goes away; whoever
    watches over it (docker compose, `make run`, the age in /readyz) starts it again.
    """
    with workers(tmp_path, env, "worker", "beat") as started:
        started.wait_for("worker", "ready.")
        redis_server.stop() if how == "dies" else redis_server.freeze()
        time.sleep(6)  # sweeps that were taken before come to their end
        due(cast)
        time.sleep(3)
        assert waiting() > 0, "nobody is there to be woken"
        redis_server.start() if how == "dies" else redis_server.thaw()
        back = time.monotonic()
        ends = watch_over_worker(started, env)
        wait_until_told(30)
    seconds = time.monotonic() - back
    print(f"Redis {how}: told {seconds:.1f} s after it came back; worker {ends}")
    each_told_once(server)


def watch_over_worker(started, env, *, patience=30):
    """Starts the worker again if it ended, or did nothing for half a minute."""
    worker = started.started["worker"]
    until = time.monotonic() + patience
    while worker.poll() is None and waiting() and time.monotonic() < until:
        time.sleep(0.2)
    if not waiting():
        return "recovered by itself"
    how = "ended" if worker.poll() is not None else "hung"
    processes.stop([worker], seconds=5)
    started.start("worker", harness.worker(env))
    running.wait_until(lambda: not waiting(), seconds=60, says=lambda: "still waiting")
    return f"{how} and was started again"


def test_the_sweep_without_a_broker_delivers_while_redis_is_away(
    cast, redis_server, env, server, tmp_path
):
    redis_server.stop()
    due(cast)
    with running.Running(tmp_path, env) as found:
        found.start("sweep", running.with_python("python manage.py sweep --forever"))
        seconds = wait_until_told(90)
    print(f"no broker at all: told in {seconds:.1f} s")
    each_told_once(server)


@pytest.mark.security("T36")
def test_nothing_that_passes_through_holds_a_clinical_word(
    cast, redis_server, env, server, tmp_path
):
    """T36: Redis with its messages, the workers' logs, and the mails."""
    due(cast, title=CANARY, detail=CANARY)
    client, seen = redis_server.client(), b""
    with workers(tmp_path, env, "beat") as started:
        # Messages lie there until somebody takes them.
        running.wait_until(
            lambda: client.llen("celery") > 1,
            seconds=60,
            says=lambda: started.says("beat"),
        )
        seen += dump(client)
        started.start("worker", harness.worker(env))
        started.wait_for("worker", "ready.")
        until = time.monotonic() + 90
        while len(server.received) < 2 and time.monotonic() < until:
            seen += dump(client)
            time.sleep(0.2)
        logs = started.says("worker") + started.says("beat")
    assert b"messaging.tasks.sweep" in seen, "the dump saw messages"
    everything = seen.decode(errors="replace") + logs
    everything += "".join(each.text.decode() for each in server.received)
    assert len(server.received) == 2
    for word in (CANARY, "Amina", "Diallo", "Visser", "quetiapine"):
        assert word not in everything


def dump(client):
    """Every value in Redis, as bytes."""
    found = b""
    for key in client.keys("*"):
        kind = client.type(key)
        if kind == b"list":
            found += b"".join(client.lrange(key, 0, -1))
        elif kind == b"hash":
            found += b"".join(client.hvals(key))
        elif kind == b"string":
            found += client.get(key) or b""
    return found


@pytest.mark.security("T64")
def test_the_web_works_with_a_broker_that_never_answers(
    cast, silent_server, redis_server, tmp_path, settings
):
    """T64: sign-in, chart, a write and the health page, on the real web server."""
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    port = running.services.free_port()
    env = harness.environment(tmp_path, broker=silent_server.redis_url) | {
        "CARECOORD_INSECURE_HTTP": "1",
        "CACHE_URL": redis_server.url,
        "SITE_URL": f"http://localhost:{port}",
    }
    prepare_sign_in(cast.amina.user)
    running.run("python manage.py collectstatic --noinput", env=env)
    web = "gunicorn --config python:carecoord.gunicorn carecoord.wsgi:application"
    with running.Running(tmp_path, env) as found:
        found.start("web", running.with_python(f"{web} --bind 127.0.0.1:{port}"))
        browser = Browser(port)
        running.wait_until(browser.is_up, seconds=60, says=lambda: found.says("web"))
        steps = [
            ("sign-in", lambda: browser.sign_in("amina@cast.example")),
            ("chart", lambda: browser.get(f"/patients/{cast.amina.pk}/")),
            ("notices", lambda: browser.get("/notices/")),
            ("mark as seen", lambda: browser.post("/notices/seen/", {})),
            ("alive", lambda: browser.get("/healthz")),
        ]
        for name, step in steps:
            started = time.monotonic()
            assert step() == 200, name
            seconds = time.monotonic() - started
            print(f"broker silent, {name}: {seconds:.3f} s")
            # Seconds are the machine's; a broker that nobody asks keeps nobody.
            assert not silent_server.was_asked(), name
        # The test's tables came without migrations, which the page says as well.
        browser.get("/readyz", {KEY_HEADER: key_of(env["SECRET_KEY"].strip())})
        assert '"database": true' in browser.page
        assert '"oldest_waiting_seconds"' in browser.page


def prepare_sign_in(user):
    user.password = make_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )


class Browser:
    """Cookies, form tokens and redirects; nothing else."""

    def __init__(self, port):
        self.base = f"http://localhost:{port}"
        self.jar = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar)
        ).open
        self.page = ""

    def is_up(self):
        try:
            return self.get("/healthz") == 200
        except OSError:
            return False

    def get(self, path, headers=None):
        return self._ask(urllib.request.Request(self.base + path, None, headers or {}))

    def post(self, path, values):
        token = self.page.partition('name="csrfmiddlewaretoken" value="')[2]
        values = values | {"csrfmiddlewaretoken": token.partition('"')[0]}
        body = urllib.parse.urlencode(values).encode()
        headers = {"Origin": self.base, "Referer": self.base + path}
        return self._ask(urllib.request.Request(self.base + path, body, headers))

    def sign_in(self, email):
        self.get("/accounts/login/")
        return self.post(
            "/accounts/login/", {"login": email, "password": PASSWORD, "next": "/help/"}
        )

    def _ask(self, request):
        try:
            with self.open(request, timeout=30) as response:
                self.page = response.read().decode(errors="replace")
                return response.status
        except urllib.error.HTTPError as error:
            self.page = error.read().decode(errors="replace")
            return error.code


def test_a_write_is_told_within_seconds_of_its_ten_minutes(
    cast, redis_server, env, server, tmp_path
):
    """The whole way on real processes, for the record of how long it takes."""
    event = change(cast.amina, at=timezone.now() - TEN_MINUTES + timedelta(seconds=12))
    with workers(tmp_path, env, "worker", "beat"):
        wait_until_told(90)
    event.refresh_from_db()
    late = (event.fanned_out_at - event.due_at).total_seconds()
    print(f"told {late:.2f} s after it was due")
    assert late >= 0
