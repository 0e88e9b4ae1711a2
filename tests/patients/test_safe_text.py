"""Every row of the table of unsafe medicine text, found where it is and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.safe_text import ALWAYS_FIXED, problems, safe

# Row, unsafe text, and its safe form where only one is possible.
UNSAFE = [
    ("D01", "1.0 mg", "1 mg"),
    ("D01", "0.50 mg", "0.5 mg"),
    ("D01", "1,000.0 units", "1,000 units"),
    ("D01", "2.0 tablets", "2 tablets"),
    ("D02", ".5 mg", "0.5 mg"),
    ("D02", "take .25 tablet", "take 0.25 tablet"),
    ("D03", "10mg", "10 mg"),
    ("D03", "100mL", "100 mL"),
    ("D03", "0.5MG", "0.5 MG"),
    ("D04", "Tegretol300 mg", "Tegretol 300 mg"),
    ("D04", "lithium450mg", "lithium 450 mg"),
    ("D05", "1000 units", "1,000 units"),
    ("D05", "100000 units", "100,000 units"),
    ("D05", "1500 mg", "1,500 mg"),
    ("D06", "5 mg. daily", "5 mg daily"),
    ("D06", "5 mL., then 2 mL", "5 mL, then 2 mL"),
    ("D07", "25 mg/day", "25 mg per day"),
    ("D07", "5 mg/5 mL", "5 mg per 5 mL"),
    ("D07", "2 tablets/day", "2 tablets per day"),
    ("D07", "5 mg/kg/day", "5 mg per kg per day"),
    ("D07", "12 mcg/hr", "12 mcg per hour"),
    ("D07", "25 mg/día", "25 mg por día"),
    ("D07", "25 units/10 units", None),
    ("D07", "10/325 mg", None),
    ("D07", "25 mg/d", None),
    ("D08", "1/2 tablet", "half tablet"),
    ("D08", "1/2 tablets", "half tablet"),
    ("D08", "1 1/2 tablets", "1 and a half tablets"),
    ("D08", "3/4 tablet", "three quarters tablet"),
    ("D08", "1/2 mg", None),
    ("D08", "since 1/2 tablets", None),
    ("D09", "V units", None),
    ("D09", "ii tablets", None),
    ("D10", "x3d", None),
    ("D10", "x 10 d", None),
    ("D10", "x3 doses", None),
    ("D11", "1-2 tablets", "1 to 2 tablets"),
    ("D11", "every 4-6 hours", "every 4 to 6 hours"),
    ("D11", "5–10 mg", None),
    ("D11", "25-100 tablets", None),
    ("D11", "5 mg - 10 mg", None),
    ("D12", "1,000 units 1", None),
    ("D12", "25 mg 2 at bedtime", None),
    ("D12", "25 mg\n\n2\n", None),
    ("D12", "25 mg x 2", None),
    ("D12", "25 mg (2)", None),
    ("D13", "1:1,000", None),
    ("D13", "epinephrine 1:10000", None),
    ("A01", "100 U", "100 units"),
    ("A01", "10U", "10 units"),
    ("A01", "5 IU", "5 units"),
    ("A01", "1 IU", "1 unit"),
    ("A01", "5 U", None),
    ("A01", "10u", None),
    ("A02", "50 µg", "50 mcg"),
    ("A02", "50 μg", "50 mcg"),
    ("A02", "50ug", "50 mcg"),
    ("A03", "25 mg QD", "25 mg daily"),
    ("A03", "take q.d.", "take daily"),
    ("A03", "q1d", "every day"),
    ("A03", "1 tablet o.d.", None),
    ("A03", "25 mg OD", None),
    ("A04", "QOD", "every other day"),
    ("A04", "25 mg q.o.d.", "25 mg every other day"),
    ("A05", "25 mg HS", "25 mg at bedtime"),
    ("A05", "qhs", "at bedtime"),
    ("A05", "25 mg BT", "25 mg at bedtime"),
    ("A06", "25 mg PO BID", "25 mg by mouth twice a day"),
    ("A06", "25 mg bid", "25 mg twice a day"),
    ("A06", "take BID", "take twice a day"),
    ("A06", "BID", None),
    ("A06", "1 tablet t.i.d.", "1 tablet three times a day"),
    ("A06", "QID", "four times a day"),
    ("A06", "prn for sleep", "as needed for sleep"),
    ("A06", "per os", "by mouth"),
    ("A06", "TIW", "3 times a week"),
    ("A06", "25 mg BIW", "25 mg twice a week"),
    ("A06", "1 tablet ac", "1 tablet before meals"),
    ("A06", "1 tablet pc", "1 tablet after meals"),
    ("A06", "1 tablet UD", "1 tablet as directed"),
    ("A06", "q6PM", "every day at 6 PM"),
    ("A06", "q4h", "every 4 hours"),
    ("A06", "qAM", "every morning"),
    ("A07", "10 units SC", "10 units under the skin"),
    ("A07", "sub q", "under the skin"),
    ("A08", "5 cc", "5 mL"),
    ("A08", "600 cc", None),
    ("A09", "D/C sertraline", None),
    ("A09", "d/c'd home", None),
    ("A10", "1 drop OD", None),
    ("A10", "2 drops in AU", None),
    ("A11", "100K units", "100,000 units"),
    ("A11", "1.5K units", "1,500 units"),
    ("A11", "5M units", None),
    ("A12", "insulin per SSI", None),
    ("A12", "SSRI insulin", None),
    ("S01", "> 10 mg", "more than 10 mg"),
    ("S01", "≤2 tablets", "at most 2 tablets"),
    ("S01", "100 mg > 150 mg", None),
    ("S01", "1 tablet @ 8 pm", "1 tablet at 8 pm"),
    ("S01", "AM & PM", "AM and PM"),
    ("S01", "25 mg & 50 mg", "25 mg and 50 mg"),
    ("S01", "q4°", "every 4 hours"),
    ("S02", "carbidopa+levodopa", "carbidopa and levodopa"),
    ("S02", "25 mg+50 mg", None),
    ("N01", "HCTZ 25 mg", None),
    ("N01", "MTX weekly", None),
    ("N01", "APAP", None),
    ("N01", "MS 5 mg", None),
    ("N02", "lamotri… 200 mg", None),
    ("N02", "quetiap...", None),
    ("N02", "lamotrigine 200 m…", None),
]
SAFE_TWINS = [
    "1 mg",
    "0.5 mg",
    "10.05 mg",
    "100 mg",
    "100 mL",
    "Tegretol 300 mg",
    "1,000 units",
    "100,000 units",
    "She takes 5 mg. Daily walks help.",
    "10 mg per day",
    "75 mg a day.",
    "25 units and 10 units",
    "half tablet",
    "1 and a half tablets",
    "5 units",
    "for 3 days",
    "1 to 2 tablets",
    "1,000 units (1 capsule)",
    "25 mg 3 times a day",
    "1 mg per mL",
    "10 units",
    "50 mcg",
    "25 mg daily",
    "every other day",
    "25 mg at bedtime",
    "25 mg by mouth, twice a day",
    "10 units under the skin",
    "5 mL",
    "stopped sertraline",
    "1 drop in the right eye",
    "5 million units",
    "sliding scale insulin",
    "more than 10 mg",
    "carbidopa and levodopa",
    "hydrochlorothiazide 25 mg",
    "lamotrigine 200 mg",
]
INNOCENT = [
    "Dr. OD Green",
    "He OD'd in 2019",
    "an SSRI such as sertraline",
    "takes an SSRI and insulin",
    "my SSI check came",
    "on 11/3",
    "11/3/2026",
    "2026-11-03",
    "from 2026-11-03 to 2026-12-01",
    "(555) 010-0199",
    "555-010-0199",
    "+1 555 010 0199",
    "3 of 8 shown",
    "step 2 of 3",
    "page 1 of 1",
    "jordan@demo.example",
    "name+tag@demo.example",
    "https://care.example.org/q?x=10mg&y=.5mg",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "and/or",
    "F32.0, F32.1 and E11.9",
    "PO Box 12",
    "P.O. Box 5",
    "version 1.0",
    "1:30 pm",
    "blood pressure 120/80",
    "glucose 95 mg/dL",
    "lithium level 0.8 mEq/L",
    "BMI 24 kg/m2",
    "Smith & Sons",
    "Q&A",
    "98.6 °F",
    "Washington, DC",
    "she bid on a house",
    "on my PC, in the AC",
    "high school (HS)",
    "Charleston, SC",
    "in 2026 tablets changed",
    "vitamin B12 1,000 mcg",
    "omega-3 1,000 mg",
    "5-HTP 100 mg",
    "PHQ-9 10",
    "LGBTQ+ people",
    "multiple sclerosis (MS)",
    "Ms. Rivera",
    "I felt… tired",
    "slept 4…",
    "a 24-hour line",
    "100 U.S. sites",
    "cc: Dr. Lee",
    "$50K",
    "401K",
    "Home > Medicines",
    "3/4 of the time",
    "5G phone",
    "COVID-19",
    "Type II diabetes",
    "Type IV",
    "I take 2 tablets",
    "as he said",
    "Medicines shared with Dr. Lee (7)",
    "Prescribed by Dr. Lee",
    "",
]


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def found(text):
    return {finding.id for finding in problems(text)}


@pytest.mark.parametrize(("row", "text", "_safe"), UNSAFE)
def test_unsafe_text_is_found_under_its_row(row, text, _safe):
    assert row in found(text)


@pytest.mark.parametrize(("row", "text", "_safe"), UNSAFE)
def test_unsafe_text_is_found_inside_a_sentence(row, text, _safe):
    finding = next(item for item in problems(f"Jordan: {text}") if item.id == row)
    assert finding.position >= len("Jordan: ")
    assert finding.match in text
    assert finding.advice


@pytest.mark.parametrize("text", [*SAFE_TWINS, *INNOCENT])
def test_safe_and_innocent_text_is_left_alone(text):
    assert problems(text) == []
    assert plain(safe(text)) == text


@pytest.mark.parametrize("text", [*SAFE_TWINS, *INNOCENT])
def test_innocent_text_stays_innocent_in_a_sentence(text):
    sentence = f"Since Nov 3: {text}, as agreed"
    assert problems(sentence) == []
    assert plain(safe(sentence)) == sentence


@pytest.mark.parametrize(
    ("text", "expected"), [(text, want) for _row, text, want in UNSAFE if want]
)
def test_what_can_mean_one_thing_is_put_in_its_safe_form(text, expected):
    assert plain(safe(text)) == expected
    assert problems(safe(text)) == []


@pytest.mark.parametrize("text", [text for _row, text, want in UNSAFE if want is None])
def test_what_can_mean_two_things_keeps_its_words(text):
    assert plain(safe(text)) == text


def test_every_row_of_the_table_has_a_case():
    numbered = {f"D{n:02}" for n in range(1, 14)} | {f"A{n:02}" for n in range(1, 13)}
    assert {row for row, _text, _safe in UNSAFE} == numbered | {
        "S01",
        "S02",
        "N01",
        "N02",
    }


def test_a_number_is_never_parted_from_its_unit():
    assert safe("10mg") == safe("10 mg") == "10\N{NO-BREAK SPACE}mg"


def test_addresses_inside_a_sentence_come_back_as_they_were():
    text = "Ask jordan+10mg@demo.example or www.example.org/.5mg, then 10mg \ufffc"
    assert plain(safe(text)) == text.replace("then 10mg", "then 10 mg")


def test_an_overdose_is_never_rewritten_as_daily():
    for text in ("took 20 tablets OD", "taken OD in 2019", "history of o.d. in 2019"):
        assert safe(text) == text


def test_a_whole_prescription_is_put_in_words():
    typed = "Lamictal200mg PO qhs, 1/2 tablet prn q6h, max 1000mg/day"
    assert plain(safe(typed)) == (
        "Lamictal 200 mg by mouth at bedtime,"
        " half tablet as needed every 6 hours, max 1,000 mg per day"
    )


def test_findings_stand_in_the_order_of_the_text():
    ids = [finding.id for finding in problems("10mg then .5 mg then 1.0 mg")]
    assert ids == ["D03", "D02", "D01"]


@pytest.mark.parametrize(
    "text", ["1," * 20_000, "1" * 20_000, "a." * 20_000, "25 mg PO " * 2_000]
)
def test_endless_text_is_read_in_one_pass(text):
    assert safe(safe(text)) == safe(text)


numbers = st.sampled_from(
    ["1", "1.0", ".5", "0.50", "10", "1000", "100000", "1/2", "1 1/2", "1-2", "5–10"]
    + ["1,000", "1.5", "V", ">10", "<5", "x3", "100K", "2026", "11/3"]
)
units = st.sampled_from(
    [
        "mg",
        "mg.",
        "mcg",
        "µg",
        "ug",
        "mL",
        "cc",
        "U",
        "IU",
        "units",
        "tablet",
        "tablets",
    ]
    + ["mg/day", "mg/5 mL", "%", "caps", "drops", "g", ""]
)
sigs = st.sampled_from(
    ["QD", "qd", "q.d.", "QOD", "HS", "qhs", "BID", "bid", "TID", "prn", "PO", "po"]
    + ["TIW", "ac", "q6h", "q6PM", "q1d", "SC", "sub q", "D/C", "OD", "AU", "BT", "UD"]
    + ["at bedtime", "daily", "and", "& PM", "@ noon", "+", "…", "(2)", "e@x.org"]
)
typed = st.lists(
    st.one_of(
        st.tuples(numbers, st.sampled_from(["", " "]), units).map("".join),
        sigs,
        st.sampled_from(["Tegretol", "take", "lithium", "SSRI", "since", "I", "\n"]),
        st.text(max_size=4),
    ),
    max_size=8,
).flatmap(
    lambda parts: st.sampled_from(["", " ", ", "]).map(lambda gap: gap.join(parts))
)


@given(typed)
def test_safe_text_is_already_safe(text):
    assert safe(safe(text)) == safe(text)


@given(typed)
def test_the_certain_kinds_never_survive(text):
    assert found(safe(text)) & ALWAYS_FIXED == set()


@given(typed)
def test_what_is_found_is_what_stands_there(text):
    for finding in problems(text):
        assert text.startswith(finding.match, finding.position)


@given(st.text(alphabet="abcdefghijklmnoprstuvwyz \n,", max_size=80))
def test_words_without_any_figure_are_never_given_one(text):
    assert not any(letter.isdigit() for letter in safe(text))
