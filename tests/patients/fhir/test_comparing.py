"""A file beside the list, and one medicine said many times."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from patients.fhir import ImportedMedicine, compare, dosage_line, gather
from tests.patients.fhir.files import (
    amount,
    bundle,
    medicine,
    read_value,
    repeat,
    request,
    statement,
)

AT_BEDTIME = {"timing": repeat(when=["HS"])}


@dataclass(frozen=True)
class Line:
    """A line of the list as the comparison needs it."""

    name: str = "sertraline"
    rxcui: str = ""
    brand: str = ""
    dosage_line: str = ""
    status: str = "active"


def at_bedtime(milligrams: int, **fields) -> ImportedMedicine:
    dose = AT_BEDTIME | {"doseAndRate": amount(milligrams, "mg")}
    return medicine(dosage=[dose], **fields)


def test_a_medicine_that_is_not_on_the_list_is_new():
    found = compare(at_bedtime(50), [Line(name="lithium")])
    assert (found.result, found.line, found.differences) == ("new", None, ())
    assert compare(at_bedtime(50), []).result == "new"


def test_the_same_medicine_and_dose_is_the_same():
    file = at_bedtime(50)
    line = Line(dosage_line=dosage_line(file))
    assert compare(file, [Line(name="lithium"), line]).result == "same"
    assert compare(file, [line]).line is line


def test_a_different_dose_is_said_in_one_sentence_with_both():
    listed = dosage_line(at_bedtime(100))
    found = compare(at_bedtime(150), [Line(dosage_line=listed)])
    assert found.result == "different"
    (said,) = found.differences
    assert said.startswith("Your list says 100\xa0mg (2\xa0tablets) at bedtime")
    assert "The file says 150\xa0mg (3\xa0tablets) at bedtime" in said
    assert said.endswith(".") and ".." not in said


def test_a_file_that_states_no_dose_does_not_speak_against_the_list():
    found = compare(medicine(), [Line(dosage_line="50 mg at bedtime.")])
    assert found.result == "same"


def test_a_different_status_is_said():
    file = at_bedtime(50, status="stopped")
    found = compare(file, [Line(dosage_line=dosage_line(file))])
    assert found.differences == (
        "Your list says that it is taken. The file says it was stopped.",
    )


def test_a_file_that_does_not_know_is_no_contradiction():
    file = at_bedtime(50, status="unknown")
    assert compare(file, [Line(dosage_line=dosage_line(file))]).result == "same"


@pytest.mark.parametrize(
    "line",
    [
        Line(name="Sertraline"),
        Line(name="sertraline hydrochloride", rxcui="36437"),
        Line(name="Zoloft", brand="Zoloft"),
        Line(name="something", brand="sertraline"),
    ],
)
def test_it_is_found_under_any_of_its_names(line):
    coding = {
        "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
        "code": "36437",
        "display": "sertraline hydrochloride 50 MG Oral Tablet [Zoloft]",
    }
    file = medicine(medicationCodeableConcept={"coding": [coding]})
    assert compare(file, [line]).result == "same"


def test_a_longer_lasting_form_is_a_difference():
    text = "24 HR lamotrigine 100 MG Extended Release Oral Tablet"
    file = medicine(medicationCodeableConcept={"text": text})
    found = compare(file, [Line(name="lamotrigine")])
    assert found.result == "different"
    assert "extended release" in found.differences[0]


def test_a_look_alike_name_is_another_medicine():
    file = medicine(medicationCodeableConcept={"text": "bupropion 75 MG Oral Tablet"})
    assert compare(file, [Line(name="buspirone")]).result == "new"


def test_the_closest_line_is_the_one_compared():
    file = at_bedtime(50)
    lines = [Line(dosage_line="100 mg"), Line(dosage_line=dosage_line(file))]
    assert compare(file, lines).line is lines[1]


def proposals(*resources):
    return gather(read_value(bundle(*resources)).medicines)


def test_renewals_become_one_proposal_with_the_newest_leading():
    (found,) = proposals(
        *(
            request(id=str(year), authoredOn=f"{year}-01-01", status=status)
            for year, status in ((2020, "stopped"), (2022, "active"), (2021, "stopped"))
        )
    )
    assert (found.times, found.medicine.source_id) == (3, "2022")
    assert found.notes == ("The file says this 3 times. The newest is shown.",)


def test_an_order_and_a_statement_of_one_medicine_become_one():
    (found,) = proposals(statement(id="s"), request(id="r", authoredOn="2024-01-01"))
    assert (found.times, len(found.also)) == (2, 1)


def test_another_dose_in_an_older_entry_is_said():
    (found,) = proposals(
        statement(id="new", effectiveDateTime="2024", dosage=[{"text": "2 a day"}]),
        statement(id="old", effectiveDateTime="2020", dosage=[{"text": "1 a day"}]),
    )
    assert found.medicine.dosage_text == "2 a day"
    assert "1 a day" in found.notes[1]


def test_taking_is_never_hidden_behind_stopped():
    found = proposals(
        statement(id="1", status="active"),
        statement(id="2", status="stopped", effectiveDateTime="2024-01-01"),
    )
    assert [one.medicine.status for one in found] == ["stopped", "active"]


def test_an_entry_by_mistake_never_joins_a_real_one():
    found = proposals(
        statement(id="1", effectiveDateTime="2020"),
        statement(id="2", effectiveDateTime="2024", status="entered-in-error"),
    )
    assert [one.medicine.never_active for one in found] == [True, False]


def test_nothing_is_lost_by_gathering():
    resources = [
        statement(id=str(n), status=status, effectiveDateTime=f"20{n:02}")
        for n, status in enumerate(
            ["active", "stopped", "completed", "active", "on-hold", "entered-in-error"]
        )
    ]
    found = proposals(*resources)
    assert sum(one.times for one in found) == len(resources)
