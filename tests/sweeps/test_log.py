"""T72: what was decided is what the log says, on every page of a patient."""

import pytest
from django.utils import timezone

from consents import entrances
from consents.access import Reading
from consents.models import AccessRefusal, Disclosure
from tests.sweeps import requests
from tests.sweeps.addresses import all_addresses
from tests.sweeps.urls import ACCOUNT, LINES
from tests.sweeps.world import World

ADDRESSES = {
    each.name: each
    for each in all_addresses()
    if each.name in LINES
    and not each.name.startswith(ACCOUNT)
    and "patient_id" in each.parts
    and set(LINES[each.name].statuses.values()) != {405}
}
STRANGER = "dana"


@pytest.fixture
def decided(monkeypatch) -> list[tuple]:
    """(user, item) for everything that a loader let through, to the officer too."""
    found: list[tuple] = []
    shown, officer_read = Reading.shown, Reading.officer_read

    def noting(self, items, **terms):
        found.extend((self.user.pk, str(item.pk)) for item in items)
        return shown(self, items, **terms)

    def noting_office(self, row, **terms):
        found.append((self.user.pk, str(row.pk)))
        return officer_read(self, row, **terms)

    monkeypatch.setattr(Reading, "shown", noting)
    monkeypatch.setattr(Reading, "officer_read", noting_office)
    return found


def rows_since(model, before: set) -> list:
    return [row for row in model.objects.all() if row.pk not in before]


def ask(world: World, name: str, who: str):
    path = requests.path(world, ADDRESSES[name], LINES[name])
    return world.client(who).get(path)


def readers_of(name: str) -> list[str]:
    line = LINES[name]
    chosen = line.readers[:1] if line.is_paper else line.readers
    return [who for who in chosen if who != "anonymous"]


@pytest.mark.slow
@pytest.mark.security("T72")
@pytest.mark.parametrize("name", ADDRESSES)
def test_what_was_let_through_is_written_down(world: World, name: str, decided):
    """Who, what, on which permission, under which epoch and request: row by row."""
    for who in readers_of(name):
        decided.clear()
        before = set(Disclosure.objects.values_list("pk", flat=True))
        assert ask(world, name, who).status_code == 200
        rows = rows_since(Disclosure, before)
        written = {(row.user_id, item[1]) for row in rows for item in row.items}
        assert written == set(decided), who
        for row in rows:
            well_formed(row, world, name, who)


def well_formed(row: Disclosure, world: World, name: str, who: str) -> None:
    assert row.entrance == name
    assert row.purpose == entrances.purpose_of(name, row.relation) or row.purpose
    assert row.patient_id in (world.cast.amina.pk, world.cast.gus.pk)
    assert row.epoch > 0 and row.request_id
    assert row.at <= timezone.now()
    if row.basis == "consent":
        assert row.consents
    if who == "amina":
        assert row.relation == "patient"


@pytest.mark.slow
@pytest.mark.security("T72")
@pytest.mark.parametrize("name", ADDRESSES)
def test_what_was_refused_is_written_down_once(world: World, name: str):
    if LINES[name].status(STRANGER) != 404:
        return
    before = set(AccessRefusal.objects.values_list("pk", flat=True))
    assert ask(world, name, STRANGER).status_code == 404
    (row,) = rows_since(AccessRefusal, before)
    assert row.user == world.cast.user(STRANGER)
    assert row.patient_id == world.ids["patient_id"]
    assert row.entrance == name[:60] and row.request_id


@pytest.mark.security("T72")
def test_a_page_that_forgets_to_write_is_found(world: World, decided, monkeypatch):
    """The vulnerable twin: loaders let something through and nothing is written."""
    monkeypatch.setattr(Reading, "write_disclosures", lambda self: [])
    before = set(Disclosure.objects.values_list("pk", flat=True))
    ask(world, "patients:chart", "bram")
    assert decided and rows_since(Disclosure, before) == []
