"""T74, T36: one line for each event, times in UTC, and nobody's name in any of them."""

import json
import logging
from datetime import UTC, datetime
from unittest import mock

import pytest
import structlog
from django.db import IntegrityError
from django.urls import reverse

from carecoord.logs import OneLine
from consents.models import Disclosure
from patients.views import chart

CANARY = "CNRYname"
HOSTILE = "Bo\r\n2026-01-01T00:00:00Z info forged\x1b[31m"


pytestmark = pytest.mark.usefixtures("demo")


def lines(capsys) -> list[str]:
    return [line for line in capsys.readouterr().out.split("\n") if line]


@pytest.mark.security("T74")
def test_a_hostile_header_stays_on_the_line_of_its_own_event(client, cast, capsys):
    client.force_login(cast.user("bram"))
    capsys.readouterr()
    address = reverse("patients:chart", args=[cast.amina.pk])
    headers = {"user-agent": HOSTILE, "x-request-id": "id\x1b[31m-7"}
    assert client.get(address, headers=headers).status_code == 200
    written = lines(capsys)
    events = [json.loads(line) for line in written]
    assert [event["event"] for event in events] == [
        "request_started",
        "request_finished",
    ]
    assert not any("\x1b" in line for line in written)
    for event in events:
        at = datetime.fromisoformat(event["timestamp"])
        assert at.utcoffset() == datetime.now(UTC).utcoffset()


def test_a_request_stands_under_one_id_in_both_logs_and_nobody_outside_chooses_it(
    client, cast, capsys
):
    from patients.models import Condition
    from tests.patients import records

    records.item(Condition, cast.amina, "conditions", cast.at, name="x")
    client.force_login(cast.user("bram"))
    capsys.readouterr()
    address = reverse("patients:chart", args=[cast.amina.pk])
    client.get(address, headers={"x-request-id": "chosen"})
    (number,) = set(Disclosure.objects.values_list("request_id", flat=True))
    assert {json.loads(line)["request_id"] for line in lines(capsys)} == {number}
    assert number != "chosen"


@pytest.mark.security("T36", "T74")
def test_names_and_what_records_say_are_in_no_line(client, cast, capsys):
    type(cast.amina).objects.filter(pk=cast.amina.pk).update(name="CNRYname")
    for who in ("amina", "bram", "dana"):
        client.force_login(cast.user(who))
        for name in ("chart", "medicines", "team", "summary"):
            client.get(reverse(f"patients:{name}", args=[cast.amina.pk]))
    said = "\n".join(lines(capsys))
    assert "request_finished" in said
    for canary in ("CNRYname", "Amina", "Visser", "cast.example"):
        assert canary not in said


def failed(client, cast, capsys, caplog) -> str:
    """All that is written about a page whose error quotes the row it was about."""

    def quotes(*args, **kwargs):
        raise IntegrityError(f"DETAIL: Failing row contains ({CANARY}\n{HOSTILE})")

    client.raise_request_exception = False
    client.force_login(cast.user("bram"))
    capsys.readouterr()
    with mock.patch.object(chart, "chart_context", quotes):
        address = reverse("patients:chart", args=[cast.amina.pk])
        assert client.get(address).status_code == 500
    formatted = [OneLine().format(record) for record in caplog.records]
    assert not any("\n" in line for line in formatted)
    return "\n".join([*lines(capsys), *formatted])


@pytest.mark.security("T36", "T39", "T74")
def test_an_error_is_logged_by_its_kind_and_its_place_alone(
    client, cast, capsys, caplog
):
    said = failed(client, cast, capsys, caplog)
    assert said.count("IntegrityError < ") == 2, "ours and Django's"
    assert "test_log_form.py" in said and "quotes" in said
    assert CANARY not in said and "forged" not in said


@pytest.mark.security("T36", "T39", "T74")
def test_whatever_an_error_says_stands_in_an_ordinary_log(
    client, cast, capsys, caplog, monkeypatch
):
    """The vulnerable twin: the library's own words for an error."""
    monkeypatch.setattr("carecoord.logs._kind_and_lines", repr)
    assert CANARY in failed(client, cast, capsys, caplog)


def test_what_django_logs_is_one_line_too():
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "a %s", (HOSTILE,), None)
    line = OneLine().format(record)
    assert "\n" not in line and "\r" not in line and "\x1b" not in line
    assert line.split(" ")[0].endswith("Z")


@pytest.mark.security("T74")
def test_without_our_form_a_line_can_be_forged():
    """The vulnerable twin: what the library writes when nothing is configured."""
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "a %s", (HOSTILE,), None)
    assert "\n" in logging.Formatter().format(record)
    assert structlog.is_configured()
