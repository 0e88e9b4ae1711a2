"""Small files from elsewhere, and reading them into Amina's record."""

import json
from decimal import Decimal

from patients.actions import imports, medicines
from patients.actions.imports import Answer
from patients.actions.medicine_terms import Details
from patients.dosage import Dosage
from patients.fhir import read
from patients.models import (
    ImportedItem,
    ImportFile,
    MedicationStatement,
)
from patients.proposals import Kind
from tests.patients.fhir.files import bundle, statement


def allergy(**fields):
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": "penicillin"},
        "reaction": [{"manifestation": [{"text": "hives"}]}],
    } | fields


def condition(**fields):
    return {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": "asthma"},
    } | fields


def person(name="Amina Diallo", born="1991-02-14"):
    family = name.split()[-1]
    names = [{"given": name.split()[:-1], "family": family}]
    return {"resourceType": "Patient", "id": "p", "name": names, "birthDate": born}


def made(*resources) -> bytes:
    return json.dumps(bundle(person(), *resources)).encode()


def kept(cast, *resources, warnings=()) -> ImportFile:
    """A file read into Amina's record."""
    return imports.read_file(
        patient=cast.amina,
        bundle=read(made(*resources), source_name="made here"),
        warnings=warnings,
        by=cast.amina.user,
        at=cast.at,
    )


def only(file: ImportFile, kind=Kind.MEDICINE) -> ImportedItem:
    return ImportedItem.objects.get(file=file, kind=kind)


def accept(item: ImportedItem, cast, **answer):
    return imports.accept(
        item=item, answer=Answer(**answer), by=cast.amina.user, at=cast.at
    )


def mark_of(line: MedicationStatement) -> str:
    """What the page shows of a line, and its button names."""
    listed = imports.standing(line.patient).medicines
    return next(one.mark for one in listed if one.id == line.pk)


def on_list(cast, name="sertraline", strength=50) -> MedicationStatement:
    return medicines.add(
        patient=cast.amina,
        details=Details(name=name),
        dosage=Dosage(
            schedule="daily",
            strength=Decimal(strength),
            unit="mg",
            form="tablet",
            morning=Decimal(1),
        ),
        by=cast.amina.user,
        at=cast.at,
    ).item


def daily(strength=50, **fields):
    """One tablet every morning."""
    when = {
        "repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]}
    }
    dose = [{"doseQuantity": {"value": 1, "unit": "tablet"}}]
    name = {"text": f"sertraline {strength} MG Oral Tablet"}
    return statement(
        medicationCodeableConcept=name,
        dosage=[{"timing": when, "doseAndRate": dose}],
        **fields,
    )


def no_known():
    code = {"system": "http://snomed.info/sct", "code": "716186003"}
    return allergy(code={"coding": [code], "text": "No known allergy"}, reaction=[])


def look(client, cast, file: ImportFile) -> str:
    client.force_login(cast.amina.user)
    address = f"/patients/{cast.amina.pk}/import/{file.pk}/"
    return client.get(address).content.decode()


BROKEN = {
    "a picture": b"\x89PNG\r\n\x1a\n",
    "a page": b"<!DOCTYPE html><p>Not found",
    "nothing": b"",
    "half a file": b'{"resourceType": "Bundle"',
    "a list of numbers": b"[1, 2, 3]",
    "another resource": b'{"resourceType": "Questionnaire"}',
    "an error message": b'{"resourceType": "OperationOutcome"}',
    "nobody named": b'{"resourceType": "Bundle", "type": "collection", "entry": []}',
}
