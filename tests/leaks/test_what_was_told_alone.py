"""What was told and stands in no list of the record is the patient's to keep back.

Found: that something hard happened, and that somebody drinks more, had no page on which
the patient could say who may see it; whoever was told went on reading it.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from messaging.sweeping import Sweep
from patients.actions import events
from patients.models import TimelineEvent
from tests.cast import permit
from tests.messaging.writing import signed_in, words
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
TOLD = "CNRYdivorce"


@pytest.fixture
def told(cast) -> TimelineEvent:
    """Chidi tells the team; Bram and Amina read it."""
    permit(cast.amina, cast.chidi, at=cast.at)
    event = events.record(
        patient=cast.amina,
        happening=events.Happening(kind="stressor", what=TOLD),
        form_key=uuid.uuid4(),
        author=cast.chidi,
        by=cast.chidi.user,
        at=cast.at,
    )
    Sweep(now=lambda: cast.at + timedelta(minutes=30)).run()
    return event


def reads(cast, who: str) -> str:
    client = signed_in(cast, who)
    places = [reverse("messaging:notices")]
    places += [reverse("messaging:worklist")] if who != "amina" else []
    return " ".join(words(client.get(place)) for place in places)


def page(event: TimelineEvent) -> str:
    return reverse("patients:item_privacy", args=[event.patient_id, "told", event.pk])


@pytest.mark.security("T17", "T26")
def test_the_patient_keeps_back_what_was_told(cast, told):
    assert TOLD in reads(cast, "bram")
    amina = signed_in(cast, "amina")
    html = amina.get(reverse("messaging:notices")).content.decode()
    assert page(told) in html, "the patient finds it by the notice"
    form = amina.get(page(told)).content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', form)[1]
    answer = amina.post(page(told), {"keep": "me", "seen": seen})
    assert answer.status_code == 302
    assert TOLD not in reads(cast, "bram")
    assert TOLD in reads(cast, "amina")


def test_it_is_a_page_for_its_patient_and_for_nothing_else(cast, told):
    assert signed_in(cast, "bram").get(page(told)).status_code == 404
    assert page(told) not in signed_in(cast, "bram").get("/notices/").content.decode()
    line = world.add(cast, "quetiapine")
    about = TimelineEvent.objects.filter(about=line.pk).first()
    assert signed_in(cast, "amina").get(page(about)).status_code == 404


def test_who_tells_it_oneself_says_there_who_may_see_it(cast):
    """Before anybody is told: ten minutes pass until then."""
    amina = signed_in(cast, "amina")
    tell = reverse("messaging:tell_kind", args=[cast.amina.pk, "stressor"])
    said = {"what": TOLD, "mentions": ["none"], "form_key": str(uuid.uuid4())}
    answer = amina.post(tell, said)
    event = TimelineEvent.objects.get(kind="stressor")
    assert answer["Location"] == page(event)
    form = words(amina.get(page(event)))
    assert "Bram Visser" in form and "Jon Ortiz" in form
    assert event.fanned_out_at is None
