"""A prescriber enters something that goes badly with what they do not see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.models import Notice
from patients.actions import entries
from patients.models import MedicationRequest
from tests.messaging.delivering import TEN_MINUTES, letters, sweep, told
from tests.patients import medicines_world as world

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters", "demo")]


@pytest.fixture
def entry(cast):
    """Bram writes lithium; Amina keeps ibuprofen to herself."""
    world.add_hidden(cast, "ibuprofen")
    return world.prescribe(cast, name="lithium")


def warnings() -> list[str]:
    rows = Notice.objects.filter(kind="warning", channel="in_app", cancelled_at=None)
    return sorted(row.user.email.partition("@")[0] for row in rows)


def test_the_patient_alone_is_told_and_without_a_word_of_it(cast, entry, letters):
    sweep(cast.at + TEN_MINUTES)
    assert warnings() == ["amina"] == told(entry)
    said = " ".join(letter.subject + letter.body for letter in letters)
    for word in ("lithium", "ibuprofen", "Bram", "medicine", "dangerous"):
        assert word not in said


def test_behind_the_sign_in_it_leads_to_the_list(client, cast, entry):
    sweep(cast.at + TEN_MINUTES)
    client.force_login(cast.user("amina"))
    page = client.get("/notices/").content.decode()
    assert "Read this before you take something new" in page
    assert world.page(cast, "medicines/") in page
    client.force_login(cast.user("bram"))
    assert "Read this" not in client.get("/notices/").content.decode()


def test_it_is_told_once_however_often_the_sweep_runs(cast, entry):
    for minutes in (10, 11, 12):
        sweep(cast.at + timedelta(minutes=minutes))
    assert warnings() == ["amina"]


def test_nothing_is_told_of_what_its_author_can_see(cast):
    world.add(cast, "ibuprofen")
    world.prescribe(cast, name="lithium")
    sweep(cast.at + TEN_MINUTES)
    assert warnings() == []


def test_nothing_is_told_of_what_goes_well_together(cast):
    world.add_hidden(cast, "ibuprofen")
    world.prescribe(cast, name="levothyroxine")
    sweep(cast.at + TEN_MINUTES)
    assert warnings() == []


def test_an_answered_entry_takes_the_notice_with_it(client, cast, entry):
    sweep(cast.at + TEN_MINUTES)
    entries.set_aside(entry=entry, by=cast.user("amina"), at=cast.at)
    client.force_login(cast.user("amina"))
    assert "Read this" not in client.get("/notices/").content.decode()


def test_the_prescribers_own_request_does_no_work_for_it(cast):
    """As many statements with the hidden medicine as without: no time to guess by."""

    def statements(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            world.prescribe(cast, name=name)
        return len(queries)

    without = statements("lithium")
    world.add_hidden(cast, "ibuprofen")
    assert statements("lithium") == without
    assert MedicationRequest.objects.count() == 2
