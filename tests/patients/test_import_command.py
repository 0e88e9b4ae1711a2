"""`import_fhir`: real records with their counts, broken ones with a sentence."""

import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from carecoord.clock import database_now
from carecoord.models import User
from patients.actions import imports
from patients.actions.imports import Answer, ImportRefused
from patients.codes import MedicineStatus, ProposalState
from patients.fhir import gather, read
from patients.models import (
    ImportedItem,
    ImportFile,
    MedicationStatement,
    Patient,
)
from patients.proposals import Kind, decode, encode
from patients.safe_text import safe
from tests.paper import pages_text, squeezed
from tests.patients.fhir.files import bundle, real_files, statement
from tests.patients.imported import (
    BROKEN,
    accept,
    made,
    person,
)

pytestmark = pytest.mark.django_db


FILES = real_files()
TAKEN_IN = ("MedicationStatement", "MedicationRequest")


def counted(path) -> dict[str, int]:
    """The entries by type, counted without any of the code under test."""
    found: dict[str, int] = {}
    for entry in json.loads(path.read_text("utf-8"))["entry"]:
        kind = entry["resource"]["resourceType"]
        found[kind] = found.get(kind, 0) + 1
    return found


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_bundle_comes_in_with_its_counts_and_all_of_it_can_be_added(path):
    out = StringIO()
    call_command("import_fhir", str(path), stdout=out)
    patient, counts = Patient.objects.get(), counted(path)
    items = ImportedItem.objects.filter(patient=patient)
    assert str(patient.pk) in out.getvalue()
    file = ImportFile.objects.get()
    assert file.counts["entries"] == counts
    for kind in (*TAKEN_IN, "AllergyIntolerance", "Condition"):
        assert f"{counts.get(kind, 0)} {kind}" in out.getvalue()

    # Every entry is in exactly one proposal, or in a sentence about none.
    proposals = gather(read(path.read_bytes(), source_name="x").medicines)
    told = [one for one in items if one.kind == Kind.STATEMENT]
    none = [one for one in told if "known medicines" in one.name]
    times = sum(one.times for one in proposals)
    assert times + len(none) == sum(counts.get(kind, 0) for kind in TAKEN_IN)
    assert items.filter(kind=Kind.MEDICINE).count() == len(proposals)

    added = 0
    for item in items.filter(never_active=False).exclude(kind=Kind.STATEMENT):
        try:
            imports.accept(
                item=item,
                answer=Answer(status=_said(item), labels=item.labels),
                by=item.recorded_by,
                at=database_now(),
            )
        except ImportRefused as error:
            # The file says an allergy twice, or a whole story as a diagnosis.
            too_long = len(item.name) > 200 and "by hand" in str(error)
            assert too_long or "already" in str(error)
        else:
            added += 1
    lines = MedicationStatement.objects.filter(patient=patient)
    assert (
        lines.count()
        == items.filter(kind=Kind.MEDICINE, state=ProposalState.ACCEPTED).count()
    )
    for line in lines:
        assert line.dosage.line
        assert line.dosage.problems() == []
    assert added == items.filter(state=ProposalState.ACCEPTED).count()
    assert items.filter(never_active=True, state=ProposalState.ACCEPTED).count() == 0


def _said(item: ImportedItem) -> str:
    unknown = item.kind == Kind.MEDICINE and decode(item.content).status == "unknown"
    return MedicineStatus.ACTIVE if unknown else ""


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_summary_of_a_real_record_is_one_page(path, client):
    patient = in_record(path)
    client.force_login(patient.user)
    response = client.get(f"/patients/{patient.pk}/summary.pdf")
    assert response.status_code == 200
    pdf = b"".join(response)
    assert len(pages_text(pdf)) == 1
    # On paper names that look alike are in tall letters, and amounts in safe words.
    printed = squeezed("".join(pages_text(pdf))).casefold()
    for line in MedicationStatement.objects.filter(patient=patient, status="active"):
        assert squeezed(safe(line.name)).casefold() in printed


def in_record(path) -> Patient:
    """Everything of a file added, and the patient signs in."""
    call_command("import_fhir", str(path), stdout=StringIO())
    patient = Patient.objects.get()
    patient.user = User.objects.create_user("p@example.org", name=patient.name)
    patient.save()
    ready = ImportedItem.objects.filter(never_active=False)
    for item in ready.exclude(kind=Kind.STATEMENT):
        answer = Answer(status=_said(item))
        with suppress(ImportRefused):
            imports.accept(item=item, answer=answer, by=patient.user, at=database_now())
    return patient


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_proposal_keeps_all_that_the_file_said(path):
    found = read(path.read_bytes(), source_name=path.name)
    said = [*found.medicines, *found.allergies, *found.conditions, *found.statements]
    for one in said:
        assert decode(encode(one)) == one


def test_one_broken_file_changes_nothing_and_the_others_come_in(tmp_path):
    broken, good = tmp_path / "broken.json", tmp_path / "good.json"
    broken.write_text('{"resourceType": "Bundle", "entry": [')
    good.write_bytes(made(statement()))
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="1 of 2 files were not imported"):
        call_command("import_fhir", str(broken), str(good), stdout=out, stderr=err)
    assert str(broken) in err.getvalue()
    assert Patient.objects.count() == ImportFile.objects.count() == 1


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_gets_a_sentence_and_leaves_nothing(tmp_path, what):
    path = tmp_path / "file.json"
    path.write_bytes(BROKEN[what])
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("import_fhir", str(path), stderr=err)
    sentence = err.getvalue().partition(": ")[2].strip()
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert not Patient.objects.exists()


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path):
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("import_fhir", str(tmp_path / "no.json"), stderr=err)
    assert "cannot be opened" in err.getvalue()


@pytest.mark.parametrize(
    "given", ["nonsense", "00000000-0000-4000-8000-000000000000", ""]
)
def test_an_unknown_patient_gets_a_sentence(tmp_path, given):
    path = tmp_path / "file.json"
    path.write_bytes(made(statement()))
    with pytest.raises(CommandError, match="There is no patient"):
        call_command("import_fhir", str(path), "--patient", given)
    assert not ImportFile.objects.exists()


def test_the_command_adds_to_a_patient_and_the_same_bytes_once(cast, tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(made(statement()))
    to = ("--patient", str(cast.amina.pk))
    call_command("import_fhir", str(path), *to, stdout=StringIO())
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("import_fhir", str(path), *to, stderr=err)
    assert "was read on" in err.getvalue()
    assert ImportedItem.objects.filter(patient=cast.amina).count() == 1


def test_a_file_about_somebody_else_is_said_so_and_adds_nothing(cast, tmp_path):
    path = tmp_path / "file.json"
    path.write_text(json.dumps(bundle(person("Gus Moreau", "1980-07-01"), statement())))
    out = StringIO()
    call_command("import_fhir", str(path), "--patient", str(cast.amina.pk), stdout=out)
    assert "The file is about Gus Moreau." in out.getvalue()
    item = ImportedItem.objects.get()
    with pytest.raises(ImportRefused, match="whether this file is about you"):
        accept(item, cast)
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0


def test_nobody_can_sign_in_as_the_importer(tmp_path, client):
    path = tmp_path / "file.json"
    path.write_bytes(made(statement()))
    call_command("import_fhir", str(path), stdout=StringIO())
    importer = ImportFile.objects.get().read_by
    assert not importer.is_active
    assert not importer.has_usable_password()
