"""A link that opens something is never in the log, also when Django refuses it.

Found: our own line of each request left the secret out, and Django's warning about a
403, 404 or 405 on the same address said it in full.
"""

from __future__ import annotations

import io
import logging
import re

import pytest
from celery.app.trace import build_tracer
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import get_resolver
from django.urls.converters import UUIDConverter
from django.urls.resolvers import RoutePattern

from carecoord import logs
from carecoord.celery import app
from carecoord.logs import NoSecrets, OneLine
from patients.monitoring.rules import book

SECRET = "k3ptS3cret"
REFUSED = (
    ("POST", f"/invitation/link/{SECRET}/"),
    ("GET", f"/invitation/link/{SECRET}/."),
    ("POST", f"/accounts/password/reset/key/3-{SECRET}/"),
    ("POST", f"/accounts/confirm-email/{SECRET}/"),
    ("PUT", f"/accounts/confirm-email/{SECRET}/"),
    ("POST", f"/own-sign-in/{SECRET}/"),
)
# What an address may hold besides: the name of a page or of a place, and marks.
NAMES = {"label", "slug", "kind", "role", "page", "paper", "told", "mark", "test_mark"}


def logged(method: str, address: str, *filters: logging.Filter) -> str:
    """What a handler with these filters writes about one refused request."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    for each in filters:
        handler.addFilter(each)
    # Before the real one: its filter changes the record for whoever comes after.
    logging.getLogger().handlers.insert(0, handler)
    try:
        response = Client(enforce_csrf_checks=True).generic(method, address)
    finally:
        logging.getLogger().removeHandler(handler)
    assert response.status_code in {403, 404, 405}
    return text.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address"), REFUSED)
def test_no_refusal_writes_a_secret_into_the_log(method, address):
    line = logged(method, address, NoSecrets())
    assert "..." in line
    assert SECRET not in line


@pytest.mark.django_db
def test_without_the_filter_the_secret_stands_in_the_log():
    """The vulnerable twin."""
    assert SECRET in logged(*REFUSED[0])


def test_every_handler_of_the_settings_has_the_filter():
    handlers = settings.LOGGING["handlers"].values()
    assert handlers
    assert all("no_secrets" in handler["filters"] for handler in handlers)


def parameters(patterns, before: str = "/"):
    """Each address as it is written, and the parameters in it that are no id."""
    for one in patterns:
        address = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from parameters(one.url_patterns, address)
        else:
            converters = one.pattern.converters
            if not isinstance(one.pattern, RoutePattern):
                yield address, set(one.pattern.regex.groupindex)
            else:
                plain = {
                    name
                    for name, each in converters.items()
                    if not isinstance(each, UUIDConverter)
                }
                yield address, plain


def test_every_secret_part_of_an_address_is_known_to_the_log():
    """Found: the link to a child's own sign-in stood whole in every line."""
    found = [
        (address, name)
        for address, names in parameters(get_resolver().url_patterns)
        for name in names - NAMES - {"uidb36"}
    ]
    assert {name for _address, name in found} == {"token", "key"}
    for address, name in found:
        shape = rf"<(?:\w+:)?{name}>|\(\?P<{name}>.*?\+\)"
        written = re.sub(shape, SECRET, address).replace("^", "").replace("$", "")
        assert SECRET in written, address
        assert SECRET not in logs.without_secrets(written), address


# What an error says ------------------------------------------------------------------

ROW = "Failing row contains (quetiapine)."


def task_that_fails() -> str:
    """What is written when a task of Celery fails with words of the database."""

    def failing() -> None:
        raise IntegrityError(ROW)

    task = app.task(failing, name="tests.failing", shared=False)
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        build_tracer(task.name, task, app=app)("1", (), {}, {"id": "1"})
    finally:
        root.removeHandler(handler)
        app.tasks.pop(task.name)
    return text.getvalue()


@pytest.mark.security("T36")
def test_a_task_that_fails_says_its_kind_and_no_word_of_a_row():
    line = task_that_fails()
    assert "tests.failing" in line
    assert "IntegrityError < " in line
    assert "quetiapine" not in line


@pytest.mark.security("T36")
def test_the_twin_that_trusts_the_sentence_quotes_the_row(monkeypatch):
    """Celery puts what the error says into the sentence itself."""
    monkeypatch.setattr(logs, "without_words", lambda text, error: text)
    assert ROW in task_that_fails()


# Marks in addresses ------------------------------------------------------------------


def test_the_mark_of_a_test_is_of_the_services_own_key(settings):
    """Every name can be tried, and the names are no secret: the key is."""
    before = {test.mark for test in book().tests.values()}
    assert len(before) == len(book().tests)
    settings.SECRET_KEY = "another"
    assert not before & {test.mark for test in book().tests.values()}
