"""Allergies and the substances block, by the patient; and what others read."""

from __future__ import annotations

import pytest

from consents.codes import CATEGORIES, LABELS
from patients.models import AllergyAssertion, AllergyIntolerance, SubstanceUse
from tests import cast as people
from tests.patients import medicines_world as world
from tests.patients.views.test_medicine_pages import send
from tests.patients.views.test_medicines import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

SULFA = {"substance": "sulfa antibiotics", "reaction": "hives", "criticality": "high"}


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def test_the_box_goes_from_not_recorded_to_none_to_known(cast, amina):
    place = world.page(cast, "medicines/")
    assert "Allergies not recorded." in text_of(amina.get(place))
    send(amina, world.page(cast, "allergies/none/"))
    assert "No known allergies." in text_of(amina.get(place))
    done = send(amina, world.page(cast, "allergies/add/"), **SULFA)
    assert "Saved. Allergy: sulfa antibiotics: hives." in text_of(amina.get(done))
    text = text_of(amina.get(place))
    assert "Known allergies (1)" in text and "sulfa antibiotics: hives" in text
    assert AllergyAssertion.objects.get().ended_at


def test_the_same_allergy_is_refused_with_a_sentence(cast, amina):
    world.add_allergy(cast)
    again = SULFA | {"substance": " Sulfa  Antibiotics "}
    response = amina.post(world.page(cast, "allergies/add/"), again)
    assert "is on your list already" in text_of(response)
    assert AllergyIntolerance.objects.count() == 1


def test_none_known_cannot_be_said_while_one_is_on_the_list(cast, amina):
    world.add_allergy(cast)
    send(amina, world.page(cast, "allergies/none/"))
    assert not AllergyAssertion.objects.exists()


def test_an_allergy_is_put_right_and_two_tabs_lose_nothing(cast, amina):
    allergy = world.add_allergy(cast)
    place = world.page(cast, f"allergies/{allergy.pk}/change/")
    text_of(amina.get(place))
    send(amina, place, **SULFA | {"version": 1, "reaction": "hives and fever"})
    response = amina.post(place, SULFA | {"version": 1, "reaction": "rash"})
    assert response.status_code == 409
    assert b"hives and fever" in response.content and b"rash" in response.content


def test_a_mistake_leaves_the_list_and_never_says_none_known(cast, amina):
    allergy = world.add_allergy(cast)
    place = world.page(cast, f"allergies/{allergy.pk}/mistake/")
    text_of(amina.get(place))
    send(amina, place, version=1)
    assert "Allergies not recorded." in text_of(amina.get(world.page(cast)))


def test_a_clinician_is_told_none_known_only_in_the_whole_scope(cast, amina):
    send(amina, world.page(cast, "allergies/none/"))
    place = world.page(cast)
    part = text_of(world.signed_in(cast, "bram").get(place))
    assert "Allergies: none on the list shared with you. Ask." in part
    everything = {"categories": CATEGORIES.all, "labels": LABELS.all}
    people.permit(cast.amina, cast.chidi, at=cast.at, **everything)
    whole = text_of(world.signed_in(cast, "chidi").get(place))
    assert "No known allergies." in whole


def test_every_row_of_many_long_allergies_is_printed_whole(cast, amina):
    names = [f"substance {number} " + "long " * 30 for number in range(25)]
    for name in names:
        world.add_allergy(cast, name.strip(), reaction="hives")
    for who in ("amina", "bram"):
        text = text_of(world.signed_in(cast, who).get(world.page(cast)))
        assert all(name.strip() in text for name in names)


@pytest.mark.capability("S25")
def test_substances_have_a_sharing_of_their_own(cast, amina):
    place = world.page(cast, "substances/add/")
    text_of(amina.get(place))
    send(amina, place, substance="alcohol", amount="2 glasses", often="weekends")
    text = text_of(amina.get(world.page(cast)))
    assert "Alcohol: 2 glasses weekends" in text and "Shared with: nobody" in text
    bram = world.signed_in(cast, "bram")
    reads = text_of(bram.get(world.page(cast)))
    assert "2 glasses" not in reads
    assert "Alcohol, cannabis, nicotine: not part of what is shared here." in reads
    more = people.COORDINATION | CATEGORIES["substances"]
    people.permit(cast.amina, cast.bram, at=cast.at, categories=more)
    assert "2 glasses" in text_of(bram.get(world.page(cast)))
    assert "Shared with: Dr. Bram Visser" in text_of(amina.get(world.page(cast)))


def test_a_substance_is_changed_or_taken_off(cast, amina):
    send(amina, world.page(cast, "substances/add/"), substance="nicotine")
    row = SubstanceUse.objects.get()
    place = world.page(cast, f"substances/{row.pk}/change/")
    text_of(amina.get(place))
    send(amina, place, substance="nicotine", often="not for 2 years", version=1)
    stale = {"substance": "nicotine", "often": "daily", "version": 1}
    assert amina.post(place, stale).status_code == 409
    send(amina, place, substance="nicotine", version=2, mistake="1")
    row.refresh_from_db()
    assert row.entered_in_error_at and row.version == 3
