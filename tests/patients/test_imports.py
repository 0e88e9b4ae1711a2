"""Records from elsewhere stand as proposals; the patient adds each, nothing merges."""

import json
from contextlib import suppress
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carecoord.clock import database_now
from carecoord.models import User
from consents.disclosable import registry
from patients.actions import allergies, imports, medicines
from patients.actions.imports import Answer, ImportRefused
from patients.actions.medicine_terms import Details
from patients.codes import Comparison, MedicineStatus, ProposalState
from patients.dosage import Dosage
from patients.fhir import gather, read
from patients.models import (
    AllergyAssertion,
    AllergyIntolerance,
    Condition,
    ImportedItem,
    ImportFile,
    MedicationStatement,
    Patient,
    TimelineEvent,
)
from patients.proposals import Kind, decode, encode
from patients.safe_text import safe
from patients.views import imports as views
from providers.models import CareTeamParticipant
from tests.paper import pages_text, squeezed
from tests.patients.fhir.files import bundle, real_files, request, statement

pytestmark = pytest.mark.django_db
FILES = real_files()
TAKEN_IN = ("MedicationStatement", "MedicationRequest")


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


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


# Real records --------------------------------------------------------------------


def counted(path) -> dict[str, int]:
    """The entries by type, counted without any of the code under test."""
    found: dict[str, int] = {}
    for entry in json.loads(path.read_text("utf-8"))["entry"]:
        kind = entry["resource"]["resourceType"]
        found[kind] = found.get(kind, 0) + 1
    return found


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


# What is done with proposals -------------------------------------------------------


def test_a_new_medicine_becomes_the_patients_own_line(cast):
    item = only(kept(cast, daily()))
    line = accept(item, cast)
    assert (line.name, line.status, line.author) == ("sertraline", "active", None)
    assert line.dosage.line.startswith("50")
    assert TimelineEvent.objects.filter(about=line.pk).count() == 1
    item.refresh_from_db()
    assert item.state == ProposalState.ACCEPTED
    assert item.lineage == line.lineage


def test_nothing_is_added_twice(cast):
    item = only(kept(cast, daily()))
    accept(item, cast)
    with pytest.raises(ImportRefused):
        accept(ImportedItem.objects.get(pk=item.pk), cast)
    assert MedicationStatement.objects.count() == 1


def test_the_same_and_the_different_stay_beside_the_list(cast):
    line = on_list(cast)
    file = kept(cast, daily(50, id="same"), daily(100, id="other"))
    found = {item.comparison: item for item in file.items.all()}
    assert found[Comparison.SAME].beside == line.pk
    assert "Your list says" in found[Comparison.DIFFERENT].difference
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 0
    assert MedicationStatement.objects.get() == line


def test_the_patient_can_put_the_dose_of_the_file_on_the_line(cast):
    line = on_list(cast)
    accept(only(kept(cast, daily(100))), cast, changes_line=True)
    line.refresh_from_db()
    assert line.strength == 100
    assert line.version == 2
    assert MedicationStatement.objects.count() == 1


def test_what_ended_comes_in_as_stopped_and_never_stood_as_taken(cast):
    ended = {"start": "2024-01-05", "end": "2024-06-30"}
    line = accept(
        only(kept(cast, daily(status="completed", effectivePeriod=ended))), cast
    )
    assert line.status == MedicineStatus.STOPPED
    assert str(line.stopped_date) == "2024-06-30"
    assert [version.status for version in line.history.all()] == ["stopped"]
    assert TimelineEvent.objects.get(about=line.pk).kind == "medicine_stopped"


def test_an_entry_made_in_error_is_shown_and_can_never_be_added(cast, client):
    item = only(kept(cast, daily(status="entered-in-error")))
    assert item.never_active
    with pytest.raises(ImportRefused):
        accept(item, cast)
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    page = look(client, cast, item.file)
    assert "The file says that this was entered by mistake." in page
    assert "Cannot be added (1)" in page
    assert "I take this" not in page


def test_an_unknown_status_is_asked_and_not_guessed(cast):
    item = only(kept(cast, daily(status="unknown")))
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    with pytest.raises(ImportRefused, match="whether you take it"):
        accept(item, cast)
    assert accept(item, cast, status=MedicineStatus.INTENDED).status == "intended"


def test_a_medicine_that_tells_is_never_added_by_the_click_on_all(cast):
    naltrexone = statement(medicationCodeableConcept={"text": "naltrexone 50 MG"})
    item = only(kept(cast, naltrexone))
    assert item.labels
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    assert accept(item, cast, labels=item.labels).labels == item.labels


def test_allergies_and_diagnoses_come_in_and_an_allergy_never_twice(cast):
    file = kept(cast, allergy(), condition(), allergy(id="a2"))
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 2
    assert AllergyIntolerance.objects.get().reaction == "hives"
    assert Condition.objects.get().name == "asthma"
    left = imports.waiting(file).get()
    with pytest.raises(ImportRefused, match="on your list already"):
        accept(left, cast)


def no_known():
    code = {"system": "http://snomed.info/sct", "code": "716186003"}
    return allergy(code={"coding": [code], "text": "No known allergy"}, reaction=[])


def test_no_known_allergies_is_said_by_the_patient_and_not_by_a_click_on_all(cast):
    item = only(kept(cast, no_known()), Kind.NO_ALLERGIES)
    assert imports.accept_new(file=item.file, by=cast.amina.user, at=cast.at) == 0
    accept(item, cast)
    assert AllergyAssertion.objects.filter(ended_at=None).count() == 1


def test_no_known_allergies_never_stands_beside_an_allergy(cast):
    allergies.add(
        patient=cast.amina,
        reaction=allergies.Reaction("penicillin"),
        by=cast.amina.user,
        at=cast.at,
    )
    item = only(kept(cast, no_known()), Kind.NO_ALLERGIES)
    assert item.comparison == Comparison.DIFFERENT
    with pytest.raises(ImportRefused, match="Your list has an allergy"):
        accept(item, cast)
    item.refresh_from_db()
    assert item.state == ProposalState.WAITING
    assert not AllergyAssertion.objects.exists()


def test_a_name_too_long_for_the_list_is_not_cut(cast):
    name = "a" + "b" * 230
    item = only(kept(cast, statement(medicationCodeableConcept={"text": name})))
    with pytest.raises(ImportRefused, match="Add it by hand"):
        accept(item, cast)
    assert not MedicationStatement.objects.exists()


def test_one_click_adds_a_hundred_at_most(cast):
    many = [
        condition(id=str(number), code={"text": f"thing {number}"})
        for number in range(120)
    ]
    file = kept(cast, *many)
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 100
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 20


# Who sees it -------------------------------------------------------------------------


def test_proposals_are_seen_by_the_patient_alone(cast, client):
    file = kept(cast, daily(), allergy())
    assert set(file.items.values_list("categories", flat=True)) == {0}
    assert ImportedItem in registry()
    base = f"/patients/{cast.amina.pk}/import/"
    for who in ("bram", "chidi", "jon", "hana", "dana", "gus", "edo", "ines"):
        client.force_login(cast.user(who))
        for address in (base, f"{base}{file.pk}/", f"{base}{file.pk}/{_first(file)}/"):
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
    assert CareTeamParticipant.objects.filter(patient=cast.amina).exists()


def _first(file: ImportFile):
    return file.items.first().pk


def test_a_file_of_another_patient_is_not_there(cast, client):
    file = kept(cast, daily())
    client.force_login(cast.gus.user)
    address = f"/patients/{cast.gus.pk}/import/{file.pk}/"
    assert client.get(address).status_code == 404
    assert client.post(f"{address}all/").status_code == 404
    assert (
        client.post(f"{address}{_first(file)}/", {"answer": "add"}).status_code == 404
    )
    assert not MedicationStatement.objects.exists()


# The pages ---------------------------------------------------------------------------


def look(client, cast, file: ImportFile) -> str:
    client.force_login(cast.amina.user)
    address = f"/patients/{cast.amina.pk}/import/{file.pk}/"
    return client.get(address).content.decode()


def upload(client, cast, content: bytes, name="record.json"):
    client.force_login(cast.amina.user)
    file = BytesIO(content)
    file.name = name
    return client.post(f"/patients/{cast.amina.pk}/import/", {"file": file})


def test_a_file_is_uploaded_looked_at_and_added(client, cast):
    response = upload(client, cast, made(daily(), allergy(), condition()))
    page = client.get(response["Location"]).content.decode()
    assert "New (3)" in page
    assert "sertraline 50 MG Oral Tablet" in page  # what the file says, beside it
    assert "I take this: add it" in page
    assert not MedicationStatement.objects.exists()
    page = client.post(f"{response['Location']}all/", follow=True).content.decode()
    assert "Saved. 3 lines are in your record." in page
    assert MedicationStatement.objects.count() == 1


def test_one_line_is_added_and_one_left_out(client, cast):
    address = upload(client, cast, made(daily(), allergy()))["Location"]
    medicine, other = (
        only(ImportFile.objects.get(), kind) for kind in ("medicine", "allergy")
    )
    client.post(f"{address}{medicine.pk}/", {"answer": "add"})
    client.post(f"{address}{other.pk}/", {"answer": "decline"})
    assert MedicationStatement.objects.count() == 1
    assert not AllergyIntolerance.objects.exists()
    page = client.get(address).content.decode()
    assert "Waiting for you: 0. Added: 1. Left out: 1." in page


def test_a_label_is_asked_for_and_nothing_is_selected(client, cast):
    naltrexone = request(medicationCodeableConcept={"text": "naltrexone 50 MG"})
    address = upload(client, cast, made(naltrexone))["Location"]
    item = f"{address}{ImportedItem.objects.get().pk}/"
    page = client.post(item, {"answer": "add"}).content.decode()
    assert "Choose whether to mark it." in page
    assert " checked" not in page
    client.post(item, {"answer": "add", "private": "leave"})
    assert MedicationStatement.objects.get().labels == 0


def test_a_file_about_someone_else_waits_for_the_patients_word(client, cast):
    content = json.dumps(bundle(person("Gus Moreau", "1980-07-01"), daily())).encode()
    address = upload(client, cast, content)["Location"]
    page = client.get(address).content.decode()
    assert "Is this file about you?" in page
    assert "The file is about Gus Moreau." in page
    assert "add it" not in page
    client.post(f"{address}whose/", {"answer": "other"})
    assert not imports.waiting(ImportFile.objects.get()).exists()


def test_it_is_mine_after_all_and_then_it_can_be_added(client, cast):
    content = json.dumps(bundle(person("A. Someone", "1991-02-14"), daily())).encode()
    address = upload(client, cast, content)["Location"]
    client.post(f"{address}whose/", {"answer": "mine"})
    assert "I take this: add it" in client.get(address).content.decode()


def test_the_same_file_twice_is_one(client, cast):
    first = upload(client, cast, made(daily()))["Location"]
    second = upload(client, cast, made(daily()), name="again.json")
    assert second["Location"] == first
    assert ImportFile.objects.count() == ImportedItem.objects.count() == 1


@pytest.mark.parametrize("what", [name for name in BROKEN if name != "nobody named"])
def test_a_broken_upload_gets_a_sentence_and_changes_nothing(client, cast, what):
    page = upload(client, cast, BROKEN[what])
    assert page.status_code == 200
    assert "id_file_error" in page.content.decode()
    assert not ImportFile.objects.exists()


def test_a_file_without_anything_to_take_in_is_said_so(client, cast):
    page = upload(client, cast, made()).content.decode()
    assert "no medicines, allergies or diagnoses in this file" in page
    assert not ImportFile.objects.exists()


def test_no_file_and_a_file_over_10_mb_are_said_so(client, cast):
    client.force_login(cast.amina.user)
    address = f"/patients/{cast.amina.pk}/import/"
    assert "Choose a file." in client.post(address).content.decode()
    for size in (10_100_000, 13_000_000):
        page = upload(client, cast, b" " * size).content.decode()
        assert "larger than 10 MB" in page


def test_no_file_is_parsed_inside_a_transaction(client, cast, monkeypatch):
    seen = []

    def spy(*args, **kwargs):
        seen.append(len(connection.savepoint_ids))
        return read(*args, **kwargs)

    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(views, "read", spy)
    upload(client, cast, made(daily()))
    assert seen == [outside]


def test_the_page_of_a_file_costs_the_same_for_1_and_for_20(client, cast):
    one = kept(cast, condition())
    many = kept(
        cast,
        *[condition(id=str(n), code={"text": f"thing {n}"}) for n in range(20)],
    )
    look(client, cast, one)
    counts = []
    for file in (one, many):
        with CaptureQueriesContext(connection) as found:
            look(client, cast, file)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_what_is_too_long_or_has_no_name_is_never_added_by_the_click_on_all(
    client, cast
):
    code = {"system": "http://hl7.org/fhir/sid/ndc", "code": "55513003201"}
    story = condition(code={"text": "a long story " * 20})
    nameless = statement(medicationCodeableConcept={"coding": [code]})
    file = kept(cast, nameless, story)
    assert imports.accept_new(file=file, by=cast.amina.user, at=cast.at) == 0
    page = look(client, cast, file)
    assert "Cannot be added (1)" in page
    assert "Add it by hand." in page
    assert "Look and decide" in page
