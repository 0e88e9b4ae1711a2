"""A page that tries something out by GET holds the gate for writing from the start.

Found: it held the gate for reading and took it for writing while it tried. Opened twice
at once, in two tabs, both waited for each other, and one of them failed.
"""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from consents import preview
from consents.access import open_patient
from consents.views import stop
from tests import cast as people
from tests.cast import never
from tests.patients.medicines_world import add, page, signed_in
from tests.sweeps import gates

DOSE = {"strength": "300", "unit": "mg", "form": "capsule", "morning": "1"}


@pytest.fixture
def both(transactional_db, settings):
    """Amina's page on which a "never" is lifted, and how it answers twice at once."""
    settings.DEMO = True
    cast = people.build()
    kept_out = never(cast.amina, cast.chidi, at=cast.at)
    return cast, reverse("consents:lift", args=[cast.amina.pk, kept_out.pk])


def answers(cast, address: str, monkeypatch) -> list[int]:
    """Each waits a moment for the other, once it has read what is seen now."""
    meet, found, look = threading.Barrier(2), [], preview.current

    def together(**about):
        with contextlib.suppress(threading.BrokenBarrierError):
            meet.wait(2)
        return look(**about)

    monkeypatch.setattr(stop.preview, "current", together)

    def read() -> None:
        try:
            client = Client()
            client.force_login(cast.user("amina"))
            found.append(client.get(address).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, daemon=True) for _tab in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(found)


@pytest.mark.slow
@pytest.mark.postgres
def test_two_tabs_that_try_the_same_both_answer(both, monkeypatch):
    assert answers(*both, monkeypatch) == [200, 200]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_test_of_that_fails_where_the_gate_is_held_for_reading(both, monkeypatch):
    monkeypatch.setattr(stop, "open_to_try", open_patient)
    assert answers(*both, monkeypatch) == [200, 503]


@pytest.mark.django_db
def test_the_last_page_of_adding_a_medicine_tries_by_get_too(cast, settings):
    settings.DEMO = True
    amina = signed_in(cast, "amina")
    first = page(cast, "medicines/add/")
    second = amina.post(first, {"name": "lithium", "schedule": "daily"}).url
    third = amina.post(second, DOSE).url
    last = amina.post(third, {"reason": "mood", "started": "Jan 1, 2020"}).url
    with gates.never_upgraded():
        assert "Check this medicine" in amina.get(last).content.decode()


@pytest.mark.django_db
def test_an_upgrade_is_found(cast, settings, monkeypatch):
    settings.DEMO = True
    add(cast, "lithium")
    kept_out = never(cast.amina, cast.chidi, at=cast.at)
    monkeypatch.setattr(stop, "open_to_try", open_patient)
    found = []
    with gates.upgrades(found):
        address = reverse("consents:lift", args=[cast.amina.pk, kept_out.pk])
        signed_in(cast, "amina").get(address)
    assert set(found) == {cast.amina.pk}
