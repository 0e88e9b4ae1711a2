"""Everybody is told whether it is ready; what is the matter only on this machine."""

from unittest import mock

import pytest
from django.conf import settings
from django.db import OperationalError

from carecoord import healthcheck, views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
AGES = {"oldest_waiting_seconds", "last_anchor_seconds"}
OTHERS = [
    {"REMOTE_ADDR": "203.0.113.9"},
    {"REMOTE_ADDR": "172.18.0.1"},
    {"REMOTE_ADDR": ""},
    {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
    {"HTTP_FORWARDED": "for=203.0.113.9"},
    # By a proxy of this machine that says nothing of whom it asks for.
    {"HTTP_X_READYZ_KEY": ""},
    {"HTTP_X_READYZ_KEY": "0" * 64},
]


def asked(client, **said):
    """With the key that the command shows on this machine."""
    key = healthcheck.key_of(settings.SECRET_KEY)
    return client.get("/readyz", **{"HTTP_X_READYZ_KEY": key} | said)


def test_this_machine_reads_what_waits_and_for_how_long(client):
    said = asked(client).json()
    assert set(said) == AGES | {"database", "migrations", "triggers"}


@pytest.mark.parametrize("said", OTHERS)
def test_others_read_that_it_is_ready_and_no_more(client, said):
    here, there = asked(client), asked(client, **said)
    assert there.status_code == here.status_code
    assert there.json() == {"ready": here.status_code == 200}


@pytest.mark.parametrize("said", OTHERS)
def test_a_missing_trigger_is_a_503_to_all_and_named_here_alone(client, said):
    with mock.patch.object(views.walls, "missing", return_value=["one"]):
        assert asked(client).json()["triggers"] is False
        assert asked(client, **said).json() == {"ready": False}
        assert asked(client, **said).status_code == 503


@pytest.mark.parametrize(("said", "words"), [({}, "database"), (OTHERS[0], "ready")])
def test_without_a_database_it_is_not_ready(client, said, words):
    with mock.patch.object(views, "_database_answers", side_effect=OperationalError):
        answer = asked(client, **said)
    assert (answer.status_code, answer.json()) == (503, {words: False})


def test_the_operator_reads_it_from_the_command(client, monkeypatch, capsys):
    class Connection:
        def __init__(self, host: str, port: int, timeout: int) -> None:
            assert (host, port) == ("127.0.0.1", 8123)

        def request(self, method: str, path: str, headers: dict) -> None:
            assert (method, path, headers["Host"]) == ("GET", "/readyz", "a.example")
            self.key = headers[healthcheck.KEY_HEADER]

        def getresponse(self) -> mock.Mock:
            answer = asked(client, HTTP_X_READYZ_KEY=self.key)
            return mock.Mock(status=503, read=lambda: answer.content)

        def close(self) -> None: ...

    monkeypatch.setattr(healthcheck.http.client, "HTTPConnection", Connection)
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example")
    monkeypatch.setattr("sys.argv", ["healthcheck", "ready"])
    assert healthcheck.main() == 1
    assert "oldest_waiting_seconds" in capsys.readouterr().out
