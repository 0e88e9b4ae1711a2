"""T21, T100, L15, L16: many people at once, behind one proxy that keeps what it may.

Twenty people sign in and look at their own pages, in threads of one process, through a
shared cache that follows the rules of HTTP. Nobody gets a page or a cookie of another.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from carecoord.clock import database_now
from consents import actions as consents
from patients.actions import patients as patient_actions
from tests import cast as people

PEOPLE, ROUNDS = 20, 3
PAGES = ("/", "/settings/", "/notices/")


@dataclass
class Proxy:
    """A shared cache in front of the site (RFC 9111): it keeps what nothing forbids."""

    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)

    def get(self, client: Client, path: str) -> bytes:
        session = client.cookies["sessionid"].value
        for variant in (session, ""):
            if (path, variant) in self.kept:
                return self.kept[path, variant]
        answer = client.get(path, follow=True)
        if self.may_keep(answer):
            varies = "cookie" in answer.get("Vary", "").lower()
            self.kept[path, session if varies else ""] = answer.content
            self.cookies += [one.OutputString() for one in answer.cookies.values()]
        return answer.content

    @staticmethod
    def may_keep(answer) -> bool:
        said = answer.get("Cache-Control", "").lower()
        return answer.status_code == 200 and not any(
            word in said for word in ("no-store", "private", "no-cache")
        )


@pytest.fixture
def everybody(transactional_db, settings) -> list:
    """Twenty patients, each with a name that nobody else has."""
    settings.DEMO = True
    settings.ACCOUNT_RATE_LIMITS = False  # many sign-ins from one address
    cache.clear()
    at = database_now()
    made = []
    for number in range(PEOPLE):
        name = f"CNRYperson{number:02}x"
        user = people.user(f"{name} Doe", is_active=True)
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        patient_actions.begin_record(
            name=user.name, birth_date=date(1990, 1, 1), user=user, at=at
        )
        consents.acknowledge_limits(limits=settings.JURISDICTION.limits, by=user, at=at)
        made.append(user)
    return made


# As many requests at once as a web process has threads; the pool has no more.
TURN = threading.BoundedSemaphore(4)


@contextlib.contextmanager
def request_of_its_own() -> Iterator[None]:
    with TURN:
        yield
        connection.close()


def looks(user, proxy: Proxy, foreign: list[str]) -> None:
    """Signs in three times, and reads the own pages each time."""
    own = user.name.split()[0]
    for _ in range(ROUNDS):
        client = Client()
        answers = {"login": user.email, "password": people.PASSWORD}
        with request_of_its_own():
            answer = client.post("/accounts/login/", answers)
        assert answer.status_code == 302, answer.content
        for path in PAGES:
            with request_of_its_own():
                said = proxy.get(client, path).decode()
            if own not in said or said.count("CNRYperson") != said.count(own):
                foreign.append(f"{own}: {path}")


def all_at_once(everybody: list) -> tuple[list[str], Proxy, list[Exception]]:
    proxy, foreign, errors = Proxy(), [], []

    def run(user) -> None:
        try:
            looks(user, proxy, foreign)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(user,)) for user in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return foreign, proxy, errors


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.security("T21", "T100", "L15", "L16")
def test_nobody_gets_a_page_of_another(everybody):
    foreign, proxy, errors = all_at_once(everybody)
    assert errors == []
    assert foreign == []
    assert proxy.kept == {} and proxy.cookies == []


# The vulnerable twins -----------------------------------------------------------------


class OneForAll:
    """Who is signed in stands in one place for the whole process (Cerebral, 2024)."""

    user = None

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            OneForAll.user = request.user
            time.sleep(0.002)
            request.user = OneForAll.user
        return self.get_response(request)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.security("L15")
def test_a_session_that_is_shared_is_found(everybody, settings):
    name = "django.contrib.auth.middleware.AuthenticationMiddleware"
    place = settings.MIDDLEWARE.index(name) + 1
    twin = f"{__name__}.{OneForAll.__name__}"
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:place],
        twin,
        *settings.MIDDLEWARE[place:],
    ]
    foreign, _proxy, _errors = all_at_once(everybody[:6])
    assert foreign


@pytest.mark.slow
@pytest.mark.security("T21", "L16")
def test_a_page_that_may_be_kept_is_found(everybody, monkeypatch):
    """Zulip Cloud, 2021: a cached page of one person for everybody after."""

    def careless(self, request):
        answer = self.get_response(request)
        answer["Cache-Control"] = "public, max-age=60"
        answer.headers.pop("Vary", None)
        return answer

    monkeypatch.setattr("carecoord.middleware.SecurityHeaders.__call__", careless)
    proxy, foreign = Proxy(), []
    for user in everybody[:2]:
        looks(user, proxy, foreign)
    assert foreign and proxy.kept
