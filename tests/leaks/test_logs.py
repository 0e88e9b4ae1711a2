"""A link that opens something is never in the log, also when Django refuses it.

Found: our own line of each request left the secret out, and Django's warning about a
403, 404 or 405 on the same address said it in full.
"""

from __future__ import annotations

import io
import logging

import pytest
from celery.app.trace import build_tracer
from django.conf import settings
from django.db import IntegrityError
from django.test import Client

from carecoord import logs
from carecoord.celery import app
from carecoord.logs import NoSecrets, OneLine

SECRET = "k3ptS3cret"
REFUSED = (
    ("POST", f"/invitation/link/{SECRET}/"),
    ("GET", f"/invitation/link/{SECRET}/."),
    ("POST", f"/accounts/password/reset/key/3-{SECRET}/"),
    ("POST", f"/accounts/confirm-email/{SECRET}/"),
    ("PUT", f"/accounts/confirm-email/{SECRET}/"),
)


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
