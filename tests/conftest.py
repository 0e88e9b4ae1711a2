"""What every test may lean on: real services, no network, no silent skips."""

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from django.conf import settings as product
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from carecoord.frames import with_room
from tests import clock, services, suites

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.copies import Copies

DEEP = os.environ.get("CARECOORD_DEEP") == "1"
for _name, _examples in {"quick": 100, "deep": 20_000}.items():
    hypothesis_settings.register_profile(
        _name,
        deadline=None,  # two shared cores: no test measures time
        max_examples=_examples,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
hypothesis_settings.load_profile("deep" if DEEP else "quick")

# A test that uses one of these needs the service, marked or not.
FIXTURES_OF = {
    "postgres": {"postgres_url", "postgres_server"},
    "redis": {"redis_server"},
    "browser": {"page", "context", "browser", "new_context"},
    suites.DATABASE: {"db", "transactional_db", "django_db_reset_sequences"},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--suite",
        choices=sorted(suites.SUITES),
        help="run only the tests of one part of `make test` (tests/suites.py)",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    for item in items:
        for marker, fixtures in FIXTURES_OF.items():
            if fixtures & set(getattr(item, "fixturenames", ())):
                item.add_marker(marker)
        if item.get_closest_marker("django_db"):
            item.add_marker(suites.DATABASE)
    suite = config.getoption("--suite")
    if suite:
        chosen: list[pytest.Item] = []
        others: list[pytest.Item] = []
        for item in items:
            (chosen if _belongs(item, suite) else others).append(item)
        config.hook.pytest_deselected(items=others)
        items[:] = chosen
    yield  # pytest-django puts what commits behind the rest
    items[:] = _in_order(items)


def _in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """File after file (`suites.place`), each in the order it has."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    places = {
        path: suites.place(path, tests=len(own), commits=any(map(_commits, own)))
        for path, own in files.items()
    }
    return [item for path in sorted(files, key=places.get) for item in files[path]]


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    transaction = bool(mark and mark.kwargs.get("transaction"))
    return transaction or "transactional_db" in getattr(item, "fixturenames", ())


def _belongs(item: pytest.Item, suite: str) -> bool:
    marks = {mark.name for mark in item.iter_markers()}
    return suites.belongs(suite, marks=marks, path=item.nodeid)


# --- A missing piece is a failure with a sentence -----------------------------------


def pytest_runtest_setup(item: pytest.Item) -> None:
    _BEFORE.setdefault("settings", (product._wrapped, product.DEMO))
    sentence = _what_is_missing(item)
    if sentence:
        pytest.fail(sentence, pytrace=False)


def _what_is_missing(item: pytest.Item) -> str:
    try:
        if item.get_closest_marker("postgres"):
            _need_postgresql()
        if item.get_closest_marker("redis"):
            services.executable("redis-server", package="redis-server")
        if item.get_closest_marker("browser"):
            services.chromium()
    except services.ServiceMissing as error:
        return str(error)
    return ""


def _need_postgresql() -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        raise services.ServiceMissing(
            "This test needs PostgreSQL. Run it with `make test-postgresql`, or with "
            "`.venv/bin/python -m tests.services pytest -n 0 <the test>`."
        )


class NothingSkipped:
    """Turns a run with a skipped test into a failed run."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for name in self.skipped:
            terminalreporter.write_line(
                f"Skipped, which counts as failed here: {name}", red=True
            )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(NothingSkipped(), "nothing-skipped")
    pytest.CallInfo.from_call = with_room(pytest.CallInfo.from_call)  # type: ignore[method-assign]
    socket.socket.connect = _only_here(socket.socket.connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = _only_here(socket.socket.connect_ex)  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    # Modules and tests stay until the end: no need to look through them for garbage.
    gc.disable()
    found = yield
    gc.freeze()
    gc.enable()
    return found


# The settings as they are before the first test.
_BEFORE: dict[str, tuple[object, bool]] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[object]:
    """No test leaves other settings behind: others would pass or fail by them."""
    found = yield
    before = _BEFORE["settings"]
    if (product._wrapped, product.DEMO) != before:
        product._wrapped, product.DEMO = before
        raise AssertionError(f"{item.nodeid} left the settings changed.")
    return found


def pytest_unconfigure() -> None:
    # Processes that pytest starts end without running their exit handlers.
    folder = os.environ.get("CARECOORD_DATA_DIR", "")
    if "carecoord-test-" in folder:
        shutil.rmtree(folder, ignore_errors=True)


def _only_here(connect: Any) -> Any:
    """`connect`, for addresses of this machine only."""
    if getattr(connect, "only_here", False):
        return connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and not _is_this_machine(address[0]):
            raise AssertionError(
                f"A test may not reach the network, but one asked for {address[0]!r}."
            )
        return connect(self, address)

    guarded.only_here = True  # type: ignore[attr-defined]
    return guarded


def _is_this_machine(host: object) -> bool:
    return str(host) in {"localhost", "::1"} or str(host).startswith("127.")


# --- Services -----------------------------------------------------------------------


@pytest.fixture(scope="session")
def _redis() -> Iterator[services.RedisServer]:
    with services.RedisServer() as server:
        yield server


@pytest.fixture
def redis_server(_redis: services.RedisServer) -> services.RedisServer:
    """A real, empty Redis: `.url`, `.start()`, `.stop()`, `.flush()`, `.freeze()`."""
    if _redis.process is None:
        _redis.start()
    _redis.thaw()
    _redis.flush()
    return _redis


@pytest.fixture
def silent_server() -> Iterator[services.SilentServer]:
    """A listener that accepts and never answers: `.port`, `.redis_url`."""
    with services.SilentServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[services.PostgresServer]:
    """A second real PostgreSQL, which a test may stop, crash and start."""
    with services.PostgresServer() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: services.PostgresServer) -> str:
    """The address of an own database `carecoord`, for processes started by a test."""
    return postgres_server.url


# --- Time ---------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _clock_of_the_tests() -> Iterator[None]:
    with clock.standing():
        yield


@pytest.fixture(autouse=True)
def _time_and_what_is_kept_for_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock stands (tests/clock.py), so what was counted before is forgotten."""
    from messaging.sweeping import Sweep

    cache.clear()
    if clock.goes_on(request.node):
        with clock.going_on():
            yield
    else:
        # A stage of a sweep is measured by the wall: a slow machine cuts none short.
        with mock.patch.object(Sweep, "has_time", new=True):
            yield


@pytest.fixture
def demo(settings: Any) -> None:
    """As in the demonstration world: nobody has to have a second factor."""
    settings.DEMO = True


# --- People -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _casts(django_db_setup: None, django_db_blocker: Any) -> "Copies[Cast]":
    from tests import cast as people
    from tests.copies import Copies

    with django_db_blocker.unblock():
        return Copies.of(people.build)


@pytest.fixture
def cast(_casts: "Copies[Cast]", db: None) -> "Cast":
    """Everyone of tests/cast.py, built through the real actions."""
    return _casts.one()


# --- Browser ------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, kept away from every other machine."""
    return {
        "executable_path": services.chromium(),
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, "
            "EXCLUDE 127.0.0.1",
        ],
    }


def pytest_sessionstart() -> None:
    # Playwright keeps an event loop in the main thread, where Django would refuse to
    # use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
