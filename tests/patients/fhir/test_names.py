"""Medicine names in their parts; what is not understood stays whole."""

from __future__ import annotations

from decimal import Decimal

import pytest

from patients.fhir.names import read_name, read_number, strip_tag

# text, name, strength, unit, form, brand
NAMES = [
    ("sertraline 50 MG Oral Tablet", "sertraline", "50", "mg", "tablet", ""),
    (
        "quetiapine 25 MG Oral Tablet [Seroquel]",
        "quetiapine",
        "25",
        "mg",
        "tablet",
        "Seroquel",
    ),
    ("Sertraline 100mg tablets", "Sertraline", "100", "mg", "tablet", ""),
    (
        "levothyroxine sodium 0.025 MG Oral Tablet",
        "levothyroxine sodium",
        "0.025",
        "mg",
        "tablet",
        "",
    ),
    (
        "cilazapril 500 microgram tablet, 90",
        "cilazapril",
        "500",
        "mcg",
        "tablet",
        "",
    ),
    (
        "24 HR lamotrigine 100 MG Extended Release Oral Tablet [Lamictal]",
        "lamotrigine extended release (24 hour)",
        "100",
        "mg",
        "tablet",
        "Lamictal",
    ),
    (
        "12 HR bupropion hydrochloride 150 MG Extended Release Oral Tablet",
        "bupropion hydrochloride extended release (12 hour)",
        "150",
        "mg",
        "tablet",
        "",
    ),
    (
        "zolpidem tartrate 10 MG Sublingual Tablet",
        "zolpidem tartrate",
        "10",
        "mg",
        "sublingual tablet",
        "",
    ),
    (
        "Metformin 1g modified release tablets",
        "Metformin modified release",
        "1",
        "g",
        "tablet",
        "",
    ),
    ("PENICILLAMINE CAPSULE 125MG", "penicillamine", "125", "mg", "capsule", ""),
    ("Aspirin 500 mg Tabletten", "Aspirin", "500", "mg", "tablet", ""),
    ("ergocalciferol 50000 UNT Oral Capsule", "ergocalciferol", "50000", "units",
     "capsule", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "strength", "unit", "form", "brand"), NAMES)
def test_a_name_is_read_in_its_parts(text, name, strength, unit, form, brand):
    parsed = read_name(text)
    assert parsed.understood
    assert parsed.name == name
    assert parsed.single and parsed.single.strength == Decimal(strength)
    assert (parsed.single.unit, parsed.form.label, parsed.brand) == (unit, form, brand)


def test_a_combination_keeps_every_part_with_its_strength():
    parsed = read_name("buprenorphine 8 MG / naloxone 2 MG Sublingual Tablet")
    assert parsed.name == "buprenorphine 8 mg and naloxone 2 mg"
    assert parsed.ingredient == "buprenorphine and naloxone"
    assert parsed.single is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "1 ML haloperidol decanoate 100 MG/ML Injection",
            "haloperidol decanoate 100 mg per mL",
        ),
        (
            "3 ML insulin glargine 100 UNT/ML Pen Injector [Lantus]",
            "insulin glargine 100 units per mL",
        ),
        (
            "NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector",
            "epinephrine 1 mg per mL",
        ),
        (
            "168 HR estradiol 0.00312 MG/HR Transdermal System",
            "estradiol (lasts 168 hours)",
        ),
    ],
)
def test_a_concentration_stays_in_the_name_and_is_no_amount_of_one_injection(
    text, name
):
    assert read_name(text, rxnorm=True).name == name


@pytest.mark.parametrize(
    "text",
    [
        "CENAMAN DRINK AARDBEI",
        "ABARELIX PDR V INJSUSP 100MG FL PRK 100390",
        "{7 (perampanel 2 MG Oral Tablet) / 7 (perampanel 4 MG Oral Tablet) } Pack",
        "Ultraproct - cinchocaine 0.5% (5 mg/g) + fluocortolone 0.1% (1 mg/g) ointment",
        "Black Cohosh Extract herbal supplement",
        "darbepoetin alfa 500 mcg/mL in polysorbate injection syringe",
        "王不留行 10 g",
    ],
)
def test_what_is_not_understood_stays_whole(text):
    parsed = read_name(text)
    assert parsed.name in (text, text.removesuffix(" 10 g"))


def test_a_name_in_capitals_in_brackets_is_the_brand():
    parsed = read_name("metformin (GLUCOPHAGE) tablet")
    assert (parsed.name, parsed.brand, parsed.form.kind) == (
        "metformin",
        "Glucophage",
        "tablet",
    )


def test_letters_in_odd_capitals_are_made_small_and_brands_are_not():
    assert read_name("lisinopriL").name == "lisinopril"
    assert read_name("OxyContin").name == "OxyContin"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000", 1000),
        ("12.5", Decimal("12.5")),
        ("0,5", Decimal("0.5")),
        ("1.000", None),
        ("2.500", None),
        ("0.500", Decimal("0.5")),
        ("1,234,567", 1234567),
        ("1.2.3", None),
        ("5.", 5),
    ],
)
def test_a_number_that_two_countries_read_differently_is_no_number(text, value):
    assert read_number(text) == value


def test_a_thousand_with_a_point_gives_no_strength():
    assert read_name("metformin 1.000 mg Tabletten").parts[0].strength is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Anemia (disorder)", "Anemia"),
        ("salbutamol (sustancia)", "salbutamol"),
        (
            "Intrahepatic cholangiocarcinoma (HCC)",
            "Intrahepatic cholangiocarcinoma (HCC)",
        ),
        ("(disorder)", "(disorder)"),
        ("", ""),
    ],
)
def test_the_tag_of_a_code_is_no_part_of_its_name(text, said):
    assert strip_tag(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "oxycodone-acetaminophen 5-325 mg tablet",
        "oxycodone-acetaminophen 5/325 mg tablet",
        "oxycodone 5 / 325 mg tablet",
        "oxycodone-acetaminophen 5 mg-325 mg tablet",
        "Suboxone 8 mg-2 mg sublingual film",
        "carbidopa-levodopa 25–100 mg tablet",
        "Co-codamol 8/500 500 mg tablets",
    ],
)
def test_two_strengths_written_together_are_never_read_as_one(text):
    parsed = read_name(text)
    assert parsed.name in (text, text.removesuffix(" tablet"))
    assert parsed.single is None


@pytest.mark.parametrize("name", ["vitamin D3", "vitamin B12", "Factor VIII"])
def test_a_number_that_belongs_to_the_name_stays_in_it(name):
    parsed = read_name(f"{name} 1,000 units capsule")
    assert (parsed.name, parsed.single and parsed.single.strength) == (name, 1000)


def test_a_word_in_brackets_is_a_brand_only_before_a_known_form():
    assert read_name("cannabis (CBD) oil").brand == ""
    assert read_name("lamotrigine (EXTENDED RELEASE) tablet").brand == ""
    assert read_name("testosterone (ANDROGEL) gel").brand == "Androgel"


def test_the_strength_first_and_the_name_after_it_stay_whole():
    parsed = read_name("12.5 mg carvedilol tablet")
    assert parsed.name == "12.5 mg carvedilol tablet"
    assert parsed.single and parsed.single.strength == Decimal("12.5")
    assert parsed.form.label == "tablet"


def test_brands_keep_their_capitals_and_their_letters():
    assert read_name("Adderall XR 20 mg capsule").name == "Adderall XR"


def test_a_patch_by_the_day_says_24_hours():
    parsed = read_name("estradiol 0.1 mg/24 hr transdermal patch")
    assert parsed.single and parsed.single.per == "24 hours"
