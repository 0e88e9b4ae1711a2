"""The product with its demo world, as people meet it in a browser.

The world is built once a process, through the real actions, into a SQLite file. Each
test gets a copy of the file, a server that reads the copy, and no second factor.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections, transaction
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from carecoord.clock import database_now
from tests.browser.people import PHONE, House


def _point_at(path: Path) -> None:
    """Every connection from now on, in each thread, opens the file at `path`."""
    connections["default"].close()
    connections.settings["default"]["NAME"] = str(path)
    connections["default"].settings_dict["NAME"] = str(path)


@pytest.fixture(scope="session")
def demo_world(
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """The file of the demo world. Nothing may write to it."""
    from carecoord.demo import world

    path = tmp_path_factory.mktemp("world") / "world.sqlite3"
    before = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock(), _tables_without_migrations():
        _point_at(path)
        call_command("migrate", run_syncdb=True, verbosity=0)
        with transaction.atomic():
            world.build(database_now())
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections["default"].close()
    yield path
    with django_db_blocker.unblock():
        _point_at(Path(str(before)))


class _NoMigrations(dict):
    def __contains__(self, item: object) -> bool:
        return True

    def __getitem__(self, item: object) -> None:
        return None


def _tables_without_migrations() -> Any:
    """Tables straight from the models, as in the other tests: it takes a second."""
    from django.test import override_settings

    return override_settings(MIGRATION_MODULES=_NoMigrations())


class _Server(LiveServerThread):
    """Django's test server; a browser that goes away is no error."""

    daemon = True


@pytest.fixture(scope="session")
def _address(demo_world: Path) -> Iterator[str]:
    server = _Server("127.0.0.1", _StaticFilesHandler, connections_override={})
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@pytest.fixture
def house(
    demo_world: Path,
    _address: str,
    browser: Any,
    settings: Any,
    tmp_path: Path,
    django_db_blocker: Any,
) -> Iterator[House]:
    """A world of its own for this test. At the end nothing may have gone wrong."""
    settings.DEMO = True
    settings.SITE_URL = _address
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    copy = tmp_path / "test.sqlite3"
    shutil.copyfile(demo_world, copy)
    cache.clear()
    with django_db_blocker.unblock():
        _point_at(copy)
        built = House(address=_address, browser=browser)
        yield built
        built.close()
        connections["default"].close()
    assert not built.trouble, "\n".join(built.trouble)


@pytest.fixture(
    params=[
        pytest.param((PHONE, False), id="phone-without-javascript"),
        pytest.param((1280, True), id="desk-with-javascript"),
    ]
)
def view(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """Width in CSS pixels, and whether JavaScript is on."""
    return request.param


@pytest.fixture(
    params=[
        pytest.param((PHONE, False), id="phone-without-javascript"),
        pytest.param((1280, True), id="desk-with-javascript"),
        pytest.param((PHONE, True), id="phone-with-javascript"),
        pytest.param((1280, False), id="desk-without-javascript"),
    ]
)
def every_view(request: pytest.FixtureRequest) -> tuple[int, bool]:
    """All four ways to look at a page, for the main job."""
    return request.param
