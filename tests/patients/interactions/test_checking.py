"""Doubles, allergies, pregnancy, substances, names, and a long list."""

from __future__ import annotations

import pytest

from patients import interactions
from patients.interactions import Severity, Taken
from patients.interactions.knowledge import BadRule, _rule
from patients.management.commands.interactions import taken_of
from tests.patients.interactions.lists import flags, worst

PAIR = ("lithium", "ibuprofen")

# One ingredient twice, two of one class ------------------------------------------


def test_one_ingredient_under_two_names_is_told():
    (flag,) = flags("phenelzine", "Nardil")
    assert (flag.kind, flag.severity) == ("same_ingredient", Severity.USUALLY_NOT)
    assert flag.sentence == "Nardil and phenelzine both contain phenelzine."


def test_one_name_twice_is_only_something_to_know():
    (flag,) = flags("sertraline", "Sertraline")
    assert flag.severity is Severity.KNOW_ABOUT


def test_an_ingredient_inside_a_combination_is_found():
    found = flags("acetaminophen", "hydrocodone / acetaminophen")
    assert "same_ingredient" in {flag.kind for flag in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sertraline", "escitalopram"),
        ("lorazepam", "clonazepam"),
        ("quetiapine", "olanzapine"),
        ("ibuprofen", "naproxen"),
        ("venlafaxine", "duloxetine"),
        ("atorvastatin", "rosuvastatin"),
    ],
)
def test_two_of_one_class_are_told(one, other):
    assert "same_class" in {flag.kind for flag in flags(one, other)}


def test_a_product_of_two_ingredients_is_no_double_of_itself():
    assert flags("amphetamine / dextroamphetamine") == []


# Allergies ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allergy", "medicine", "severity"),
    [
        ("sulfa antibiotics", "sulfamethoxazole / trimethoprim", "avoid"),
        ("sulfa antibiotics", "Bactrim", "avoid"),
        ("sulfa", "hydrochlorothiazide", "know_about"),
        ("penicillin", "amoxicillin", "avoid"),
        ("amoxicillin", "ampicillin", "usually_not"),
        ("penicillin", "cephalexin", "know_about"),
        ("haloperidol", "haloperidol", "avoid"),
        ("carbamazepine", "oxcarbazepine", "usually_not"),
        ("NSAIDs", "ibuprofen", "avoid"),
        ("aspirin", "naproxen", "usually_not"),
        ("penicillin", "sertraline", ""),
        ("peanuts", "sertraline", ""),
    ],
)
def test_an_allergy_is_checked_against_ingredient_and_family(
    allergy, medicine, severity
):
    assert worst(medicine, allergies=[allergy]) == severity


def test_a_mild_reaction_is_no_alarm():
    from patients.interactions import Intolerance

    (taken,) = taken_of(["codeine"])
    allergy = Intolerance("x", "codeine", is_mild=True)
    found = interactions.check([taken], intolerant=[allergy])
    assert found[0].severity is Severity.TAKE_CARE


# Pregnancy and conditions ----------------------------------------------------------


@pytest.mark.parametrize(
    ("medicine", "severity"),
    [
        ("valproate", "avoid"),
        ("divalproex sodium", "avoid"),
        ("isotretinoin", "avoid"),
        ("warfarin", "avoid"),
        ("lisinopril", "avoid"),
        ("lithium", "usually_not"),
        ("carbamazepine", "usually_not"),
        ("topiramate", "usually_not"),
        ("sertraline", "take_care"),
        ("acetaminophen", ""),
    ],
)
def test_pregnancy_is_checked_against_the_known_few(medicine, severity):
    assert worst(medicine, conditions=["Pregnancy, 12 weeks"]) == severity
    assert worst(medicine) == ""


def test_other_diagnoses_that_a_label_forbids():
    assert worst("bupropion", conditions=["Epilepsy"]) == "avoid"
    assert worst("bupropion", conditions=["Bulimia nervosa"]) == "avoid"
    assert worst("haloperidol", conditions=["Alzheimer's disease"]) == "usually_not"
    assert worst("citalopram", conditions=["Long QT syndrome"]) == "avoid"


# Substances ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("medicine", "used", "severity"),
    [
        ("disulfiram", "alcohol", "avoid"),
        ("oxycodone", "beer", "avoid"),
        ("lorazepam", "wine", "usually_not"),
        ("zolpidem", "alcohol", "usually_not"),
        ("quetiapine", "alcohol", "usually_not"),
        ("metronidazole", "alcohol", "usually_not"),
        ("lorazepam", "cannabis", "take_care"),
        ("clozapine", "smoking", "take_care"),
        ("clozapine", "nicotine patch", ""),
        ("levothyroxine", "alcohol", ""),
        ("methadone", "cocaine", "avoid"),
    ],
)
def test_what_is_used_is_checked_against_what_is_taken(medicine, used, severity):
    assert worst(medicine, used) == severity
    assert worst(used, medicine) == severity


# Notes -----------------------------------------------------------------------------


WITH_A_BOX = """
    sertraline atomoxetine olanzapine clozapine carbamazepine lamotrigine valproate
    lithium lorazepam oxycodone methylphenidate zolpidem thioridazine nefazodone
    bupropion methadone disulfiram midazolam
"""


@pytest.mark.parametrize(
    "name",
    WITH_A_BOX.split(),
)
def test_a_boxed_warning_is_a_note_on_its_medicine(name):
    notes = [flag for flag in interactions.check(taken_of([name])) if flag.b is None]
    assert notes and {flag.kind for flag in notes} == {"boxed"}
    assert {flag.severity for flag in notes} == {Severity.KNOW_ABOUT}


def test_naltrexone_has_no_boxed_warning_any_more():
    assert interactions.check(taken_of(["naltrexone"])) == []


# Names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ingredients"),
    [
        ("Sertraline 50 MG Oral Tablet", {"sertraline"}),
        ("buprenorphine 8 MG / naloxone 2 MG Sublingual Tablet", {"buprenorphine"}),
        ("valproic acid", {"valproate"}),
        ("Divalproex Sodium ER", {"valproate"}),
        ("lithium carbonate", {"lithium"}),
        ("rifampicin", {"rifampin"}),
        ("St. John’s wort", {"st john's wort"}),
        ("Percocet", {"oxycodone", "acetaminophen"}),
        ("no such thing", set()),
        ("", set()),
    ],
)
def test_a_name_leads_to_its_ingredients(name, ingredients):
    assert ingredients <= interactions.ingredients_of(name)
    assert bool(interactions.ingredients_of(name)) == bool(ingredients)


# Words and order -------------------------------------------------------------------


def test_a_flag_says_what_to_do_and_who_says_so():
    for flag in flags("phenelzine", "sertraline", "lithium", "ibuprofen", "alcohol"):
        assert flag.sentence.endswith(".") and str(flag.what_to_do).endswith(".")
        assert flag.source and flag.source_date
        assert len(flag.sentence.split()) <= 20, flag.sentence


def test_the_most_serious_comes_first_and_the_order_of_the_list_is_nothing():
    names = ["ibuprofen", "sertraline", "phenelzine", "lithium", "quetiapine"]
    there = [(flag.names, flag.rule) for flag in flags(*names)]
    back = [(flag.names, flag.rule) for flag in flags(*reversed(names))]
    assert there == back
    severities = [flag.severity for flag in flags(*names)]
    assert severities == sorted(severities, reverse=True)


def test_a_flag_has_another_mark_when_a_line_changed():
    def mark(state: str) -> str:
        one = Taken("1", "lithium", frozenset({"lithium"}), state=state)
        other = Taken("2", "ibuprofen", frozenset({"ibuprofen"}))
        return interactions.check([one, other])[0].mark

    assert mark("1") == mark("1") != mark("2")


def test_a_mark_is_of_the_services_own_key(settings):
    """It stands in addresses: nobody finds names and doses by trying each."""

    def mark() -> str:
        one, other = (Taken(name, name, frozenset({name})) for name in PAIR)
        return interactions.check([one, other])[0].mark

    before = mark()
    settings.SECRET_KEY = "another key of another service"
    assert mark() != before


def test_nothing_is_told_of_an_empty_list():
    assert interactions.check([]) == []


def test_a_long_list_of_what_has_no_rule_costs_nothing(monkeypatch):
    """Rules are walked and not pairs: 500 unknown lines ask for no pair at all."""
    asked = []
    real = interactions.checking.product
    monkeypatch.setattr(
        interactions.checking,
        "product",
        lambda *sides: asked.append([len(side) for side in sides]) or real(*sides),
    )
    lines = [Taken(f"{n}", f"x{n}", frozenset()) for n in range(500)]
    assert interactions.check(lines) == [] == asked


def test_an_entry_with_a_gap_is_refused():
    entry = {"id": "x", "kind": "qt", "severity": "avoid", "a": "@nothing", "b": "y"}
    for wrong in ({}, {"review": "awaiting"}, {"review": "no", "a": "y"}):
        with pytest.raises(BadRule):
            _rule({**entry, "sentence": "", **wrong}, ("source", "2026-01-01"), {})
