"""The pages of a file: uploaded, looked at, added or left out."""

import json
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.actions import imports
from patients.fhir import read
from patients.models import (
    AllergyIntolerance,
    ImportedItem,
    ImportFile,
    MedicationStatement,
)
from patients.views import imports as views
from tests.patients.fhir.files import bundle, request
from tests.patients.imported import (
    BROKEN,
    allergy,
    condition,
    daily,
    kept,
    look,
    made,
    only,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


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


@pytest.mark.security("T57", "L25")
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
        assert page.count("larger than 10 MB") == 2  # the summary, and at the field


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
