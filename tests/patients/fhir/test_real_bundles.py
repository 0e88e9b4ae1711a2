"""Real records from real vendors: nothing lost, nothing made up."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from patients.dosage import Dosage
from patients.fhir import ImportedMedicine, dosage_line, gather, read
from tests.patients.fhir.files import REAL, real, real_files

FILES = real_files()
MEDICINES = ("MedicationStatement", "MedicationRequest")


def test_the_real_records_are_beside_the_project():
    assert len(FILES) >= 24, (
        f"The real records are not beside the project: {REAL} holds {len(FILES)} "
        "bundles. Put the shared data there; these tests are never skipped."
    )


def naive_counts(path: Path) -> Counter[str]:
    """The entries by type, counted without any of the code under test."""
    bundle = json.loads(path.read_text("utf-8"))
    return Counter(entry["resource"]["resourceType"] for entry in bundle["entry"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_entry_of_a_real_bundle_is_counted(path):
    assert read(path.read_bytes(), source_name=path.name).counts == naive_counts(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_medicine_allergy_and_diagnosis_arrives(path):
    bundle, counts = read(path.read_bytes(), source_name=path.name), naive_counts(path)
    # The one entry in all these files that is no medicine says "none".
    none = [one for one in bundle.statements if "known medicines" in one.sentence]
    medicines = len(bundle.medicines) + len(none)
    assert medicines == sum(counts[kind] for kind in MEDICINES)
    assert len(bundle.allergies) == counts["AllergyIntolerance"]
    assert len(bundle.conditions) == counts["Condition"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_medicine_has_a_name_and_a_dose_that_the_list_can_hold(path):
    for one in read(path.read_bytes(), source_name=path.name).medicines:
        assert one.name and one.source_text and one.fingerprint
        assert Dosage(**one.dosage).line
        assert Dosage(**one.dosage_in_words).problems() == []
        assert one.never_active is (
            one.status == "entered-in-error" or "not to give" in " ".join(one.notes)
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reading_twice_gives_the_same_and_as_text_too(path):
    raw = path.read_bytes()
    first = read(raw, source_name=path.name)
    assert read(raw, source_name=path.name) == first
    assert read(raw.decode(), source_name=path.name).medicines == first.medicines


def named(bundle_name: str, name: str) -> ImportedMedicine:
    found = [one for one in real(bundle_name).medicines if one.name == name]
    assert found, [one.name for one in real(bundle_name).medicines]
    return found[0]


def test_epic_gives_metformin_morning_and_evening_with_its_brand():
    found = named("US_Epic_Connectathon", "metformin")
    assert found.brand == "Glucophage"
    assert found.reason == "Type 1 DM with end-stage renal disease"
    assert found.prescriber == "James Jahns"
    assert found.dosage["schedule"] == "daily"
    assert found.dosage["morning"] == found.dosage["evening"] == 1
    assert found.dosage["noon"] is found.dosage["bedtime"] is None
    assert (found.strength, found.unit) == (850, "mg")
    assert dosage_line(found).replace("\xa0", " ") == (
        "850 mg (1 tablet) each time, in the morning and in the evening. "
        "1,700 mg a day."
    )


def test_epic_codes_without_words_give_no_rxcui_that_may_be_wrong():
    assert named("US_Epic_Connectathon", "metformin").rxcui == ""


def test_epic_prednisone_is_in_small_letters_and_once_a_day():
    found = named("US_Epic_Connectathon", "prednisone")
    assert (found.brand, found.dosage["morning"]) == ("Deltasone", 1)
    assert found.started_date and found.started_date.text == "May 3, 2024"


def test_epic_says_no_known_allergies_and_that_medicines_were_not_asked():
    said = [one.sentence for one in real("US_Epic_Jan").statements]
    assert said == [
        "The file says: no known allergies.",
        "The file says that nobody asked about medicines.",
    ]


def test_meditech_ibuprofen_takes_the_rxcui_of_the_generic_among_the_brands():
    found = named("US_MEDITECH_ips_1", "ibuprofen")
    assert found.rxcui == "310964"
    assert (found.strength, found.unit, found.form) == (200, "mg", "capsule")
    assert found.dosage["count"] == 1
    assert found.reason == "Migraines"
    assert found.prescriber == ""
    assert found.information_source == "patient-reported"


def test_meditech_every_8_hours_is_not_given_times_of_day():
    found = named("US_MEDITECH_ips_1", "ibuprofen")
    assert found.dosage["schedule"] == "other"
    assert "every 8 hours" in found.dosage["other"]


def test_meditech_heart_attack_was_entered_by_mistake_and_is_never_active():
    found = [one for one in real("US_MEDITECH_ips_1").conditions if one.never_active]
    assert [one.name for one in found] == ["Heart attack"]


def test_meditech_code_without_a_name_is_kept_and_says_so():
    found = named("US_MEDITECH_ips_1", "Medicine without a name (NDC 69230014620)")
    assert (found.dosage["count"], found.dosage["unit"]) == (200, "mg")
    assert "a code and no name" in found.notes[0]


def test_meditech_order_not_to_give_is_never_active():
    found = named("US_MEDITECH_ips_2", "ceftriaxone")
    assert found.never_active
    assert found.status == "stopped"
    assert "The file says not to give this medicine." in found.notes


def test_new_zealand_strength_in_micrograms_and_a_pack_size_that_is_no_dose():
    found = named("NZ_Peter_Jordan", "cilazapril")
    assert (found.strength, found.unit, found.form) == (500, "mcg", "tablet")
    assert (found.status, found.dosage_text) == ("stopped", "Take 1 daily")
    assert found.information_source.startswith("NorthCare")
    assert found.started_means == "taken"


def test_new_zealand_no_known_allergy_is_a_statement_and_no_allergy():
    (found,) = real("NZ_Peter_Jordan").allergies
    assert found.is_no_known and found.none_about == "any"


def test_austrian_aspirin_has_its_substance_and_a_dose_without_a_unit_stays_words():
    found = real("AT_ELGA").medicines[0]
    assert (found.name, found.ingredient) == ("Aspirin", "Acetylsalicylsäure")
    assert found.status == "unknown"
    assert found.dosage["schedule"] == "other"
    assert found.dosage["other"].startswith("4 (no unit given), every day")


def test_austrian_every_two_weeks_is_never_daily():
    found = real("AT_ELGA").medicines[3]
    assert "every 2 weeks" in found.dosage["other"]
    assert Dosage(**found.dosage).amount_a_day is None


def test_danish_brand_and_ingredient_and_two_strengths_that_disagree():
    assert named("DK_Jens", "Irbesartan").brand == "Karvea"
    spray = named("DK_Jens", "Oxymetazoline hydrochloride")
    assert spray.strength is None
    assert spray.notes == (
        "The file gives different strengths: 0.05 mg per mL and 0.05%. "
        "Check the label.",
    )


def test_british_metformin_with_two_strengths_gets_none_and_a_warning():
    found = named("UK_NHSx", "Metformin modified release")
    assert found.strength is None
    assert "1 g and 2 g" in found.notes[0]
    assert found.dosage["other"] == "2 tablets a day. With evening meal"


def test_british_request_and_statement_of_one_medicine_become_one_proposal():
    proposals = gather(real("UK_NHSx").medicines)
    assert [(one.medicine.name, one.times) for one in proposals] == [
        ("Metformin modified release", 2),
        ("Sertraline", 2),
    ]


def test_british_allergy_has_its_reaction_and_its_worst_severity():
    (found,) = real("UK_NHSx").allergies
    assert (found.substance, found.reactions) == (
        "Sesame oil",
        ("Difficulty breathing",),
    )
    assert (found.severity, found.recorder) == ("severe", "Miss Nichole Gilbert")


def test_dutch_records_of_an_older_fhir_keep_period_prescriber_and_words():
    found = named("NL_Drimpy", "oxazepam")
    assert (found.strength, found.unit, found.form) == (10, "mg", "tablet")
    assert (found.started_date, found.ended_date) != (None, None)
    assert found.ended_date and found.ended_date.date == date(2021, 4, 27)
    assert "2 maal per dag 2 tabletten" in found.dosage_text
    assert found.status == "unknown"


def test_dutch_syrup_says_milligrams_and_millilitres():
    found = named("NL_Drimpy", "sennosiden A+B")
    assert "20\xa0mg (10\xa0mL)" in dosage_line(found)


def test_argentine_names_stay_in_spanish():
    found = real("AR_Repository")
    assert found.medicines[0].ingredient == "salbutamol"
    assert found.conditions[0].name == "asma"
    assert found.allergies[0].substance == "alergia a la penicilina"


def test_australian_no_known_medicines_is_no_medicine_of_that_name():
    found = real("Bundle-aups-noknownx")
    assert found.medicines == ()
    assert found.statements[0].sentence == "The file says: no known medicines."
    assert found.conditions[0].is_no_known


def test_synthetic_combination_keeps_both_strengths():
    found = named("Garrett", "amoxicillin 250 mg and clavulanate 125 mg")
    assert (found.strength, found.form, found.status) == (None, "tablet", "stopped")
    assert found.reason == "Viral sinusitis"


def test_synthetic_as_needed_is_as_needed_without_an_invented_amount():
    found = named("Garrett", "aspirin")
    assert found.dosage["schedule"] == "as_needed"
    assert found.dosage["count"] is None
    assert (found.strength, found.unit) == (81, "mg")


def test_synthetic_approval_number_and_volume_are_no_part_of_the_name():
    found = named("Kermit", "epinephrine 1 mg per mL")
    assert (found.form, found.strength, found.rxcui) == ("injection", None, "1870230")


def test_synthetic_brand_in_brackets_and_the_day_it_was_prescribed():
    found = named("Eddy", "carbamazepine")
    assert (found.brand, found.rxcui) == ("Tegretol", "308971")
    assert found.started_means == "prescribed"
    assert found.prescriber == "Dr. Wynell Olson"


def test_two_strengths_of_one_medicine_stay_two_proposals():
    found = [
        (one.medicine.strength, one.medicine.status)
        for one in gather(real("Kermit").medicines)
        if one.medicine.name == "hydrochlorothiazide"
    ]
    assert found == [(25, "active"), (Decimal("6.25"), "stopped")]


def test_the_person_of_each_file_is_known_by_name_and_birth_date():
    person = real("US_MEDITECH_ips_2").person
    assert person and person.birth_date and person.birth_date.date == date(1970, 5, 1)
    assert "Alicia Newman" in person.other_names


def test_a_list_of_medicines_that_was_cut_off_does_not_look_empty():
    found = real("CA_VeroSource")
    assert found.medicines == ()
    assert (
        "The file's list of medicines points to 1 more that the file does not hold."
        in found.problems
    )
