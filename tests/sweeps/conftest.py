"""One world for a whole module; each test rolls back to it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.copies import Copies
from tests.sweeps import world as worlds
from tests.sweeps.world import World


@pytest.fixture(scope="session")
def _worlds(django_db_setup: None, django_db_blocker) -> Copies[World]:
    with django_db_blocker.unblock():
        return Copies.of(worlds.build)


@pytest.fixture(scope="module")
def _standing(_worlds: Copies[World], django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        world = _worlds.one()
    yield world
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(_standing: World, db: None, settings) -> World:
    """The world, with clinicians signed in without a second factor."""
    settings.DEMO = True
    return _standing


@pytest.fixture(autouse=True)
def patient_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is measured by benches: a page may print slowly on a busy machine."""
    monkeypatch.setattr("carecoord.pdf.MAX_SECONDS", 60.0)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Refused requests are what these tests are made of: no line for each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
