"""A second tab and a second click lose nothing and tell nothing twice (T69, T70).

Found: whoever acts for a patient and saved a line in a second tab got the 404, and what
they had typed was gone; and a double click told a prescriber twice.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from patients.actions import medicines
from patients.models import TimelineEvent
from tests.consents.acting import record, relative
from tests.consents.views.pages import sign_in, text_of
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture
def rosa(cast) -> Client:
    """Amina's guardian by a paper."""
    party = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, party, "guardian")
    client = Client()
    sign_in(client, party.user)
    return client


@pytest.mark.security("T69")
@pytest.mark.parametrize("what", ["mistake", "dose"])
def test_who_acts_reads_both_texts_when_somebody_saved_first(cast, rosa, what):
    line = world.add(cast, "quetiapine")
    place = [cast.amina.pk, line.pk]
    if what == "mistake":
        address, sent = reverse("patients:medicine_mistake", args=place), {}
    else:
        dose = {"strength": "50", "unit": "mg", "form": "tablet", "bedtime": "4"}
        first = reverse("patients:medicine_change", args=place)
        address = rosa.post(first, dose | {"version": "1"}).url
        sent = {"when": "today", "decided_by": "prescriber"}
    medicines.change_dose(
        item=line,
        version=1,
        dosage=world.MORE,
        why=world.decided(cast),
        by=cast.user("amina"),
        at=cast.at,
    )
    response = rosa.post(address, sent | {"version": "1"})
    assert response.status_code == 409
    said = " ".join(text_of(response).split())
    assert "150 mg" in said
    assert ("Added by mistake" if what == "mistake" else "200 mg") in said
    line.refresh_from_db()
    assert (line.version, line.entered_in_error_at) == (2, None)


@pytest.mark.security("T70")
@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("said", ["mine", "ask", "theirs", "aside"])
def test_a_double_click_on_an_answer_tells_once(cast, beside, said):
    line = world.add(cast, "quetiapine") if beside else None
    entry = world.prescribe(cast, beside=line)
    before = TimelineEvent.objects.count()
    amina = world.signed_in(cast, "amina")
    place = world.page(cast, f"medicines/entries/{entry.pk}/answer/")
    for _click in range(2):
        assert amina.post(place, {"answer": said}).status_code == 302
    assert TimelineEvent.objects.count() == before + 1
