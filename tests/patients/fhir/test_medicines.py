"""One entry as a proposal: status, dates, people, names, and what it must not be."""

from __future__ import annotations

import pytest

from patients.fhir.codes import STATEMENT_STATUSES
from tests.patients.fhir.files import bundle, medicine, read_value, request, statement

ERROR = "The file says that this was entered by mistake."


@pytest.mark.parametrize(
    "status",
    sorted(STATEMENT_STATUSES - {"entered-in-error"}),
)
def test_the_status_of_a_statement_is_kept(status):
    found = medicine(status=status)
    assert (found.status, found.never_active) == (status, False)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("active", "active"),
        ("on-hold", "on-hold"),
        ("cancelled", "not-taken"),
        ("completed", "completed"),
        ("stopped", "stopped"),
        ("draft", "intended"),
        ("unknown", "unknown"),
        ("Active", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        (["active"], "unknown"),
        ({"code": "active"}, "unknown"),
    ],
)
def test_the_status_of_an_order_is_translated_and_never_guessed(written, status):
    (found,) = read_value(bundle(request(status=written))).medicines
    assert found.status == status


@pytest.mark.parametrize("make", [statement, request])
def test_entered_in_error_is_kept_and_never_active(make):
    (found,) = read_value(bundle(make(status="entered-in-error"))).medicines
    assert (found.status, found.never_active) == ("entered-in-error", True)
    assert ERROR in found.notes


def test_an_order_not_to_give_is_not_taken_and_never_active():
    (found,) = read_value(bundle(request(doNotPerform=True))).medicines
    assert (found.status, found.never_active) == ("not-taken", True)


def test_a_plan_says_that_it_was_no_order():
    (found,) = read_value(bundle(request(intent="plan"))).medicines
    assert found.notes == (
        "The file says that this was planned, not that it was ordered.",
    )


def test_active_with_an_end_date_says_both():
    found = medicine(effectivePeriod={"start": "2024-01", "end": "2024-03-01"})
    assert found.started_date and found.started_date.text == "January 2024"
    assert "with an end date: March 1, 2024." in found.notes[0]


@pytest.mark.parametrize(
    ("fields", "text", "means"),
    [
        ({"effectivePeriod": {"start": "2015"}}, "2015", "started"),
        ({"effectiveDateTime": "2015-03"}, "March 2015", "taken"),
        ({"effectiveDateTime": "2015-03-08T23:59:00-11:00"}, "March 8, 2015", "taken"),
        ({"effectiveDateTime": "2015-02-30"}, None, ""),
        ({"effectiveDateTime": "0001-01-01"}, None, ""),
        ({"effectiveDateTime": 2015}, "2015", "taken"),
        ({"effectiveDateTime": {}}, None, ""),
        ({"effectivePeriod": "2015"}, None, ""),
    ],
)
def test_a_date_says_no_more_than_is_known(fields, text, means):
    found = medicine(**fields)
    assert (found.started_date and found.started_date.text) == text
    assert found.started_means == means


MEDICATION = {
    "resourceType": "Medication",
    "id": "x1",
    "code": {"text": "lithium carbonate 300 MG Oral Capsule"},
}


@pytest.mark.parametrize(
    "reference",
    [
        "Medication/x1",
        "Medication/x1/_history/3",
        "https://example.org/Medication/x1",
        "https://elsewhere.example/fhir/Medication/x1",
        "urn:uuid:x1",
        "x1",
    ],
)
def test_a_medicine_is_found_however_it_is_pointed_to(reference):
    one = statement(medicationReference={"reference": reference})
    del one["medicationCodeableConcept"]
    (found,) = read_value(bundle(one, MEDICATION)).medicines
    assert (found.name, found.strength) == ("lithium carbonate", 300)


def test_a_medicine_inside_the_entry_is_found():
    one = statement(contained=[MEDICATION], medicationReference={"reference": "#x1"})
    del one["medicationCodeableConcept"]
    assert read_value(bundle(one)).medicines[0].name == "lithium carbonate"


def test_a_missing_medicine_keeps_the_words_of_its_link_and_says_so():
    one = statement(
        medicationReference={"reference": "Medication/gone", "display": "clozapine"}
    )
    del one["medicationCodeableConcept"]
    found = read_value(bundle(one))
    assert found.medicines[0].name == "clozapine"
    assert found.problems == (
        "The file points to details that are not in it. "
        "The names in the file are used for: clozapine.",
    )


def test_a_missing_medicine_without_any_words_is_left_out_and_said():
    one = statement(medicationReference={"reference": "Medication/gone"})
    del one["medicationCodeableConcept"]
    found = read_value(bundle(one))
    assert found.medicines == ()
    assert "A medicine in the file has no name, so it was left out." in found.problems


def test_one_short_address_for_two_entries_means_neither():
    other = MEDICATION | {"code": {"text": "methotrexate 2.5 MG Oral Tablet"}}
    one = statement(
        medicationReference={"reference": "Medication/x1", "display": "as linked"}
    )
    del one["medicationCodeableConcept"]
    value = bundle(one, MEDICATION, other)
    for entry in value["entry"]:
        del entry["fullUrl"]
    assert read_value(value).medicines[0].name == "as linked"


def test_a_ring_of_references_ends():
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": {"reference": "PractitionerRole/r"},
    }
    one = request(requester={"reference": "PractitionerRole/r"})
    assert read_value(bundle(one, role)).medicines[0].prescriber == ""


def test_the_prescriber_is_named_through_the_role():
    role = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": {"reference": "Practitioner/p"},
    }
    person = {
        "resourceType": "Practitioner",
        "id": "p",
        "name": [{"prefix": ["Dr."], "given": ["Ana"], "family": "Lee"}],
    }
    one = request(requester={"reference": "PractitionerRole/r"})
    assert (
        read_value(bundle(one, role, person)).medicines[0].prescriber == "Dr. Ana Lee"
    )


def test_a_code_without_a_name_is_kept_as_a_code():
    coding = {"system": "http://hl7.org/fhir/sid/ndc", "code": "12345"}
    found = medicine(medicationCodeableConcept={"coding": [coding]})
    assert found.name == "Medicine without a name (NDC 12345)"
    assert found.notes


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("no-known-medications", "none"),
        ("no-medication-info", "unknown"),
        ("787481004", "none"),
    ],
)
def test_no_medicines_is_a_statement_and_no_medicine(code, reason):
    concept = {"coding": [{"code": code, "display": "No medications"}]}
    found = read_value(bundle(statement(medicationCodeableConcept=concept)))
    assert found.medicines == ()
    assert [one.reason for one in found.statements] == [reason]


def test_names_that_disagree_on_the_strength_settle_nothing():
    concept = {
        "coding": [
            {"system": "a", "display": "sertraline 50 MG Oral Tablet"},
            {"system": "b", "display": "sertraline 100 MG Oral Tablet"},
        ]
    }
    found = medicine(medicationCodeableConcept=concept)
    assert (found.name, found.strength) == ("sertraline", None)
    assert found.notes == (
        "The file gives different strengths: 50 mg and 100 mg. Check the label.",
    )


def test_a_gram_and_a_thousand_milligrams_do_not_disagree():
    concept = {"text": "metformin 1 g tablet"} | {
        "coding": [{"display": "metformin 1000 MG Oral Tablet"}]
    }
    assert medicine(medicationCodeableConcept=concept).notes == ()


def test_the_sixth_edition_of_fhir_is_read_as_well():
    one = statement(medication={"concept": {"text": "lithium 300 MG Oral Tablet"}})
    del one["medicationCodeableConcept"]
    assert read_value(bundle(one)).medicines[0].name == "lithium"


def test_the_fingerprint_follows_the_content_and_not_the_id():
    assert medicine().fingerprint == medicine(id="other").fingerprint
    assert medicine().fingerprint != medicine(status="stopped").fingerprint
    spelled = {"text": "sertraline 100 MG Oral Tablet"}
    assert (
        medicine().fingerprint
        != medicine(medicationCodeableConcept=spelled).fingerprint
    )


def test_an_entry_about_another_patient_of_the_file_is_marked():
    people = [
        {"resourceType": "Patient", "id": "a", "name": [{"text": "Ana"}]},
        {"resourceType": "Patient", "id": "b", "name": [{"text": "Ben"}]},
    ]
    mine = statement(id="1", subject={"reference": "Patient/a"})
    theirs = statement(id="2", subject={"reference": "Patient/b"})
    found = read_value(bundle(*people, mine, theirs))
    assert [one.about_someone_else for one in found.medicines] == [False, True]
    assert any("about 2 people" in problem for problem in found.problems)


def test_the_label_is_proposed_by_name_ingredient_or_brand():
    def labels(text: str) -> tuple[str, ...]:
        return medicine(medicationCodeableConcept={"text": text}).proposed_labels

    assert labels("buprenorphine 8 MG / naloxone 2 MG Sublingual Film") == (
        "substance_use",
    )
    assert labels("naltrexone 380 MG Injection [Vivitrol]") == ("substance_use",)
    assert labels("emtricitabine 200 MG / tenofovir 300 MG Oral Tablet") == ("hiv",)
    assert labels("Biktarvy") == ("hiv",)
    assert labels("levonorgestrel 1.5 MG Oral Tablet") == ("sexual_reproductive",)
    assert labels("nirmatrelvir 150 MG / ritonavir 100 MG Oral Tablet") == ()
    assert labels("sertraline 50 MG Oral Tablet") == ()
    assert labels("nicotine 21 MG Patch") == ()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"status": "active", "taken": "n"}, "not-taken"),
        ({"status": "active", "taken": "unk"}, "unknown"),
        ({"status": "active", "taken": "y"}, "active"),
        ({"status": "stopped", "taken": "y"}, "stopped"),
        ({"status": "active", "wasNotTaken": True}, "not-taken"),
        ({"status": "recorded"}, "unknown"),
        (
            {
                "status": "recorded",
                "adherence": {"code": {"coding": [{"code": "not-taking"}]}},
            },
            "not-taken",
        ),
        (
            {
                "status": "recorded",
                "adherence": {"code": {"coding": [{"code": "taking"}]}},
            },
            "active",
        ),
    ],
)
def test_other_editions_say_beside_the_status_whether_it_is_taken(fields, status):
    assert medicine(**fields).status == status


def test_a_mark_that_changes_the_meaning_is_pointed_out():
    found = medicine(modifierExtension=[{"url": "x", "valueBoolean": True}])
    assert "Check it there." in found.notes[0]


def test_yes_as_a_word_is_still_yes():
    (found,) = read_value(bundle(request(doNotPerform="true"))).medicines
    assert (found.status, found.never_active) == ("not-taken", True)


def test_entered_in_error_in_other_letters_is_still_an_error():
    assert medicine(status="Entered-In-Error").never_active


def test_a_brand_in_the_text_gets_its_ingredient_from_the_full_rxnorm_name():
    coding = {
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
        "code": "313583",
        "display": "24 HR venlafaxine 75 MG Extended Release Oral Capsule [Effexor]",
    }
    concept = {"text": "Effexor XR 75 mg capsule", "coding": [coding]}
    found = medicine(medicationCodeableConcept=concept)
    assert (found.name, found.ingredient, found.brand) == (
        "Effexor XR",
        "venlafaxine",
        "Effexor",
    )
