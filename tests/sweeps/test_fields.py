"""Every column is classified, once, and free text never stands in clear by accident."""

import pytest
from django.apps import apps
from django.db import models

from carecoord.fields import EncryptedTextField
from consents import classification
from consents.classification import DISCLOSABLE, HISTORY, TABLE, Kind, Unclassified
from patients.models import Condition
from tests.sweeps.models import scratch


def columns(model: type[models.Model]) -> list[models.Field]:
    return list(model._meta.concrete_fields)


def unclassified(all_models) -> list[str]:
    found = []
    for model in all_models:
        for field in columns(model):
            try:
                classification.kind_of(field)
            except Unclassified as error:
                found.append(str(error))
    return found


def test_every_column_is_identifying_clinical_or_operational():
    assert unclassified(apps.get_models()) == []


def test_a_new_column_is_found():
    key = models.ForeignKey(Condition, models.PROTECT, related_name="+")
    with scratch(note=models.TextField(), where=key) as new:
        assert unclassified([new]) == [f"{new._meta.label_lower}.note"]


def test_no_line_speaks_of_a_column_that_is_gone():
    stale = []
    for label, lines in TABLE.items():
        names = {field.name for field in columns(apps.get_model(label))}
        for listed in lines.values():
            stale += [f"{label}.{name}" for name in listed.split() if name not in names]
    assert stale == []


def test_no_column_is_classified_twice():
    for model in apps.get_models():
        listed = [
            name
            for _, names in classification.lines_for(model)
            for name in names.split()
        ]
        assert len(listed) == len(set(listed)), model


def test_the_shared_lines_are_those_of_the_shared_columns():
    names = {field.name for field in columns(Condition)}
    assert set(" ".join(DISCLOSABLE.values()).split()) <= names
    versions = {field.name for field in columns(Condition.history.model)}
    assert set(" ".join(HISTORY.values()).split()) <= versions


# Free text about people that stays readable, and why. Names of medicines, codes and
# short facts stay clear (DESIGN 2, Encryption); a new free-text column is encrypted.
def clear_text() -> list[str]:
    return [
        f"{field.model._meta.label_lower}.{field.name}"
        for kind in (Kind.CLINICAL, Kind.IDENTIFYING)
        for field in classification.fields(kind)
        if isinstance(field, models.TextField)
        and not isinstance(field, EncryptedTextField)
    ]


def test_long_text_about_people_is_encrypted():
    assert clear_text() == []


@pytest.mark.parametrize(
    "name", ["phone", "address", "licence_number", "to_address", "to_name"]
)
def test_contact_details_are_encrypted(name):
    found = [
        field for field in classification.fields(Kind.IDENTIFYING) if field.name == name
    ]
    assert found
    assert all(isinstance(field, EncryptedTextField) for field in found)
