"""A misspelled name on the list: what may be meant stands beside "not checked"."""

import pytest
from django.urls import reverse

from tests.consents.acting import record, relative
from tests.consents.views.pages import text_of
from tests.messaging.writing import signed_in
from tests.patients import medicines_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
NOT_CHECKED = "Not checked, because the name is not known here: hydroxizine."


def page(cast, client, place: str = "medicines/"):
    return client.get(world.page(cast, place))


def test_the_near_names_are_offered_and_lead_to_the_entry(cast):
    line = world.add(cast, "hydroxizine")
    amina, bram = signed_in(cast, "amina"), signed_in(cast, "bram")
    mend = reverse("patients:medicine_details", args=[cast.amina.pk, line.pk])
    own = page(cast, amina)
    said = text_of(own)
    assert NOT_CHECKED in said
    assert "hydroxizine: did you mean" in said
    assert "hydrOXYzine" in said and "hydrALAZINE" in said
    link = f'<a class="link no-print" href="{mend}">Look at the label'
    assert link in own.content.decode()
    assert amina.get(mend).status_code == 200
    # Whoever cannot put it right is told to ask, and led nowhere.
    for place in ("medicines/", ""):
        theirs = page(cast, bram, place)
        said = text_of(theirs)
        assert "hydroxizine: perhaps" in said and "hydrOXYzine" in said
        assert mend not in theirs.content.decode()


def test_whoever_keeps_the_list_for_the_patient_is_led_there_too(cast):
    line = world.add(cast, "clozapin")
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian")
    amina = signed_in(cast, "amina")
    amina.force_login(rosa.user)
    mend = reverse("patients:medicine_details", args=[cast.amina.pk, line.pk])
    assert f'href="{mend}">Look at the label' in page(cast, amina).content.decode()


def test_a_name_that_is_like_none_or_known_as_it_stands_offers_nothing(cast):
    world.add(cast, "Grandmother drops")
    world.add(cast, "fish oil")
    said = text_of(page(cast, signed_in(cast, "amina")))
    assert "Grandmother drops" in said and "did you mean" not in said


def test_a_hidden_misspelling_leaves_no_trace(cast):
    world.add_hidden(cast, "clozapin")
    said = text_of(page(cast, signed_in(cast, "bram")))
    assert "clozapin" not in said.lower() and "perhaps" not in said
