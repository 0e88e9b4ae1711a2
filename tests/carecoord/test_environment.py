"""Nonsense in the environment is refused at start, with a sentence (T85)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from carecoord import environment as env

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def say(monkeypatch):
    return lambda name, value: monkeypatch.setenv(name, value)


@pytest.mark.parametrize("value", ["-1", "8000a", "1e3", "0x50", "eight", "8 000"])
def test_a_number_that_is_none_is_refused(say, value):
    say("PORT", value)
    with pytest.raises(ImproperlyConfigured, match="PORT must be a whole number"):
        env.number("PORT", 8000)


def test_values_are_read_without_the_space_around_them(say):
    say("PORT", " 9000 ")
    say("ALLOWED_HOSTS", " a.example , ,b.example ")
    assert env.number("PORT", 8000) == 9000
    assert env.words("ALLOWED_HOSTS") == ["a.example", "b.example"]


def database(url: str) -> dict:
    return env.database(url, sqlite_path=Path("x.sqlite3"))


@pytest.mark.parametrize(
    "url", ["mysql://u@h/db", "sqlite:///x", "postgres", "https://h/db", "nonsense"]
)
def test_another_database_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="must start with postgresql://"):
        database(url)


@pytest.mark.security("T85")
@pytest.mark.parametrize(
    "query", ["", "?sslmode=require", "?sslmode=prefer", "?sslmode=disable"]
)
def test_a_record_does_not_cross_a_network_in_clear_text(query):
    with pytest.raises(ImproperlyConfigured, match="sslmode=verify-full"):
        database(f"postgresql://u:p@db.example.org/care{query}")


@pytest.mark.parametrize(
    ("url", "host", "mode"),
    [
        ("postgresql://u:p@db.example.org/c?sslmode=verify-full", "db", "verify-full"),
        (
            "postgresql://u:p@db/c?sslmode=disable-on-private-network",
            "db",
            "disable",
        ),
        ("postgresql://u:p@127.0.0.1:5433/c", "127", None),
        ("postgresql://u@/c?host=/var/run/postgresql", "/var", None),
    ],
)
def test_what_is_safe_is_taken(url, host, mode):
    entry = database(url)
    assert entry["HOST"].startswith(host)
    assert entry["OPTIONS"].get("sslmode") == mode
    assert entry["CONN_MAX_AGE"] == 0
    assert entry["CONN_HEALTH_CHECKS"] is True
    assert entry["OPTIONS"]["pool"]


def test_a_password_with_signs_in_it_arrives_whole():
    entry = database("postgresql://us%40er:p%2Fw%3Ad@localhost/care")
    assert (entry["USER"], entry["PASSWORD"]) == ("us@er", "p/w:d")


def test_without_a_url_it_is_sqlite_with_one_writer():
    entry = database("")
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert entry["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in entry["OPTIONS"]["init_command"]
    assert "foreign_keys=ON" in entry["OPTIONS"]["init_command"]


@pytest.mark.parametrize("url", ["smtp://", "http://mail", "mail.example.org", "x"])
def test_mail_that_goes_nowhere_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        env.email(url, folder=Path("mail"))


def test_mail_to_another_host_is_encrypted():
    assert env.email("smtp://u:p@mail.example.org", folder=Path("m"))["EMAIL_USE_TLS"]
    assert env.email("smtps://mail.example.org", folder=Path("m"))["EMAIL_USE_SSL"]
    assert not env.email("smtp://localhost:25", folder=Path("m"))["EMAIL_USE_TLS"]


def test_a_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path):
    path = tmp_path / "secret"
    made = iter(["first", "second"])
    ask = {"path": path, "embedded": True, "make": lambda: next(made)}
    assert env.kept_secret("NO_SUCH_NAME", **ask) == "first"
    assert env.kept_secret("NO_SUCH_NAME", **ask) == "first"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_first_of_two_processes_makes_the_secret(tmp_path):
    path = tmp_path / "secret"
    env._write_once(path, "mine")
    env._write_once(path, "theirs")
    assert path.read_text() == "mine"


def test_in_production_a_missing_secret_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="NO_SUCH_NAME is required"):
        env.kept_secret(
            "NO_SUCH_NAME", path=tmp_path / "x", embedded=False, make=env.secret_key
        )
    assert not (tmp_path / "x").exists()


# The settings as a whole, in a process of their own -----------------------------

PRODUCTION = {
    "DATABASE_URL": "postgresql://u:p@127.0.0.1/care",
    "SECRET_KEY": "x" * 50,
    "FIELD_ENCRYPTION_KEYS": "dGVzdHMgb25seSwgb2Ygbm8gdXNlIGFueXdoZXJlISE=",
    "ALLOWED_HOSTS": "care.example.org",
    "OPERATOR_NAME": "Example Care",
    "OPERATOR_CONTACT": "help@care.example",
    "CELERY_BROKER_URL": "redis://127.0.0.1/0",
}
SHOW = "from django.conf import settings as s; print({})"


def start(expression: str, tmp_path: Path, **environment: str | None):
    """What the settings say in a process with this environment, or its complaint."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}
    }
    given = {name: value for name, value in environment.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", SHOW.format(expression)],
        cwd=ROOT,
        env=clean
        | {
            "CARECOORD_DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "carecoord.settings",
        }
        | given,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr


@pytest.mark.security("T85", "L21")
@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ALLOWED_HOSTS", "OPERATOR_NAME"]
)
def test_production_does_not_start_without(tmp_path, name):
    said = start("s.DEBUG", tmp_path, **{**PRODUCTION, name: None})
    assert "ImproperlyConfigured" in said and name in said


def test_production_is_neither_debug_nor_demo(tmp_path):
    (tmp_path / "demo").touch()
    said = start(
        "s.DEBUG, s.DEMO, s.SECURE, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME",
        tmp_path,
        CARECOORD_DEBUG="1",
        **PRODUCTION,
    )
    assert said == "False False True True __Host-sessionid"


def test_the_demo_is_there_only_with_its_marker(tmp_path):
    assert start("s.DEMO", tmp_path) == "False"
    (tmp_path / "demo").touch()
    assert start("s.DEMO", tmp_path) == "True"


@pytest.mark.security("T85")
def test_nothing_executable_is_read_from_queue_session_or_cache(tmp_path):
    said = start(
        "s.CELERY_ACCEPT_CONTENT, s.CELERY_TASK_SERIALIZER, "
        "s.CELERY_RESULT_SERIALIZER, s.SESSION_ENGINE, s.MESSAGE_STORAGE",
        tmp_path,
    )
    assert said.startswith("['json'] json json django.contrib.sessions.backends.db")


def test_postgresql_does_not_compile_what_it_runs_for_milliseconds():
    """A whole page of seconds otherwise: docs/benchmarks.md."""
    entry = env.database("postgresql://a:b@localhost/c", sqlite_path=Path("x"))
    assert entry["OPTIONS"]["options"] == "-c jit=off"


@pytest.mark.postgres
def test_the_connection_has_it_so(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
