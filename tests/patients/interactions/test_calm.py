"""A flag that is wrong teaches people to look past the next one."""

from __future__ import annotations

import pytest

from patients import interactions
from patients.access.flags import taken_of
from patients.interactions import ingredients_of
from patients.models import MedicationStatement
from tests.patients.interactions.lists import RED, flags, worst


@pytest.mark.parametrize(
    ("applied", "other"),
    [
        ("ketoconazole 2% shampoo", "quetiapine"),
        ("ketoconazole cream", "alprazolam"),
        ("erythromycin eye ointment", "citalopram"),
        ("erythromycin 2% gel", "simvastatin"),
        ("ciprofloxacin ear drops", "tizanidine"),
        ("estradiol vaginal cream", "lamotrigine"),
    ],
)
def test_what_stays_where_it_is_put_goes_with_what_is_swallowed(applied, other):
    assert flags(applied, other) == flags(other, applied) == []
    swallowed = applied.split(maxsplit=1)[0]
    assert worst(swallowed, other) in ("avoid", "usually_not")
    # An allergy to it is one on the skin too, and the name is known as before.
    assert worst(applied, allergies=[swallowed]) == "avoid"
    assert interactions.is_recognised(applied)


def test_a_line_of_the_list_says_how_it_is_put_on():
    cream = MedicationStatement(name="ketoconazole", form="application")
    assert taken_of(cream).stays_outside == {"ketoconazole"}
    swallowed = MedicationStatement(name="ketoconazole", form="tablet")
    assert taken_of(swallowed).stays_outside == frozenset()


def test_what_passes_through_the_skin_is_checked_as_before():
    assert worst("Emsam patch", "sertraline") == "avoid"
    assert worst("diclofenac 1% gel", "lithium") == "usually_not"
    assert worst("timolol eye drops", "clonidine") == "take_care"
    assert worst("tretinoin cream", conditions=["pregnancy"]) == "avoid"


def test_a_long_and_a_mealtime_insulin_are_meant_together():
    assert flags("insulin glargine", "insulin lispro") == []
    assert flags("Tresiba", "Novolog") == []
    assert worst("Lantus", "Tresiba") == "take_care"
    assert worst("Lantus", "Basaglar") == "usually_not"
    assert worst("Lantus", "alcohol") == "take_care"


def test_a_condition_that_is_denied_is_none():
    for said in (
        "Not pregnant",
        "not currently pregnant",
        "Pregnancy test negative",
        "Negative pregnancy test",
        "History of pregnancy",
        "Pregnancy prevention",
    ):
        assert flags("valproate", conditions=[said]) == [], said
    assert flags("bupropion", conditions=["Family history of epilepsy"]) == []
    assert flags("bupropion", conditions=["No history of seizures"]) == []
    intractable = "Epilepsy, not intractable, without status epilepticus"
    assert worst("bupropion", conditions=[intractable]) == "avoid"
    assert worst("valproate", conditions=["Pregnancy, 12 weeks"]) == "avoid"


@pytest.mark.parametrize(
    ("allergy", "medicine"),
    [
        ("morphine sulfate", "Bactrim"),
        ("sulfates in shampoo", "sulfasalazine"),
        ("benzoyl peroxide", "lorazepam"),
        ("benzocaine", "clonazepam"),
        ("benzonatate", "diazepam"),
    ],
)
def test_an_allergy_is_not_read_into_half_a_word(allergy, medicine):
    assert flags(medicine, allergies=[allergy]) == []


@pytest.mark.parametrize(
    ("allergy", "medicine"),
    [
        ("sulfa", "Bactrim"),
        ("benzos", "lorazepam"),
        ("Adderall", "Vyvanse"),
        ("methylphenidate", "Focalin"),
        ("venlafaxine", "Pristiq"),
        ("modafinil", "Nuvigil"),
        ("omeprazole", "Nexium"),
        ("amitriptyline", "nortriptyline"),
        ("gabapentin", "Horizant"),
        ("olanzapine", "Symbyax"),
    ],
)
def test_an_allergy_reaches_what_is_nearly_the_same(allergy, medicine):
    assert worst(medicine, allergies=[allergy]) in ("avoid", "usually_not")


@pytest.mark.parametrize(
    ("one", "other", "severity"),
    [
        ("warfarin", "ibuprofen", "usually_not"),
        ("Eliquis", "Aleve", "usually_not"),
        ("Xarelto", "aspirin", "take_care"),
        ("Excedrin", "Coumadin", "take_care"),
        ("ketamine", "Xanax", "usually_not"),
        ("phentermine", "Adderall", "take_care"),
        ("SJW", "Yaz", "avoid"),
        ("poppers", "Viagra", "avoid"),
        ("Unisom", "Ambien", "usually_not"),
    ],
)
def test_what_every_pharmacist_would_say_is_said(one, other, severity):
    assert worst(one, other) == worst(other, one) == severity
    assert all(len(flag.sentence.split()) <= 20 for flag in flags(one, other))


def test_a_pair_that_is_often_meant_is_never_red():
    meant = [
        ("sertraline", "trazodone"),
        ("lithium", "sertraline"),
        ("lisinopril", "hydrochlorothiazide"),
        ("fluoxetine", "metoprolol"),
        ("clozapine", "metformin"),
        ("naloxone nasal spray", "oxycodone"),
        ("nicotine patch", "olanzapine"),
    ]
    for pair in meant:
        assert all(flag.severity < RED for flag in flags(*pair)), pair


def test_a_patch_against_smoking_is_no_double_of_smoking():
    assert flags("nicotine patch", "cigarettes") == []
    assert worst("nicotine patch", "nicotine gum") == "usually_not"


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        # A salt behind its medicine is no supplement; a supplement in a row is one.
        ("losartan potassium 50 mg", "losartan"),
        ("atorvastatin calcium", "atorvastatin"),
        ("omeprazole magnesium", "omeprazole"),
        ("calcium magnesium zinc", "calcium carbonate,magnesium,zinc"),
        ("lisinopril, potassium", "lisinopril,potassium chloride"),
        ("ferrous sulfate 325 mg", "iron"),
        # The letter behind a brand is a decongestant.
        ("Zyrtec-D", "cetirizine,pseudoephedrine"),
        ("Mucinex D", "guaifenesin,pseudoephedrine"),
        ("Advil Cold & Sinus", "ibuprofen,pseudoephedrine"),
        # Short forms as elsewhere, and alcohol that nobody drinks.
        ("SMZ/TMP DS", "sulfamethoxazole,trimethoprim"),
        ("DHE", "dihydroergotamine"),
        ("rubbing alcohol", ""),
        ("red wine", "alcohol"),
    ],
)
def test_a_name_holds_what_its_words_say_and_no_more(name, holds):
    assert ingredients_of(name) == frozenset(filter(None, holds.split(",")))
