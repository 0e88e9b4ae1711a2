"""Which files are read, what is counted, and whose they are."""

from __future__ import annotations

import json
from datetime import date

import pytest

from patients.fhir import (
    ImportedPerson,
    PartialDate,
    UnreadableFile,
    may_be_someone_else,
    read,
)
from tests.patients.fhir.files import bundle, read_value, request, statement


@pytest.mark.parametrize(
    "kind",
    ["document", "transaction", "collection", "searchset", "batch", "history"],
)
def test_every_kind_of_bundle_is_read(kind):
    found = read_value(bundle(statement(), kind=kind))
    assert (found.bundle_type, len(found.medicines)) == (kind, 1)


def test_one_resource_alone_and_a_list_are_read():
    assert len(read_value(statement()).medicines) == 1
    assert len(read_value([statement(), request()]).medicines) == 2
    assert len(read_value([bundle(statement()), statement()]).medicines) == 2


def test_a_bundle_inside_a_bundle_is_opened():
    inner = bundle(statement())
    found = read_value({"resourceType": "Bundle", "entry": [{"resource": inner}]})
    assert found.counts == {"MedicationStatement": 1}


def test_what_is_not_taken_in_is_counted():
    others = [{"resourceType": "Observation"}] * 2
    patient = {"resourceType": "Patient"}
    found = read_value(bundle(statement(), patient, *others))
    assert found.ignored == {"Observation": 2}
    assert found.counts == {"MedicationStatement": 1, "Patient": 1, "Observation": 2}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"resourceType": "Bundle"}, "The file is a record with no list of entries."),
        (
            {"resourceType": "Bundle", "entry": [{}]},
            "One entry is empty, so it was left out.",
        ),
        (
            {"resourceType": "Bundle", "entry": [None, 5]},
            "One entry is empty, so it was left out.",
        ),
        (
            {"resourceType": "Bundle", "entry": [{"resource": {"id": "x"}}]},
            "One entry does not say what it is, so it was left out.",
        ),
    ],
)
def test_what_is_odd_becomes_a_sentence(value, problem):
    found = read_value(value)
    assert found.problems == (problem,)
    assert found.medicines == ()


def test_one_broken_entry_spoils_no_other():
    broken = {"resourceType": "MedicationStatement", "medicationCodeableConcept": 5}
    found = read_value(bundle(broken, statement()))
    assert [one.name for one in found.medicines] == ["sertraline"]
    assert len(found.problems) == 1


def test_the_standard_is_checked_only_when_asked_and_rejects_nothing():
    raw = '[{"resourceType": "Condition", "code": {"text": "Asthma"}, "x": 1}]'
    assert read(raw, source_name="x").problems == ()
    found = read(raw, source_name="x", check_standard=True)
    assert found.conditions[0].name == "Asthma"
    assert found.problems == (
        "1 of 1 entries do not follow the standard (FHIR R4). "
        "They were read as far as possible.",
    )


AMINA = ImportedPerson(
    "Amina Grëco", PartialDate(date(1980, 5, 1), "day"), ("Amina Yusuf",)
)


@pytest.mark.parametrize(
    "name", ["Amina Greco", "GRECO, Amina", "Amina Yusuf", "Amina"]
)
def test_the_same_person_gives_no_warning(name):
    assert may_be_someone_else(AMINA, name=name, birth_date=date(1980, 5, 1)) == ()


def test_another_name_or_birth_date_is_said():
    assert may_be_someone_else(AMINA, name="Bram Vos", birth_date=date(1980, 5, 1)) == (
        "The file is about Amina Grëco. This list is Bram Vos's.",
    )
    assert may_be_someone_else(
        AMINA, name="Amina Greco", birth_date=date(1981, 5, 1)
    ) == ("The file gives the birth date May 1, 1980. This list has May 1, 1981.",)


def test_the_same_first_name_alone_is_not_the_same_person():
    assert may_be_someone_else(AMINA, name="Amina Vos", birth_date=None)


def test_a_file_about_nobody_says_so():
    assert may_be_someone_else(None, name="Amina Greco", birth_date=None) == (
        "The file does not say whom it is about. Check that it is yours.",
    )


def test_a_birth_year_that_fits_is_no_warning():
    year = ImportedPerson("Amina Greco", PartialDate(date(1980, 1, 1), "year"))
    assert (
        may_be_someone_else(year, name="Amina Greco", birth_date=date(1980, 5, 1)) == ()
    )


def test_one_page_of_several_says_so():
    value = bundle(statement(), kind="searchset")
    value["link"] = [{"relation": "next", "url": "https://example.org/?page=2"}]
    assert read_value(value).problems == (
        "This file is one page of several. The others are not in it.",
    )


def test_a_history_gives_the_newest_version_only():
    old = statement(status="active", meta={"lastUpdated": "2020-01-01T00:00:00Z"})
    new = statement(status="stopped", meta={"lastUpdated": "2024-01-01T00:00:00Z"})
    found = read_value(bundle(old, new, kind="history"))
    assert [one.status for one in found.medicines] == ["stopped"]
    assert found.counts == {"MedicationStatement": 2}


def test_more_entries_than_any_life_holds_are_refused():
    one = statement()
    with pytest.raises(UnreadableFile, match="too much in this file"):
        read_value([one] * 3_001)


@pytest.mark.parametrize("broken", [[], {}, 5, None, ["Condition"]])
def test_a_type_of_any_shape_is_no_obstacle_to_checking_the_standard(broken):
    value = bundle(statement())
    value["entry"].append({"resource": {"resourceType": broken, "id": "x"}})
    found = read(json.dumps(value), source_name="x", check_standard=True)
    assert len(found.medicines) == 1
