"""The medicine list, for its patient and for those it is shared with."""

from __future__ import annotations

import re

import pytest

from consents.codes import PURPOSES
from consents.models import Disclosure
from patients.models import MedicationStatement
from tests import cast as people
from tests.folded import standing_open
from tests.patients import medicines_world as world
from tests.safe_html import assert_safe_html, visible_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def text_of(response) -> str:
    assert response.status_code == 200, response.status_code
    assert_safe_html(response.content)
    return " ".join(visible_text(response.content.decode()).split())


def without_tokens(content: bytes) -> bytes:
    chance = rb'name="csrfmiddlewaretoken" value="[^"]+"|data-shown="[^"]*"'
    return re.sub(chance, b"", content)


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


@pytest.mark.capability("S25")
def test_an_as_needed_line_says_once_what_for(cast):
    world.add(cast, "propranolol", world.AS_NEEDED, reason="Panic")
    world.add(cast, "hydroxyzine", world.AS_NEEDED, reason="panic and itching")
    for who in ("amina", "bram"):
        text = text_of(world.signed_in(cast, who).get(world.page(cast, "medicines/")))
        assert "only when needed for panic" in text
        if who == "amina":
            assert "For Panic." not in text and "For panic and itching." in text


def test_a_list_that_nobody_began_does_not_say_that_nothing_is_taken(cast, amina):
    text = text_of(amina.get(world.page(cast)))
    assert "0 medicines" not in text and "You have not checked this list yet." in text
    amina.post(world.page(cast, "medicines/none/"))
    assert "0 medicines you take now." in text_of(amina.get(world.page(cast)))


def test_the_patient_sees_every_kind_of_medicine_in_its_own_section(cast, amina):
    world.add(cast, "quetiapine", reason="sleep")
    world.add(cast, "hydroxyzine", world.AS_NEEDED)
    world.add(cast, "paliperidone", world.MONTHLY)
    world.add(cast, "prednisone", world.TAPER)
    world.add(cast, "vitamin D", kind="supplement")
    answer = amina.get(world.page(cast))
    text = text_of(answer)
    titles = (
        "Every day (1)",
        "Only when needed (1)",
        "Injections, patches and step plans (2)",
        "Vitamins, supplements and non-prescription (1)",
        "Alcohol, cannabis, nicotine and other substances",
    )
    places = [text.index(title) for title in titles]
    assert places == sorted(places)
    assert "5 medicines you take now." in text
    assert "156 mg (1 injection), every 4 weeks." in text
    assert "next due Dec 1, 2026" in text
    # Before anything is opened: allergies, each name and dose, what may be done.
    seen = standing_open(answer.content.decode())
    assert seen.index("Allergies not recorded") < seen.index("Every day (1)")
    for words in ("quetiapine", "156 mg (1 injection)", "vitamin D", "Change dose"):
        assert words in seen
    assert "What to take today" in seen and "Not recorded. They" not in seen
    item = MedicationStatement.objects.get(name="quetiapine")
    assert world.page(cast, f"medicines/{item.pk}/history/") in answer.content.decode()


def test_an_empty_list_says_not_recorded_until_the_patient_says_none(cast, amina):
    assert "Not recorded" in text_of(amina.get(world.page(cast)))
    amina.post(world.page(cast, "medicines/none/"))
    text = text_of(amina.get(world.page(cast)))
    assert "No current medicines" in text
    world.add(cast, "quetiapine")
    assert "No current medicines" not in text_of(amina.get(world.page(cast)))


def test_a_clinician_reads_the_shared_heading_and_no_action_of_the_patient(cast):
    world.add(cast, "bupropion")
    world.add(cast, "lamotrigine", brand="Lamictal")
    text = text_of(world.signed_in(cast, "bram").get(world.page(cast)))
    heading = (
        "Medicines shared with Dr. Bram Visser (2). "
        "Before prescribing, ask what else is taken."
    )
    assert heading in text
    assert "buPROPion" in text and "LaMICtal" in text
    assert "Taking" in text
    assert "Change dose" not in text
    assert "Write an entry beside" in text


def test_a_hidden_medicine_leaves_no_byte_on_a_clinicians_page(cast):
    world.add(cast, "quetiapine")
    bram = world.signed_in(cast, "bram")
    places = ("medicines/", "list/", "allergies/")
    before = [without_tokens(bram.get(world.page(cast, p)).content) for p in places]
    hidden = world.add_hidden(cast)
    after = [without_tokens(bram.get(world.page(cast, p)).content) for p in places]
    strip = [re.sub(rb"Printed [^<]+", b"", page) for page in before + after]
    assert strip[:3] == strip[3:]
    assert (
        bram.get(world.page(cast, f"medicines/{hidden.pk}/history/")).status_code == 404
    )
    assert (
        bram.get(world.page(cast, f"medicines/{hidden.pk}/entry/")).status_code == 404
    )


@pytest.mark.parametrize("who", ["dana", "fatou", "gus", "edo", "ines"])
def test_a_stranger_gets_the_page_that_does_not_exist(cast, who):
    line = world.add(cast, "quetiapine")
    client = world.signed_in(cast, who)
    for place in ("medicines/", "list/", "list.pdf", f"medicines/{line.pk}/history/"):
        assert client.get(world.page(cast, place)).status_code == 404


def test_family_reads_what_is_shared_and_can_change_nothing(cast):
    line = world.add(cast, "quetiapine")
    world.add_hidden(cast)
    purposes = PURPOSES.mask("FAMRQT")
    people.permit(cast.amina, cast.hana, at=cast.at, purposes=purposes)
    hana = world.signed_in(cast, "hana")
    text = text_of(hana.get(world.page(cast)))
    assert "Medicines shared with Hana Diallo (1)." in text
    assert "disulfiram" not in text
    assert "Write an entry" not in text
    history = world.page(cast, f"medicines/{line.pk}/history/")
    assert "I added this by mistake" not in text_of(hana.get(history))


def test_a_reader_of_the_list_leaves_a_trace(cast):
    line = world.add(cast, "quetiapine")
    world.signed_in(cast, "bram").get(world.page(cast))
    row = Disclosure.objects.get(user=cast.user("bram"))
    assert ["patients.medicationstatement", str(line.pk), 1] in row.items


@pytest.mark.parametrize("who", ["chidi", "hana"])
def test_a_team_member_without_consent_reads_that_nothing_is_shared(cast, who):
    world.add(cast, "quetiapine")
    text = text_of(world.signed_in(cast, who).get(world.page(cast)))
    assert "Nothing is shared with you now." in text
    assert "quetiapine" not in text.lower()
