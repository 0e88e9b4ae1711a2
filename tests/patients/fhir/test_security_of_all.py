"""What a file states for all that it holds: in its bundle, or in its document."""

import json

import pytest

from patients.fhir import read
from patients.fhir.sensitivity import security_of_all
from tests.patients.fhir.files import bundle
from tests.patients.imported import allergy, condition, daily, person


def labels(file: dict) -> set[tuple[str, ...]]:
    found = read(json.dumps(file), source_name="made here")
    items = (*found.medicines, *found.allergies, *found.conditions)
    assert len(items) == 3
    return {item.proposed_labels for item in items}


def three(*more, **stated) -> dict:
    return bundle(person(), *more, daily(), allergy(), condition()) | stated


def test_nothing_is_stated_of_an_ordinary_file():
    assert labels(three()) == {()}


def test_what_the_bundle_is_called_all_of_it_is_called():
    meta = {"security": [{"code": "R"}]}
    assert labels(three(meta=meta)) == {("private",)}


@pytest.mark.parametrize(
    "stated",
    [{"confidentiality": "V"}, {"meta": {"security": {"code": "R"}}}],
)
def test_what_the_document_is_called_all_of_it_is_called(stated):
    document = {"resourceType": "Composition", "id": "d"} | stated
    assert labels(three(document)) == {("private",)}


def test_an_ordinary_document_calls_nothing_sensitive():
    document = {"resourceType": "Composition", "id": "d", "confidentiality": "N"}
    assert labels(three(document)) == {()}


def test_a_bundle_inside_another_says_it_of_its_own_alone():
    inner = bundle(allergy()) | {"meta": {"security": [{"code": "HIV"}]}}
    file = bundle(person(), daily(), condition(), inner)
    assert labels(file) == {(), ("hiv",)}


def test_all_of_it_comes_from_a_program():
    meta = {"security": [{"code": "42CFRPart2"}]}
    found = read(json.dumps(three(meta=meta)), source_name="made here")
    assert found.medicines[0].part2_origin
    assert found.allergies[0].part2_origin
    assert found.conditions[0].part2_origin


NOTHING = [{"code": "N"}] * 200


def test_much_that_is_stated_of_all_hides_nothing_that_an_entry_says():
    inner = allergy(meta={"security": [{"code": "HIV"}]})
    file = bundle(person(), daily(), condition(), inner)
    assert labels(file | {"meta": {"security": NOTHING}}) == {(), ("hiv",)}


def test_a_document_that_comes_late_is_read_too():
    late = {"resourceType": "Composition", "id": "d", "confidentiality": "R"}
    other = [{"resourceType": "Device", "id": f"d{number}"} for number in range(200)]
    assert labels(three(*other, late)) == {("private",)}


def test_what_is_stated_many_times_is_kept_with_each_entry_once():
    """Else a small file takes all the memory: so many codes for so many entries."""
    many = [{"code": f"X{number}"} for number in range(199)] + [{"code": "r"}]
    said = {"resourceType": "Composition", "meta": {"security": many}}
    file = bundle(*[said | {"id": f"d{number}"} for number in range(200)])
    assert security_of_all(file) == [{"code": "r"}]
