"""Every part of a medicine's name is recovered, and printing it gives it back."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.medicine_knowledge import PackItem, ParsedMedicine, Part, parse
from patients.medicine_knowledge.parsed import print_name
from patients.medicine_knowledge.rxnorm_names import parse_rxnorm
from patients.medicine_knowledge.units import UNITS
from tests.patients.medicine_knowledge.sample import rows

CLINICAL = {"SCD", "SBD"}


def said(parsed: ParsedMedicine) -> list[tuple[str, str, str]]:
    return [(part.name, str(part.strength), part.unit) for part in parsed.ingredients]


def one_line(text: str) -> str:
    return " ".join(text.split())


# A second reading of the plainest rows, written without any of the code under test.
PLAIN_ROW = re.compile(
    r"(?P<name>[^/\[\]]+?) (?P<number>\d+(?:\.\d+)?) (?P<unit>[A-Z%]+(?:/[A-Z]+)?) "
    r"(?P<form>[A-Z][A-Za-z -]+?)(?: \[(?P<brand>[^\[\]]+)\])?"
)
PREFIXED = re.compile(r"\d+(?:\.\d+)? (?:ML|HR|ACTUAT|MG) |\S+-[A-Z]\w+ |Micro")


def test_ninety_nine_of_a_hundred_single_rows_give_every_part():
    asked = right = 0
    for row in rows():
        match = PLAIN_ROW.fullmatch(one_line(row.name))
        if row.kind not in CLINICAL or " / " in row.name or not match:
            continue
        if PREFIXED.match(row.name):
            continue
        asked += 1
        parsed = parse(row.name)
        part = Part(match["name"], Decimal(match["number"]), match["unit"])
        right += (
            parsed.parts == (part,)
            and parsed.form == match["form"]
            and parsed.brand == (match["brand"] or "")
        )
    assert asked > 2_000
    assert right / asked >= 0.99, f"{right} of {asked}"


def test_every_clinical_row_is_understood_and_printed_as_it_was():
    wrong = []
    for row in rows():
        if row.kind in CLINICAL:
            parsed = parse_rxnorm(row.name)
            if not parsed.understood or print_name(parsed) != one_line(row.name):
                wrong.append(row.name)
    assert len(wrong) <= len(rows()) / 1_000, wrong[:20]


def test_rows_with_several_ingredients_keep_all_of_them():
    for row in rows():
        if row.kind in CLINICAL and " / " in row.name:
            named = one_line(row.name).partition(" [")[0]
            assert len(parse(row.name).ingredients) == len(named.split(" / ")), row


def test_packs_keep_each_medicine_with_its_count():
    packs = [row for row in rows() if row.kind == "PACK" and row.name.startswith("{")]
    assert len(packs) > 100
    for row in packs:
        parsed = parse(row.name)
        counted = re.findall(r"(?:\{| / )(\d+) (?=\()", one_line(row.name))
        assert [str(item.many) for item in parsed.contents] == counted, row.name
        assert all(item.medicine.parts for item in parsed.contents)


@pytest.mark.parametrize(
    ("name", "parts", "form", "brand"),
    [
        (
            "sertraline 50 MG Oral Tablet",
            [("sertraline", "50", "MG")],
            "Oral Tablet",
            "",
        ),
        (
            "quetiapine 25 MG Oral Tablet [Seroquel]",
            [("quetiapine", "25", "MG")],
            "Oral Tablet",
            "Seroquel",
        ),
        (
            "buprenorphine 8 MG / naloxone 2 MG Sublingual Tablet",
            [("buprenorphine", "8", "MG"), ("naloxone", "2", "MG")],
            "Sublingual Tablet",
            "",
        ),
        (
            "insulin isophane, human 70 UNT/ML / insulin, regular, human 30 UNT/ML "
            "Pen Injector [Novolin 70/30]",
            [
                ("insulin isophane, human", "70", "UNT/ML"),
                ("insulin, regular, human", "30", "UNT/ML"),
            ],
            "Pen Injector",
            "Novolin 70/30",
        ),
        (
            "polyethylene glycol 3350 17000 MG Powder for Oral Solution",
            [("polyethylene glycol 3350", "17000", "MG")],
            "Powder for Oral Solution",
            "",
        ),
        (
            "influenza virus A/Kansas/14/2017 (H3N2) antigen 0.03 MG/ML Injection",
            [("influenza virus A/Kansas/14/2017 (H3N2) antigen", "0.03", "MG/ML")],
            "Injection",
            "",
        ),
        (
            "5-hydroxytryptophan 100 MG Oral Capsule",
            [("5-hydroxytryptophan", "100", "MG")],
            "Oral Capsule",
            "",
        ),
        (
            "potassium chloride 20 MEQ Extended Release Oral Tablet",
            [("potassium chloride", "20", "MEQ")],
            "Extended Release Oral Tablet",
            "",
        ),
        (
            "nitrous oxide 99.5 % Gas for Inhalation",
            [("nitrous oxide", "99.5", "%")],
            "Gas for Inhalation",
            "",
        ),
        (
            "short ragweed pollen extract 12 AMBA1UNT Sublingual Tablet",
            [("short ragweed pollen extract", "12", "AMBA1UNT")],
            "Sublingual Tablet",
            "",
        ),
        ("Omeprazole Delayed Release Oral Capsule [Prilosec]",
         [("Omeprazole", "None", "")], "Delayed Release Oral Capsule", "Prilosec"),
        ("fish oil Oral Capsule", [("fish oil", "None", "")], "Oral Capsule", ""),
        ("Hydrocortisone 10 MG/ML [Texacort]",
         [("Hydrocortisone", "10", "MG/ML")], "", "Texacort"),
    ],
)  # fmt: skip
def test_names_of_rxnorm_are_read_to_their_last_word(name, parts, form, brand):
    parsed = parse(name)
    assert (said(parsed), parsed.form, parsed.brand) == (parts, form, brand)
    assert parsed.understood


def test_what_stands_before_a_name_is_no_strength():
    parsed = parse("Abuse-Deterrent 12 HR oxycodone hydrochloride 30 MG Oral Tablet")
    assert parsed.qualifiers == ("Abuse-Deterrent",) and parsed.duration == "12 HR"
    assert said(parsed) == [("oxycodone hydrochloride", "30", "MG")]
    pen = parse("0.4 ML methotrexate 18.8 MG/ML Auto-Injector")
    assert pen.quantity == "0.4 ML" and said(pen)[0][1:] == ("18.8", "MG/ML")
    patch = parse("9 HR dextroamphetamine 0.5 MG/HR Transdermal System [Xelstrym]")
    assert patch.duration == "9 HR" and said(patch)[0][2] == "MG/HR"
    spray = parse("200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler")
    assert spray.quantity == "200 ACTUAT" and said(spray)[0][2] == "MG/ACTUAT"


@pytest.mark.parametrize(
    ("typed", "parts", "form", "brand", "rxcui"),
    [
        ("Zoloft 50mg", [("sertraline", "50", "MG")], "", "Zoloft", "36437"),
        (
            "lithium carbonate ER 450 mg",
            [("lithium carbonate", "450", "MG")],
            "Extended Release",
            "",
            "6448",
        ),
        ("Seroquel XR 300", [("quetiapine", "300", "")], "Extended Release",
         "Seroquel XR", "51272"),
        ("lamotrigine 25 mg 2 tablets", [("lamotrigine", "25", "MG")], "Tablet", "",
         "28439"),
        ("levothyroxine 88mcg", [("levothyroxine", "88", "MCG")], "", "", "10582"),
        ("vitamin D3 2,000 IU", [("vitamin D3", "2000", "UNT")], "", "", "2418"),
        ("vitamin B12 1000 mcg", [("vitamin B12", "1000", "MCG")], "", "", "11248"),
        ("clonidine .1 mg tab", [("clonidine", "0.1", "MG")], "Tablet", "", "2599"),
        ("fentanyl patch 25 mcg/hr", [("fentanyl", "25", "MCG/HR")], "Patch", "",
         "4337"),
        ("amoxicillin 250 mg/5 mL susp", [("amoxicillin", "250", "MG/5ML")],
         "Suspension", "", "723"),
        (
            "Percocet 5 mg/325 mg",
            [("oxycodone", "5", "MG"), ("acetaminophen", "325", "MG")],
            "",
            "Percocet",
            "214183",
        ),
        (
            "hydrocodone-acetaminophen 5-325 mg tab",
            [("hydrocodone", "5", "MG"), ("acetaminophen", "325", "MG")],
            "Tablet",
            "",
            "214182",
        ),
        ("Prozac", [("fluoxetine", "None", "")], "", "Prozac", "4493"),
    ],
)  # fmt: skip
def test_names_as_people_type_them_are_read_too(typed, parts, form, brand, rxcui):
    parsed = parse(typed)
    assert said(parsed) == parts
    assert (parsed.form, parsed.brand, parsed.rxcui) == (form, brand, rxcui)


def test_one_amount_of_a_combination_is_given_to_neither_half():
    assert said(parse("Adderall XR 20 mg")) == [
        ("amphetamine", "None", ""),
        ("dextroamphetamine", "None", ""),
    ]


def test_a_name_that_nobody_knows_stays_as_it_was_typed():
    parsed = parse("grandma's drops 20 mg")
    assert not parsed.understood
    assert parsed.text == "grandma's drops 20 mg"


@given(st.text(max_size=300))
def test_no_text_breaks_the_parser(text):
    parsed = parse(text)
    assert parsed.text == " ".join(text.split())
    assert parsed.ingredients


WORDS = st.sampled_from(
    [
        "sertraline",
        "insulin",
        "3350",
        "alfa-2b",
        "(USP)",
        "human,",
        "acid",
        "B12",
        "oil",
    ]
)
NAMES = (
    st.lists(WORDS, min_size=1, max_size=4)
    .map(" ".join)
    .filter(lambda name: name[0].isalpha())
)
STRENGTHS = st.decimals(
    min_value=Decimal("0.0001"), max_value=Decimal(10_000_000), places=4
).map(lambda number: number.normalize() + 0)
ONE_UNIT = st.sampled_from(sorted(UNITS))
SHARED_UNITS = st.builds("{}/{}".format, ONE_UNIT, ONE_UNIT)
PARTS = st.builds(Part, NAMES, STRENGTHS, ONE_UNIT | SHARED_UNITS)
FORMS = st.sampled_from(
    ["Oral Tablet", "Extended Release Oral Capsule", "Pen Injector", "Topical Gel", ""]
)
BRANDS = st.sampled_from(["", "Seroquel", "Children's Advil", "Novolin 70/30", "A [B]"])
MEDICINES = st.builds(
    ParsedMedicine,
    parts=st.lists(PARTS, min_size=1, max_size=4).map(tuple),
    form=FORMS,
    brand=BRANDS,
    quantity=st.sampled_from(["", "0.5 ML", "200 ACTUAT"]),
    duration=st.sampled_from(["", "12 HR", "24 HR"]),
    qualifiers=st.sampled_from([(), ("Abuse-Deterrent",), ("3-Bead",)]),
)
PACKS = st.builds(
    ParsedMedicine,
    form=st.just("Pack"),
    brand=BRANDS,
    contents=st.lists(
        st.builds(
            PackItem,
            st.integers(1, 200),
            st.sampled_from(["", "355 ML", "30000 MG"]),
            MEDICINES,
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)


@given(MEDICINES | PACKS)
def test_a_printed_name_is_read_as_what_was_printed(parsed):
    assert parse_rxnorm(print_name(parsed)) == parsed
