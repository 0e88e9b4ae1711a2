"""Amounts, units and forms: as they are printed, and as people type them."""

import pytest

from patients.dosage import (
    NBSP,
    Amount,
    AmountError,
    count_text,
    normalise_form,
    normalise_unit,
    number_text,
    parse_amount,
)
from tests.patients.test_dosage import D, plain

# Numbers, units, forms


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.0", "1"),
        ("0.50", "0.5"),
        (".5", "0.5"),
        ("100", "100"),
        ("1000", "1,000"),
        ("2400000", "2,400,000"),
        ("1E+3", "1,000"),
        ("1000.250", "1,000.25"),
    ],
)
def test_a_number_has_no_last_zero_and_no_naked_point(value, text):
    assert number_text(D(value)) == text


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        ("0.25", "tablet", "quarter tablet"),
        ("0.5", "tablet", "half tablet"),
        ("0.75", "tablet", "three quarters tablet"),
        ("1", "tablet", "1 tablet"),
        ("1.5", "tablet", "1 and a half tablets"),
        ("2.25", "capsule", "2 and a quarter capsules"),
        ("1.75", "tablet", "1 and three quarters tablets"),
        ("0.3", "tablet", "0.3 tablet"),
        ("1.3", "tablet", "1.3 tablets"),
        ("2", "patch", "2 patches"),
        ("2", "suppository", "2 suppositories"),
        ("2", "gummy", "2 gummies"),
        ("2", "gum", "2 pieces of gum"),
        ("2", "tablet, chewable", "2 tablets, chewable"),
        ("2", "nasal wash", "2 nasal washes"),
        ("2", "tray", "2 trays"),
        ("2", "", "2 doses"),
        ("7.5", "syrup", "7.5 mL"),
        ("2", "Pills", "2 tablets"),
    ],
)
def test_a_count_is_said_with_its_form(count, form, text):
    assert plain(count_text(D(count), form)) == text


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("ug", "mcg"),
        ("µg", "mcg"),
        ("μg", "mcg"),
        ("Micrograms", "mcg"),
        ("IU", "units"),
        ("iu", "units"),
        ("U", "units"),
        ("unit", "units"),
        ("international  units", "units"),
        ("MG", "mg"),
        ("mg.", "mg"),
        ("cc", "mL"),
        ("ml", "mL"),
        ("meq", "mEq"),
        ("mg/mL", "mg per mL"),
        ("mg per ml", "mg per mL"),
        ("mEq/5 ml", "mEq per 5 mL"),
        ("mcg/hr", "mcg per hour"),
        ("mg/24h", "mg per 24 hours"),
        ("mg/72 hr", "mg per 72 hours"),
        ("mg per 9 hours", "mg per 9 hours"),
        ("IU/mL", "units per mL"),
        ("%", "%"),
        (" spoon ", "spoon"),
        ("", ""),
    ],
)
def test_a_unit_gets_its_safe_spelling_and_is_never_lost(typed, unit):
    assert normalise_unit(typed) == unit
    assert normalise_unit(normalise_unit(typed)) == unit


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("Tabs", "tablet"),
        ("capsules", "capsule"),
        ("patches", "patch"),
        ("gummies", "gummy"),
        ("Depot  Injection", "depot injection"),
        ("", ""),
    ],
)
def test_a_form_is_singular_and_lower_case(typed, form):
    assert normalise_form(typed) == form


def test_one_unit_is_singular():
    assert Amount(D(1), "units").text == f"1{NBSP}unit"
    assert str(Amount(D(2), "units per mL")) == f"2{NBSP}units per mL"
    assert Amount(D("0.05"), "%").text == "0.05%"


# What people type


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("25", "25"),
        (" 0.5 ", "0.5"),
        (".5", "0.5"),
        ("0.50", "0.5"),
        ("½", "0.5"),
        ("1½", "1.5"),
        ("1 ½", "1.5"),
        ("1/2", "0.5"),
        ("1⁄2", "0.5"),
        ("1 1/2", "1.5"),
        ("3/4", "0.75"),
        ("half", "0.5"),
        ("1 and a half", "1.5"),
        ("1 and a quarter", "1.25"),
        ("1,000", "1000"),
        ("1,000.5", "1000.5"),
        ("2,400,000", "2400000"),
        ("0.125", "0.125"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, value):
    assert parse_amount(typed) == D(value)


@pytest.mark.parametrize(
    "typed",
    ["1,5", "0,5", "1.500", "1.000", "12,34", "1,0000", "11/2", "2/2"],
)
def test_an_amount_with_two_readings_is_asked_again(typed):
    with pytest.raises(AmountError, match="can be read in two ways"):
        parse_amount(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "like 0.5 or 25"),
        ("a lot", "like 0.5 or 25"),
        ("25 mg", "like 0.5 or 25"),
        ("NaN", "like 0.5 or 25"),
        ("sNaN", "like 0.5 or 25"),
        ("Infinity", "like 0.5 or 25"),
        ("-inf", "like 0.5 or 25"),
        ("-1", "like 0.5 or 25"),
        ("−1", "like 0.5 or 25"),
        ("+1", "like 0.5 or 25"),
        ("1e5", "like 0.5 or 25"),
        ("1_000", "like 0.5 or 25"),
        ("0x10", "like 0.5 or 25"),
        ("٣", "like 0.5 or 25"),
        ("1/3", "like 0.5 or 25"),
        ("1/0", "like 0.5 or 25"),
        ("5.", "like 0.5 or 25"),
        ("1.000.000", "like 0.5 or 25"),
        (".", "like 0.5 or 25"),
        ("9" * 10_000, "like 0.5 or 25"),
        ("0", "above 0"),
        ("0.0", "above 0"),
        ("10000001", "too large"),
        ("0.00001", "at most 4 digits"),
    ],
)
def test_anything_else_gets_a_sentence_that_says_how(typed, sentence):
    with pytest.raises(AmountError, match=sentence):
        parse_amount(typed)
