"""A record from elsewhere: read, looked at line by line, added only on a word."""

from __future__ import annotations

import json

from tests.browser.people import House, Person
from tests.patients.fhir.files import bundle, statement
from tests.patients.imported import allergy, condition, person

NAME = "record.json"


def test_a_file_is_read_and_answered_line_by_line(house: House, view) -> None:
    patient = house.sign_in("patient2", width=view[0], javascript=view[1])
    _hand_over(patient, house, _file())
    patient.reads("What the file says", "Waiting for you: 4. Added: 0. Left out: 0.")
    patient.reads("sertraline", "penicillin", "asthma", "ibuprofen")
    assert "ibuprofen" not in _list(patient, house), "nothing is added by itself"

    patient.page.go_back()
    patient.press("Leave it out: asthma")
    patient.reads("Waiting for you: 3. Added: 0. Left out: 1.")
    _add(patient, "penicillin")
    _add(patient, "ibuprofen")
    patient.reads("Waiting for you: 1. Added: 2. Left out: 1.")
    said = _list(patient, house)
    assert "ibuprofen" in said
    assert said.count("sertraline") == _list(patient, house).count("sertraline")
    patient.go(f"/patients/{house.park}/allergies/")
    patient.reads("penicillin", "hives")


def test_a_broken_file_gets_a_sentence_and_changes_nothing(house: House) -> None:
    patient = house.sign_in("patient2", width=390, javascript=False)
    before = _list(patient, house)
    for broken in (b"", b"{", b"\x89PNG\r\n", b'{"resourceType": "Patient"}'):
        _hand_over(patient, house, broken)
        assert patient.path == f"/patients/{house.park}/import/"
        patient.reads("There is a problem")
        patient.does_not_read("Files you read")
    assert _list(patient, house) == before


def _file() -> bytes:
    """One line that is on the list already, and three that are new."""
    return json.dumps(
        bundle(
            person("Lee Park", born="2001-09-30"),
            statement(dosage=[{"text": "1 tablet daily"}]),
            statement(
                id="m2",
                medicationCodeableConcept={"text": "ibuprofen 200 MG Oral Tablet"},
                dosage=[{"text": "1 tablet when needed"}],
            ),
            allergy(),
            condition(),
        )
    ).encode()


def _hand_over(patient: Person, house: House, body: bytes) -> None:
    patient.go(f"/patients/{house.park}/import/")
    given = {"name": NAME, "mimeType": "application/json", "buffer": body}
    patient.page.locator('input[type="file"]').set_input_files(given)
    patient.press("Read the file")


def _add(patient: Person, name: str) -> None:
    """Adds one line, with whatever it asks first."""
    card = f"section.card:has(h3:text-is('{name}'))"
    if patient.page.locator(card).get_by_role("link", name="Look and decide").count():
        patient.press("Look and decide", within=card)
        patient.page.locator("main button[value=add]").click()
    else:
        patient.page.locator(card).locator("button[value=add]").click()


def _list(patient: Person, house: House) -> str:
    patient.go(f"/patients/{house.park}/medicines/")
    return patient.text
