"""What is told as new leads to the page where it stands."""

import pytest
from django.urls import reverse

from consents.access import Reading
from messaging.access import notices
from patients.codes import EventKind
from patients.event_pages import own_page
from patients.models import TimelineEvent
from tests.messaging.delivering import TEN_MINUTES, change
from tests.patients import medicines_world as world

pytestmark = pytest.mark.usefixtures("demo")


@pytest.mark.parametrize("kind", EventKind.values)
def test_every_kind_has_a_page_that_opens(cast, kind):
    event = TimelineEvent(patient=cast.amina, kind=kind, pk=cast.amina.pk)
    page, rest = own_page(event)
    address = reverse(page, args=[cast.amina.pk, *rest])
    if not rest:  # else the page of this very event
        assert world.signed_in(cast, "amina").get(address).status_code == 200


def test_a_change_of_a_medicine_leads_the_patient_to_the_medicines(cast):
    """A notice led home and home led to the updates: neither said a word of it."""
    by = cast.user("bram")
    event = change(cast.amina, at=cast.at - TEN_MINUTES, by=by)
    medicines = world.page(cast, "medicines/")
    home = world.signed_in(cast, "amina").get(world.page(cast, "")).content.decode()
    new = home[home.index(">New") :]
    assert f'href="{medicines}"' in new[: new.index("</section>")]
    for who, address in (("amina", medicines), ("bram", world.page(cast, ""))):
        reading = Reading(user=cast.user(who), entrance="messaging:notices")
        assert notices._address_of(event, reading) == address
