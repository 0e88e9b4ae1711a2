"""T13: to look changes nothing but the log of who looked.

GET is asked by everybody in test_urls.py, between two looks at every table; here the
other two methods that are safe, and that the comparison bites.
"""

import pytest

from carecoord.models import OutgoingMail
from tests.sweeps import gates, requests, tables
from tests.sweeps.addresses import all_addresses
from tests.sweeps.urls import LINES
from tests.sweeps.world import World

ADDRESSES = {each.name: each for each in all_addresses() if each.name in LINES}
ON_SCREEN = [name for name in ADDRESSES if not LINES[name].is_paper]


@pytest.mark.slow
@pytest.mark.security("T13")
@pytest.mark.parametrize("name", ON_SCREEN)
def test_head_and_options_change_nothing(world: World, name: str):
    line = LINES[name]
    path = requests.path(world, ADDRESSES[name], line)
    client = world.client((line.readers or ["dana"])[-1])
    with tables.unchanged(), gates.never_upgraded():
        assert client.head(path).content == b""
        client.options(path)


@pytest.mark.security("T13")
def test_a_page_that_writes_is_found(world: World):
    before = tables.stand(but=tables.READING)
    world.client("dana").get("/patients/")
    OutgoingMail.objects.create(
        key="x",
        address="a@b.example",
        subject="",
        body="",
        next_attempt_at=world.cast.at,
    )
    after = tables.stand(but=tables.READING)
    assert tables.changed(before, after) == ["carecoord.outgoingmail"]


def test_a_changed_row_is_found(world: World):
    before = tables.stand(but=tables.READING)
    patient = world.cast.amina
    type(patient).objects.filter(pk=patient.pk).update(goes_by="Mina")
    assert tables.changed(before, tables.stand(but=tables.READING)) == [
        "patients.patient"
    ]
