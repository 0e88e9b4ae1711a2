"""Flags on the list and the chart: what they say, and to whom."""

from __future__ import annotations

from datetime import date

import pytest

from patients.actions import medicines
from patients.actions.medicines import Why
from patients.models import Condition, Patient, SubstanceUse
from tests.patients import flags_world, records
from tests.patients import medicines_world as world
from tests.patients.flags_world import html

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
CAVEAT = "This check is help for a conversation, not a complete check."


@pytest.mark.parametrize("who", ["amina", "bram", "jon"])
def test_a_flag_says_how_serious_why_what_to_do_and_who_says_so(cast, both, who):
    seen = html(cast, who)
    for words in (
        "Usually not together",
        "ibuprofen can make lithium build up to a poisonous level.",
        "Ask a pharmacist for another pain reliever.",
        "Source: ANSM thesaurus of interactions, Sep 1, 2016.",
        CAVEAT,
    ):
        assert words in seen


def test_advice_to_the_patient_is_called_so_where_others_read_it(cast, both):
    own, bram = html(cast, "amina"), html(cast, "bram")
    assert "What to do:" in own and "patient reads:" not in own
    assert "What to do:" not in bram
    assert "What the patient reads:" in bram and "The patient reads:" in bram


def test_the_chart_of_a_prescriber_has_the_same_flags(cast, both):
    seen = html(cast, "bram", "")
    assert "To talk about (1)" in seen and CAVEAT in seen
    assert "ibuprofen can make lithium build up" in seen
    assert "It covers only what is shared with you." in seen


def test_whoever_is_shared_nothing_gets_no_word_of_a_check(cast, both):
    for who in ("chidi", "hana"):
        for place in ("medicines/", ""):
            assert "To talk about" not in html(cast, who, place)


def test_a_name_that_is_not_known_is_said_not_to_be_checked(cast):
    world.add(cast, "Grandmother drops")
    assert "Not checked, because the name is not known here: Grandmother drops." in (
        html(cast, "amina").replace("\n", " ")
    )


def test_milder_warnings_are_not_nothing_to_talk_about(cast):
    """Two of one kind stood folded under "Nothing to talk about was found"."""
    world.add(cast, "sertraline")
    world.add(cast, "fluoxetine")
    seen = html(cast, "amina")
    assert "Take care (1)" in seen and "Nothing to talk about" not in seen
    assert "No serious warning is open. Look at what follows too." in seen


def test_what_was_stopped_takes_no_part(cast, both):
    lithium, _ibuprofen = both
    medicines.stop(
        item=lithium,
        version=lithium.version,
        outcome=medicines.Outcome(),
        why=Why(),
        by=cast.user("amina"),
        at=cast.at,
    )
    assert flags_world.pairs(cast, "amina") == []


def test_an_entry_takes_part_before_it_is_taken_over(cast):
    world.add(cast, "ibuprofen")
    world.prescribe(cast, name="lithium")
    assert flags_world.pairs(cast, "amina") == [("lithium", "ibuprofen")]


def test_an_entry_beside_its_own_line_is_no_double(cast):
    line = world.add(cast, "sertraline")
    world.prescribe(cast, beside=line)
    assert flags_world.pairs(cast, "amina") == []


def test_allergies_substances_and_conditions_take_part(cast):
    world.add(cast, "valproate")
    world.add(cast, "amoxicillin")
    world.add(cast, "lorazepam")
    world.add_allergy(cast, "penicillin")
    put = records.item
    put(Condition, cast.amina, "conditions", cast.at, name="pregnant", status="active")
    put(SubstanceUse, cast.amina, "substances", cast.at, substance="alcohol")
    kinds = {one.flag.kind for one in flags_world.rows(cast, "amina").raised}
    assert {"allergy", "pregnancy", "substance", "boxed"} <= kinds


def test_alcohol_that_is_not_drunk_is_no_flag(cast):
    world.add(cast, "lorazepam")
    alcohol = {"substance": "alcohol", "amount": "None"}
    records.item(SubstanceUse, cast.amina, "substances", cast.at, **alcohol)
    assert flags_world.pairs(cast, "amina") == []


@pytest.mark.parametrize(("born", "told"), [(2004, True), (1991, False), (None, True)])
def test_a_warning_about_young_people_is_told_to_young_people(cast, born, told):
    birth = date(born, 5, 1) if born else None
    Patient.objects.filter(pk=cast.amina.pk).update(birth_date=birth)
    world.add(cast, "sertraline")
    words = "thoughts of suicide can come or grow up to age 24"
    for who in ("amina", "bram"):
        assert (words in html(cast, who)) is told


@pytest.mark.parametrize(("born", "told"), [(1950, True), (1991, False)])
def test_a_warning_about_old_age_is_told_to_the_old(cast, born, told):
    Patient.objects.filter(pk=cast.amina.pk).update(birth_date=date(born, 5, 1))
    world.add(cast, "quetiapine")
    assert ("older people with dementia" in html(cast, "amina")) is told
