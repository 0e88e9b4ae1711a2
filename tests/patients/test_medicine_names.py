"""Names that look alike are told apart, by eye and by ear."""

import pytest

from patients.medicine_names import (
    KNOWN_NAMES,
    LOOK_ALIKES,
    PLAIN,
    TALL_MAN,
    look_alikes,
    name_parts,
    plain_name,
    tall_man,
    used_for,
)


@pytest.mark.parametrize(
    ("name", "tall"),
    [
        ("bupropion", "buPROPion"),
        ("Bupropion XL", "buPROPion XL"),
        ("BUSPIRONE", "busPIRone"),
        ("prozac", "PROzac"),
        ("olanzapine / fluoxetine", "OLANZapine / FLUoxetine"),
        ("sertraline", "sertraline"),
        ("bupropione", "bupropione"),
        ("", ""),
    ],
)
def test_clinicians_see_tall_man_letters(name, tall):
    assert tall_man(name) == tall


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("buPROPion XL", "bupropion XL"),
        ("PROzac", "Prozac"),
        ("LAMICTAL", "Lamictal"),
        ("St John's wort", "St John's wort"),
    ],
)
def test_patients_see_plain_letters(name, plain):
    assert plain_name(name) == plain


@pytest.mark.parametrize("name", sorted(TALL_MAN))
def test_tall_man_letters_change_only_the_case(name):
    assert tall_man(name).lower() == name
    assert tall_man(name) not in {name, name.title(), name.upper()}
    assert plain_name(tall_man(name)).lower() == name


@pytest.mark.parametrize("name", sorted(TALL_MAN))
def test_every_look_alike_says_what_it_is_used_for(name):
    assert used_for(name), name


def test_a_name_never_has_two_tall_spellings():
    spelled = {name for group in LOOK_ALIKES for name in group}
    assert len({name.lower() for name in spelled}) == len(spelled)
    assert set(PLAIN) <= set(TALL_MAN) <= KNOWN_NAMES


def test_both_names_of_a_pair_are_shown_when_one_is_picked():
    assert look_alikes("bupropion XL") == ("busPIRone",)
    assert look_alikes("Clonazepam") == (
        "ALPRAZolam",
        "LORazepam",
        "cloNIDine",
        "KlonoPIN",
        "cloZAPine",
        "cloBAZam",
    )
    assert look_alikes("sertraline") == ()
    assert used_for("sertraline") == "mood or anxiety"
    assert used_for("grandma's drops") == ""


def test_a_name_falls_into_what_is_seen_and_what_is_heard():
    parts = name_parts("olanzapine and Fluoxetine 6 mg")
    assert "".join(part.seen for part in parts) == "OLANZapine and FLUoxetine 6 mg"
    assert "".join(part.heard for part in parts) == "olanzapine and fluoxetine 6 mg"
    assert [part.is_tall for part in parts] == [True, False, True, False]
