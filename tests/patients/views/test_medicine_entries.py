"""A prescriber's entry beside the list, the patient's answer, and what nobody may."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from patients.actions import medicines
from patients.models import (
    AllergyIntolerance,
    MedicationRequest,
    MedicationStatement,
    SubstanceUse,
    TimelineEvent,
)
from patients.urls import allergies as allergy_urls
from patients.urls import medicines as medicine_urls
from tests.patients import medicines_world as world
from tests.patients.views.test_medicine_pages import send
from tests.patients.views.test_medicines import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PLAN = {
    "starts_date": "today",
    "why": "Sleep is still short.",
    "expected": "Longer sleep in 2 weeks.",
    "watch_for": "Sleepy mornings.",
    "watch_weeks": "4",
}
DOSE = {"strength": "50", "unit": "mg", "form": "tablet", "bedtime": "3"}


@pytest.fixture
def line(cast):
    return world.add(cast, "quetiapine", prescriber=cast.bram)


@pytest.fixture
def amina(cast):
    return world.signed_in(cast, "amina")


def test_the_reason_ends_before_what_follows_it(cast):
    world.prescribe(cast, why="panic at work")
    assert TimelineEvent.objects.latest("recorded_at").detail == "Why: panic at work."


@pytest.mark.capability("S22")
def test_the_card_of_an_entry_says_when_to_expect_it_and_what_it_does_to_therapy(
    cast, amina
):
    plan = {"expected": "less worry", "watch_for": "falls", "therapy": "slow to start"}
    world.prescribe(cast, expected_weeks=2, watch_weeks=4, **plan)
    seen = " ".join(text_of(amina.get(world.page(cast))).split())
    assert "less worry After 2 weeks." in seen and "falls For 4 weeks." in seen
    assert "In therapy slow to start" in seen


@pytest.mark.capability("S22")
def test_a_prescriber_writes_beside_the_line_and_everybody_is_told_at_once(cast, line):
    bram = world.signed_in(cast, "bram")
    first = world.page(cast, f"medicines/{line.pk}/entry/")
    assert "The patient's own line says: 100 mg" in text_of(bram.get(first))
    second = send(bram, first, schedule="daily")
    text_of(bram.get(second))
    done = send(bram, second, **DOSE, **PLAN)
    assert send(bram, second, **DOSE, **PLAN) == done
    entry = MedicationRequest.objects.get()
    assert (entry.author, entry.watch_weeks) == (cast.bram, 4)
    event = TimelineEvent.objects.get(kind="medicine_prescribed")
    assert event.due_at == event.recorded_at
    assert event.lineage == line.lineage
    line.refresh_from_db()
    assert (line.version, line.bedtime) == (1, 2)
    assert "Dr. Bram Visser's list says 150 mg" in text_of(bram.get(done))


def answer(client, cast, entry, said):
    place = world.page(cast, f"medicines/entries/{entry.pk}/answer/")
    return text_of(client.get(send(client, place, answer=said)))


def test_the_patient_says_what_they_take_or_adopts_it(cast, line, amina):
    entry = world.prescribe(cast, beside=line)
    text = text_of(amina.get(world.page(cast)))
    # Said once, where it is answered.
    assert text.count("Dr. Bram Visser's list says 150 mg") == 1
    assert "I take 100 mg" in text and "150 mg is right" in text
    waits = "A prescriber wrote something beside your list"
    assert waits in text_of(amina.get(world.page(cast, "")))
    text = answer(amina, cast, entry, "mine")
    assert "You said that you take 100 mg." in text
    assert waits not in text_of(amina.get(world.page(cast, "")))
    answer(amina, cast, entry, "theirs")
    line.refresh_from_db()
    assert (line.bedtime, line.last_change_decided_by) == (3, "prescriber")
    assert "list says" not in text_of(amina.get(world.page(cast)))


def test_an_entry_that_was_answered_is_not_answered_again(cast, line, amina):
    """A second tab, or the button twice: what was taken over stays taken over once."""
    entry = world.prescribe(cast, beside=line)
    answer(amina, cast, entry, "theirs")
    for again in ("theirs", "aside", "mine"):
        answer(amina, cast, entry, again)
    line.refresh_from_db()
    entry.refresh_from_db()
    assert (line.version, entry.set_aside_at, entry.disagreed_at) == (2, None, None)
    other = world.prescribe(cast, name="lithium")
    answer(amina, cast, other, "aside")
    answer(amina, cast, other, "theirs")
    assert not MedicationStatement.objects.filter(name="lithium").exists()


def test_not_sure_asks_by_name_and_number(cast, line, amina):
    entry = world.prescribe(cast, beside=line)
    text = answer(amina, cast, entry, "ask")
    assert "Please ask Dr. Bram Visser. Call (555) 010-0110." in text
    assert "Not sure" in text
    line.refresh_from_db()
    assert line.unsure and line.bedtime == 2
    home = text_of(amina.get(world.page(cast, "")))
    assert "wrote something beside your list" not in home


def test_a_new_medicine_waits_until_the_patient_confirms_it(cast, amina):
    entry = world.prescribe(cast, name="lithium")
    assert "Prescribed, not yet confirmed by you (1)" in text_of(
        amina.get(world.page(cast))
    )
    bram = world.signed_in(cast, "bram")
    assert "not yet confirmed by the patient" in text_of(bram.get(world.page(cast)))
    answer(amina, cast, entry, "theirs")
    taken = MedicationStatement.objects.get()
    assert (taken.name, taken.prescriber) == ("lithium", cast.bram)


def test_what_is_set_aside_leaves_both_lists_and_stays_its_authors(cast, amina):
    entry = world.prescribe(cast, name="lithium")
    text = answer(amina, cast, entry, "aside")
    assert "lithium" not in text
    entry.refresh_from_db()
    assert entry.set_aside_at and not MedicationStatement.objects.exists()


def test_an_entry_that_says_stop_is_adopted_as_a_stop(cast, line, amina):
    entry = world.prescribe(cast, beside=line, stops=True, dosage=world.DAILY)
    assert "list says stop" in text_of(amina.get(world.page(cast)))
    answer(amina, cast, entry, "theirs")
    line.refresh_from_db()
    assert line.status == "stopped"


def test_an_entry_carries_the_labels_of_the_line_and_of_its_name(cast, line):
    medicines.set_labels(item=line, labels=8, by=cast.user("amina"), at=cast.at)
    assert world.prescribe(cast, beside=line).labels == 8
    assert world.prescribe(cast, name="buprenorphine").labels == 1


@pytest.mark.parametrize("who", ["chidi", "hana", "dana", "amina"])
def test_only_a_prescriber_with_the_list_may_write_an_entry(cast, line, who):
    client = world.signed_in(cast, who)
    for place in ("medicines/entry/", f"medicines/{line.pk}/entry/"):
        assert client.get(world.page(cast, place)).status_code == 404
        assert client.post(world.page(cast, place), {}).status_code == 404
    assert not MedicationRequest.objects.exists()


def own_addresses(cast, line) -> list[str]:
    """Every address of these pages, filled in with what exists."""
    values = {
        "patient_id": cast.amina.pk,
        "medicine_id": line.pk,
        "draft_id": uuid.uuid4(),
        "event_id": TimelineEvent.objects.filter(about=line.pk).first().pk,
        "entry_id": world.prescribe(cast, beside=line).pk,
        "allergy_id": world.add_allergy(cast).pk,
        "substance_id": uuid.uuid4(),
        "mark": "0" * 32,
        "effect_id": uuid.uuid4(),
        "change_id": uuid.uuid4(),
        "party_id": cast.bram.pk,
        "told": "ran_out",
    }
    patterns = [*medicine_urls.urlpatterns, *allergy_urls.urlpatterns]
    return [
        reverse(
            f"patients:{pattern.name}",
            kwargs={key: values[key] for key in pattern.pattern.converters},
        )
        for pattern in patterns
    ]


EVERYTHING = {
    "name": "changed",
    "substance": "other",
    "criticality": "low",
    "schedule": "daily",
    "version": "1",
    "reason": "changed",
    "what": "for_good",
    "when": "today",
    "decided_by": "prescriber",
    "answer": "theirs",
    "keep": "me",
    "owner": "me",
    "started": "",
    **DOSE,
}


def rows_of(*models) -> list:
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.slow
@pytest.mark.parametrize("who", ["bram", "jon", "chidi", "hana", "dana", "edo"])
def test_no_post_by_anybody_else_changes_the_patients_own_lines(cast, line, who):
    places = own_addresses(cast, line)
    assert len(places) > 25
    client = world.signed_in(cast, who)
    mine = (MedicationStatement, AllergyIntolerance, SubstanceUse)
    before = rows_of(*mine)
    for place in places:
        assert client.post(place, EVERYTHING).status_code in {302, 404, 405, 200}, place
    assert rows_of(*mine) == before
