"""T13: to look changes nothing but the log of who looked."""

import pytest
from django.test import Client

from carecoord.models import OutgoingMail
from tests.sweeps import requests, tables
from tests.sweeps.addresses import all_addresses
from tests.sweeps.urls import LINES
from tests.sweeps.world import World

ADDRESSES = {each.name: each for each in all_addresses() if each.name in LINES}
# What reading writes, and why it may.
READING = frozenset(
    {
        "consents.disclosure",  # who looked
        "consents.disclosurehead",  # the end of its chain
        "consents.accessrefusal",  # what was asked for and not given
        "messaging.opening",  # "Opened by …" is told to the author
        "sessions.session",
    }
)
# A link that is opened begins something in the session only; these also write:
WRITING: dict[str, frozenset[str]] = {}


@pytest.mark.parametrize("name", ADDRESSES)
def test_looking_changes_nothing(world: World, name: str):
    line = LINES[name]
    path = requests.path(world, ADDRESSES[name], line)
    allowed = READING | WRITING.get(name, frozenset())
    before = tables.stand(but=allowed)
    for who in ([*line.readers, *line.statuses] or ["dana"])[:2]:
        client = world.client(who)
        for method in ("get", "head", "options"):
            getattr(client, method)(path)
    assert tables.changed(before, tables.stand(but=allowed)) == []


def test_a_page_that_writes_is_found(world: World):
    before = tables.stand(but=READING)
    world.client("dana").get("/patients/")
    OutgoingMail.objects.create(
        key="x",
        address="a@b.example",
        subject="",
        body="",
        next_attempt_at=world.cast.at,
    )
    after = tables.stand(but=READING)
    assert tables.changed(before, after) == ["carecoord.outgoingmail"]


def test_a_changed_row_is_found(world: World):
    before = tables.stand(but=READING)
    patient = world.cast.amina
    type(patient).objects.filter(pk=patient.pk).update(goes_by="Mina")
    assert tables.changed(before, tables.stand(but=READING)) == ["patients.patient"]


def test_a_head_request_shows_nothing(world: World):
    path = requests.path(world, ADDRESSES["patients:chart"], LINES["patients:chart"])
    client: Client = world.client("bram")
    assert client.head(path).content == b""
