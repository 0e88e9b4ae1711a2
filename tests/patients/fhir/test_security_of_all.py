"""What a file states for all that it holds: in its bundle, or in its document."""

import json

import pytest

from patients.fhir import read
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
