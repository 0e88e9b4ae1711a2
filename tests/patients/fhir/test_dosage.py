"""From a FHIR dose to the list's fields: certain, or in the file's own words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from patients.dosage import Dosage
from tests.patients.fhir.files import amount, dosed, medicine, repeat

BEDTIME = repeat(when=["HS"])
ONCE = repeat(frequency=1, period=1, periodUnit="d")
TABLET = amount(1, "tablet")


def test_a_tablet_at_bedtime_is_daily():
    found = dosed({"text": "1 at night", "timing": BEDTIME, "doseAndRate": TABLET})
    assert found.dosage["schedule"] == "daily"
    assert found.dosage["bedtime"] == 1
    assert found.dosage["strength"] == 50
    assert found.dosage_text == "1 at night"
    assert Dosage(**found.dosage).problems() == []


def test_an_amount_becomes_tablets_of_the_strength_on_the_label():
    found = dosed({"timing": BEDTIME, "doseAndRate": amount(75, "mg")})
    assert found.dosage["bedtime"] == Decimal("1.5")
    assert Dosage(**found.dosage).line.replace("\xa0", " ").startswith("75 mg")


def test_grams_and_milligrams_are_one_measure():
    found = dosed(
        {"timing": BEDTIME, "doseAndRate": amount(1, "g")},
        name="metformin hydrochloride 500 MG Oral Tablet",
    )
    assert found.dosage["bedtime"] == 2


def test_once_a_day_without_a_time_is_not_given_one():
    found = dosed({"timing": ONCE, "doseAndRate": TABLET})
    assert found.dosage["schedule"] == "other"
    assert (found.dosage["count"], found.dosage["other"]) == (
        1,
        "1 tablet, 1 time every day",
    )


def test_every_four_weeks_is_an_interval_with_its_amount():
    found = dosed(
        {
            "timing": repeat(frequency=1, period=4, periodUnit="wk"),
            "doseAndRate": amount(156, "mg"),
        },
        name="paliperidone palmitate injection",
    )
    assert found.dosage["schedule"] == "interval"
    assert (found.dosage["every_count"], found.dosage["every_unit"]) == (4, "week")
    assert (found.dosage["count"], found.dosage["unit"]) == (156, "mg")
    assert Dosage(**found.dosage).amount_a_day is None


def test_as_needed_with_reason_gap_and_most_in_24_hours():
    found = dosed(
        {
            "asNeededCodeableConcept": {"text": "anxiety"},
            "timing": repeat(frequency=1, period=6, periodUnit="h"),
            "doseAndRate": TABLET,
            "maxDosePerPeriod": {
                "numerator": {"value": 4, "unit": "tablet"},
                "denominator": {"value": 24, "unit": "h", "code": "h"},
            },
        }
    ).dosage
    assert found["schedule"] == "as_needed"
    assert (found["as_needed_for"], found["min_gap_hours"]) == ("anxiety", 6)
    assert (found["count"], found["max_in_24_hours"]) == (1, 4)
    assert Dosage(**found).problems() == []


def test_as_needed_with_a_limit_only_in_words_keeps_the_words():
    text = "Take 1 tablet as needed. No more than 3 in a day."
    found = dosed({"text": text, "asNeededBoolean": True, "doseAndRate": TABLET})
    assert found.dosage["schedule"] == "other"
    assert found.dosage["other"] == text.rstrip(".")


def test_as_needed_with_an_unclear_amount_still_says_only_when_needed():
    ranged = [{"doseRange": {"low": {"value": 1}, "high": {"value": 2, "unit": "tab"}}}]
    found = dosed({"asNeededBoolean": True, "doseAndRate": ranged}).dosage
    assert found["schedule"] == "other"
    assert found["other"] == "1 to 2 tab, only when needed"


def test_not_as_needed_is_not_as_needed():
    found = dosed({"timing": BEDTIME, "asNeededBoolean": False, "doseAndRate": TABLET})
    assert found.dosage["schedule"] == "daily"


UNCERTAIN = {
    "no unit": {"timing": BEDTIME, "doseAndRate": [{"doseQuantity": {"value": 4}}]},
    "millilitres of a tablet": {"timing": BEDTIME, "doseAndRate": amount(2, "mL")},
    "capsules of a tablet": {"timing": BEDTIME, "doseAndRate": amount(1, "capsule")},
    "a third of a tablet": {"timing": BEDTIME, "doseAndRate": amount(17, "mg")},
    "100 tablets": {"timing": BEDTIME, "doseAndRate": amount(100, "tablet")},
    "minus one": {"timing": BEDTIME, "doseAndRate": amount(-1, "tablet")},
    "nothing": {"timing": BEDTIME, "doseAndRate": amount(0, "tablet")},
    "a range": {
        "timing": BEDTIME,
        "doseAndRate": [{"doseRange": {"high": {"value": 2, "unit": "tablet"}}}],
    },
    "a rate": {"timing": BEDTIME, "doseAndRate": [{"rateQuantity": {"value": 1}}]},
    "less than": {
        "timing": BEDTIME,
        "doseAndRate": [
            {"doseQuantity": {"value": 1, "unit": "tablet", "comparator": "<"}}
        ],
    },
    "no amount": {"timing": BEDTIME},
    "a course of days": {
        "timing": repeat(when=["HS"], boundsDuration={"value": 7, "unit": "d"}),
        "doseAndRate": TABLET,
    },
    "a number of doses": {
        "timing": repeat(when=["HS"], count=14),
        "doseAndRate": TABLET,
    },
    "weekly in words": {
        "text": "Once WEEKLY on Monday",
        "timing": BEDTIME,
        "doseAndRate": TABLET,
    },
    "weekly in German": {
        "text": "einmal pro Woche",
        "timing": BEDTIME,
        "doseAndRate": TABLET,
    },
    "weekly in the instruction": {
        "text": "as directed",
        "patientInstruction": "one each week",
        "timing": BEDTIME,
        "doseAndRate": TABLET,
    },
    "a taper in words": {
        "text": "Take 1 for 3 days, then 2",
        "timing": BEDTIME,
        "doseAndRate": TABLET,
    },
    "as needed in words": {
        "text": "1 PRN sleep",
        "timing": BEDTIME,
        "doseAndRate": TABLET,
    },
    "two tablets in words": {
        "text": "Take two tablets at night",
        "timing": BEDTIME,
        "doseAndRate": TABLET,
    },
    "only words": {"text": "Take 1 daily"},
}


@pytest.mark.parametrize("dosage", UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_what_is_uncertain_is_never_a_daily_dose(dosage):
    found = dosed(dosage).dosage
    assert found["schedule"] == "other"
    assert found["other"]
    assert Dosage(**found).amount_a_day is None
    assert Dosage(**found).time_boxes() is None


def test_the_words_of_the_file_are_quoted_exactly():
    text = "Take half a tablet every Monday and Thursday"
    found = dosed({"text": text, "timing": ONCE, "doseAndRate": TABLET})
    assert found.dosage["other"] == found.dosage_text == text
    assert found.dosage_in_words["other"] == text


def test_no_dosage_at_all_says_that_it_is_not_in_the_file():
    found = dosed([])
    assert found.dosage["other"] == "How to take it is not in the file."
    assert found.dosage_text == ""


def test_morning_and_bedtime_in_two_entries_are_one_day():
    found = dosed(
        [
            {"timing": repeat(when=["MORN"]), "doseAndRate": TABLET},
            {"timing": BEDTIME, "doseAndRate": amount(2, "tablet")},
        ]
    ).dosage
    assert (found["schedule"], found["morning"], found["bedtime"]) == ("daily", 1, 2)


def test_entries_in_sequence_are_steps_in_words_and_no_sum():
    one = {"sequence": 1, "text": "1 for a week", "timing": BEDTIME}
    two = {"sequence": 2, "text": "then 2", "timing": BEDTIME}
    found = dosed([one | {"doseAndRate": TABLET}, two | {"doseAndRate": TABLET}])
    assert found.dosage["schedule"] == "other"
    assert found.dosage["other"] == "1 for a week; then 2"


def test_the_same_time_twice_is_not_added_up():
    one = {"timing": BEDTIME, "doseAndRate": TABLET}
    two = {"timing": BEDTIME, "doseAndRate": amount(2, "tablet")}
    assert dosed([one, two]).dosage["schedule"] == "other"


def test_two_amounts_of_one_dose_must_agree():
    both = [*amount(100, "mg"), *amount(2, "tablet")]
    assert dosed({"timing": BEDTIME, "doseAndRate": both}).dosage["bedtime"] == 2
    both = [*amount(100, "mg"), *amount(1, "tablet")]
    assert dosed({"timing": BEDTIME, "doseAndRate": both}).dosage["schedule"] == "other"


def test_a_patch_changed_every_three_days_keeps_its_rate():
    found = dosed(
        {
            "timing": repeat(frequency=1, period=72, periodUnit="h"),
            "doseAndRate": amount(1, "patch"),
        },
        name="72 HR fentanyl 0.025 MG/HR Transdermal System",
    ).dosage
    assert (found["every_count"], found["every_unit"]) == (3, "day")
    assert (found["strength"], found["unit"]) == (Decimal("0.025"), "mg per hour")


def test_the_oldest_place_of_a_dose_is_read_too():
    quantity = {"value": 1, "unit": "tablet"}
    found = dosed({"timing": BEDTIME, "doseQuantity": quantity})
    assert found.dosage["bedtime"] == 1


@pytest.mark.parametrize("broken", ["1 daily", ["1 daily"], {"text": "1 daily"}])
def test_a_dosage_in_the_wrong_shape_keeps_its_words(broken):
    assert medicine(dosage=broken).dosage["other"] == "1 daily"


def test_a_strength_too_fine_for_the_list_is_said_in_micrograms():
    found = dosed(
        {
            "timing": repeat(frequency=1, period=1, periodUnit="wk"),
            "doseAndRate": amount(1, "patch"),
        },
        name="168 HR estradiol 0.00312 MG/HR Transdermal System",
    )
    assert (found.strength, found.unit) == (Decimal("3.12"), "mcg per hour")
    assert Dosage(**found.dosage).problems() == []


def test_an_amount_too_fine_for_the_list_is_never_rounded():
    dose = {"timing": BEDTIME, "doseAndRate": amount(0.33333, "mL")}
    found = dosed(dose, name="lithium citrate 60 MG/ML Oral Solution").dosage
    assert (found["schedule"], found["count"]) == ("other", None)
    assert "0.33333 mL" in found["other"]
