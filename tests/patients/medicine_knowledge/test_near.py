"""What people type leads to the medicine they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.near import (
    begun_in_starter,
    distance,
    gathered,
    misspelled_in_starter,
)

MISSPELLED = {
    "zolft": "sertraline",
    "sertaline": "sertraline",
    "welbutrin": "bupropion",
    "buproprion": "bupropion",
    "seraquel": "quetiapine",
    "lamictle": "lamotrigine",
    "lamotragine": "lamotrigine",
    "prozack": "fluoxetine",
    "citalapram": "citalopram",
    "effexer": "venlafaxine",
    "abilfy": "aripiprazole",
    "trazadone": "trazodone",
    "gabapentine": "gabapentin",
    "xanex": "alprazolam",
    "zanax": "alprazolam",
    "klonapin": "clonazepam",
    "clonazapam": "clonazepam",
    "lorazapam": "lorazepam",
    "vivanse": "lisdexamfetamine",
    "adderal": "amphetamine and dextroamphetamine",
    "lithum": "lithium",
    "depacote": "divalproex sodium",
    "risperdol": "risperidone",
    "hydroxizine": "hydroxyzine",
    "tylonol": "acetaminophen",
    "ibuprophen": "ibuprofen",
    "oxicodone": "oxycodone",
    "metropolol": "metoprolol",
    "lisinipril": "lisinopril",
    "cymbolta": "duloxetine",
    "lexipro": "escitalopram",
    "sinthroid": "levothyroxine",
    "topomax": "topiramate",
    "busperone": "buspirone",
}


@pytest.mark.parametrize(("typed", "meant"), MISSPELLED.items())
def test_a_misspelled_name_suggests_what_was_meant_first(typed, meant):
    asked = key(typed)
    found = gathered(begun_in_starter(asked) or misspelled_in_starter(asked))
    assert found[0].name == meant


@pytest.mark.parametrize(
    ("typed", "name", "brand"),
    [
        ("sert", "sertraline", ""),
        ("zol", "sertraline", "Zoloft"),
        ("bupr", "bupropion", ""),
        ("suboxon", "buprenorphine and naloxone", "Suboxone"),
        ("adderall xr", "amphetamine and dextroamphetamine", "Adderall XR"),
        ("st john", "St. John's wort", ""),
        ("johns", "St. John's wort", ""),
        ("d3", "vitamin D3", ""),
        ("paracetamol", "acetaminophen", ""),
        # In combinations, and alone: with a brand of its own it is offered.
        ("sereve", "salmeterol", "Serevent"),
    ],
)
def test_a_begun_name_suggests_it_under_the_name_that_was_meant(typed, name, brand):
    found = gathered(begun_in_starter(key(typed)))
    assert (name, brand) in [(one.name, one.brand) for one in found]


def test_the_whole_name_is_certain_and_its_beginning_is_not():
    assert gathered(begun_in_starter("zoloft"))[0].is_certain
    assert not gathered(begun_in_starter("zolof"))[0].is_certain


@pytest.mark.parametrize("typed", ["zzzz", "grandmas drops", "xy", "the", "not a name"])
def test_what_is_no_name_suggests_nothing_by_slips(typed):
    assert misspelled_in_starter(key(typed)) == []


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("zoloft", "zoloft", 0),
        ("zolft", "zoloft", 1),
        ("zolotf", "zoloft", 1),
        ("prozac", "prozack", 1),
        ("klonapin", "klonopin", 1),
        ("abc", "xyz", 3),
    ],
)
def test_slips_are_letters_added_dropped_changed_or_swapped(one, other, slips):
    assert distance(one, other, most=3) == slips


WORDS = st.text("abcde", max_size=8)


@given(WORDS, WORDS)
def test_the_distance_is_the_same_both_ways_and_never_more_than_asked(one, other):
    there, back = distance(one, other, most=3), distance(other, one, most=3)
    assert there == back <= 4
    assert (there == 0) == (one == other)
