"""Allergies and diagnoses, and the three ways of saying that there is none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.patients.fhir.files import bundle, read_value

SNOMED = "http://snomed.info/sct"
ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


def allergy(**fields: Any):
    one = {"resourceType": "AllergyIntolerance", "id": "a"} | fields
    (found,) = read_value(bundle(one)).allergies
    return found


def condition(**fields: Any):
    one = {"resourceType": "Condition", "id": "c"} | fields
    (found,) = read_value(bundle(one)).conditions
    return found


def coded(system: str, code: str, display: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


@pytest.mark.parametrize(
    ("code", "about"),
    [
        (coded(SNOMED, "716186003", "No known allergy"), "any"),
        (coded(SNOMED, "409137002", "No known drug allergy"), "medicine"),
        (coded(SNOMED, "429625007", "No known food allergy"), "food"),
        (coded(ABSENT, "no-known-allergies"), "any"),
        (coded(ABSENT, "no-known-medication-allergies"), "medicine"),
        ({"text": "NKDA"}, "medicine"),
        ({"text": "nka"}, "any"),
        ({"text": "No Known Drug Allergies"}, "medicine"),
        ({"text": "No known allergies."}, "any"),
    ],
)
def test_no_known_allergy_is_a_statement_about_so_much_and_no_more(code, about):
    found = allergy(code=code)
    assert (found.is_no_known, found.none_about) == (True, about)
    assert not found.is_no_information


def test_no_information_is_never_no_allergy():
    found = allergy(code=coded(ABSENT, "no-allergy-info", "No information"))
    assert found.is_no_information
    assert (found.is_no_known, found.none_about) == (False, "")


@pytest.mark.parametrize(
    "text", ["No known allergies except penicillin", "penicillin", "NKA-7 protein"]
)
def test_a_real_allergy_is_never_read_as_none(text):
    assert not allergy(code={"text": text}).is_no_known


def test_reactions_severity_and_criticality_are_kept():
    found = allergy(
        code={"text": "penicillin"},
        criticality="high",
        category=["medication"],
        reaction=[
            {"manifestation": [{"text": "Hives"}], "severity": "mild"},
            {"manifestation": [{"text": "Swelling"}], "severity": "severe"},
            {"description": "Could not breathe"},
        ],
    )
    assert found.reactions == ("Hives", "Swelling", "Could not breathe")
    assert (found.severity, found.criticality) == ("severe", "high")


@pytest.mark.parametrize("status", ["entered-in-error", "refuted"])
def test_a_withdrawn_allergy_or_diagnosis_is_kept_and_never_active(status):
    said = coded("http://terminology.hl7.org/x", status)
    one = allergy(code={"text": "penicillin"}, verificationStatus=said)
    assert one.never_active and one.clinical_status == ""
    assert condition(code={"text": "Asthma"}, verificationStatus=said).never_active


def test_a_status_in_the_older_form_is_read():
    found = allergy(code={"text": "x"}, clinicalStatus="active")
    assert found.clinical_status == "active"


def test_a_reaction_without_a_substance_is_kept():
    found = allergy(reaction=[{"manifestation": [{"text": "Anaphylaxis"}]}])
    assert (found.substance, found.reactions) == (
        "Substance not named",
        ("Anaphylaxis",),
    )


def test_an_allergy_that_says_nothing_is_left_out_and_said():
    found = read_value(bundle({"resourceType": "AllergyIntolerance"}))
    assert found.allergies == ()
    assert found.problems == (
        "An allergy in the file has no name, so it was left out.",
    )


def test_a_diagnosis_has_its_words_status_onset_and_author():
    found = condition(
        code={"text": "Anxiety with depression"} | coded(SNOMED, "231504006", "Mixed"),
        clinicalStatus=coded("x", "active"),
        onsetDateTime="2019-03",
        asserter={"display": "Dr. Lee || Somewhere"},
        severity={"text": "Moderate (qualifier value)"},
    )
    assert found.name == "Anxiety with depression"
    assert (found.clinical_status, found.recorder) == ("active", "Dr. Lee")
    assert found.onset_date and found.onset_date.text == "March 2019"
    assert found.severity == "Moderate"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"onsetString": "in childhood"}, "in childhood"),
        ({"onsetAge": {"value": 12, "unit": "years"}}, "12 years"),
        ({}, ""),
    ],
)
def test_an_onset_in_words_stays_words(fields, text):
    assert condition(code={"text": "Asthma"}, **fields).onset_text == text


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        ({"text": "Alcohol use disorder"}, ("substance_use",)),
        (coded("http://hl7.org/fhir/sid/icd-10-cm", "F11.20", "x"), ("substance_use",)),
        (coded("http://hl7.org/fhir/sid/icd-10-cm", "F17.210", "x"), ()),
        ({"text": "HIV infection"}, ("hiv",)),
        ({"text": "Pregnancy"}, ("sexual_reproductive",)),
        ({"text": "Victim of domestic violence"}, ("violence",)),
        ({"text": "Generalized anxiety disorder"}, ()),
        ({"text": "Chivalry"}, ()),
    ],
)
def test_a_diagnosis_that_betrays_a_label_proposes_it(code, labels):
    assert condition(code=code).proposed_labels == labels


def section(code: str, reason: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"code": coded("http://loinc.org", code)}
    return found | ({"emptyReason": coded("x", reason)} if reason else {})


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("nilknown", "The file says: no known allergies."),
        ("notasked", "The file says that nobody asked about allergies."),
        ("withheld", "The file says that allergies are kept back."),
        ("unavailable", "The file says that nothing is known about allergies."),
    ],
)
def test_none_not_asked_and_kept_back_are_three_things(reason, sentence):
    one = {"resourceType": "Composition", "section": [section("48765-2", reason)]}
    assert [s.sentence for s in read_value(bundle(one)).statements] == [sentence]


def test_an_empty_section_without_a_reason_says_nothing():
    one = {"resourceType": "Composition", "section": [section("48765-2", None)]}
    assert read_value(bundle(one)).statements == ()


def test_entered_in_error_in_words_only_is_still_an_error():
    said = {"text": "Entered in Error"}
    assert allergy(code={"text": "x"}, verificationStatus=said).never_active
    assert condition(code={"text": "x"}, verificationStatus=said).never_active
