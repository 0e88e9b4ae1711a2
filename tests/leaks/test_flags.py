"""A flag tells nothing of what is hidden: not by a word, a count, or a dismissal.

The bytes of every page with flags, for each reader, with and without a hidden medicine
that goes badly with one they see; and the twin that looks over everything is caught.
"""

from __future__ import annotations

import re
from unittest import mock

import pytest

from consents import actions as consents
from consents import decisions
from patients.access import flags as loaders
from patients.actions import flags as actions
from patients.models import AllergyIntolerance, MedicationStatement
from tests.patients import flags_world
from tests.patients import medicines_world as world
from tests.sweeps import requests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
PAGES = ("medicines/", "", "list/", "summary.txt")


@pytest.fixture
def seen_by_bram(cast):
    return world.add(cast, "lithium"), world.add(cast, "lorazepam")


def told(cast, who: str) -> list:
    """Each page as it is told, its statements included; codes of a print left out.

    So is the minute at which a page was made: between two of them it can change.
    """
    client = world.signed_in(cast, who)
    client.get("/healthz")
    found = []
    for place in PAGES:
        seen = requests.ask(client, world.page(cast, place))
        body = seen.body.replace(b"\n", b" ") if place != "summary.txt" else b""
        body = re.sub(rb"\d{1,2}:\d\d (am|pm)", b"", body)
        found.append((place, seen.status, body, len(seen.statements)))
    return found


def hide(cast) -> None:
    """Hidden things that go badly with what is seen, and answers about them."""
    world.add_hidden(cast, "ibuprofen")
    world.add_hidden(cast, "oxycodone")
    world.add_allergy(cast, "lithium", criticality="high")
    allergy = AllergyIntolerance.objects.get()
    consents.keep_back(item=allergy, by=cast.user("amina"), at=cast.at)
    for one in flags_world.rows(cast, "amina").raised:
        if one.flag.b and one.flag.severity > 2:
            about = {"flag": one.flag, "about": one.about}
            actions.will_ask(**about, by=cast.user("amina"), at=cast.at)


@pytest.mark.parametrize("who", ["bram", "jon", "hana", "chidi"])
@pytest.mark.capability("S45")
def test_hidden_medicines_change_no_byte_of_a_page_with_flags(cast, seen_by_bram, who):
    with mock.patch("consents.access.reading.database_now", lambda: cast.at):
        before = told(cast, who)
        hide(cast)
        assert told(cast, who) == before


def test_a_check_over_everything_would_be_caught(cast, seen_by_bram):
    """The vulnerable twin: the list of a reader, checked with what is hidden."""

    def everything(opened):
        rows = flags_world.opened(cast, "amina")
        return list(decisions.permitted(MedicationStatement.objects.all(), rows.reader))

    real = loaders.load_checked

    def leaky(opened, **given):
        checked = real(opened, **given)
        checked.medicines.statements[:] = everything(opened)
        return checked

    with mock.patch("consents.access.reading.database_now", lambda: cast.at):
        before = told(cast, "bram")
        hide(cast)
        with mock.patch("patients.views.medicines.lists.load_checked", leaky):
            assert told(cast, "bram") != before


def test_a_dismissal_is_told_only_to_whoever_sees_both_sides(cast):
    world.add(cast, "lithium")
    ibuprofen = world.add(
        cast, "ibuprofen", keep=world.medicines.Keep(from_parties=(cast.jon,))
    )
    one = flags_world.raised(cast, "bram", "lithium", "ibuprofen")
    before = told(cast, "jon")
    actions.set_aside(
        flag=one.flag,
        about=one.about,
        reason="CNRYreason",
        author=cast.bram,
        by=cast.user("bram"),
        at=cast.at,
    )
    after = told(cast, "jon")
    assert [page[1:] for page in after] == [page[1:] for page in before]
    assert "CNRYreason" not in str(after)
    client = world.signed_in(cast, "bram")
    assert b"CNRYreason" in client.get(world.page(cast)).content
    assert ibuprofen.pk
