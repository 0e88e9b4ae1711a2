"""Names and texts that try to be more than text: shown as they were written."""

from __future__ import annotations

import pytest

from patients.models import Patient
from tests.browser.people import House
from tests.browser.steps import add_in_own_words, send_update

TEXTS = (
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "😀🙂 Zoë",
    "مرحبا Ω שלום",
    "L" * 100 + " " + "M" * 90,
)


OVER = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.security("T41", "T45", "L13")
def test_medicines_with_hostile_names_are_only_text(house: House) -> None:
    patient = house.sign_in("patient2", width=390)
    for text in TEXTS:
        patient.go(f"/patients/{house.park}/medicines/add/")
        add_in_own_words(patient, name=text, how=text)
        said = patient.page.locator("main").inner_text()
        assert "".join(text.split()) in "".join(said.split()), said
        assert patient.page.locator("main img, main script").count() == 0
        assert patient.page.evaluate(OVER) <= 0
    for noun in ("", "list/", "summary/", "more/"):
        patient.go(f"/patients/{house.park}/{noun}")
        assert patient.page.locator("main img, main script").count() == 0
        assert patient.page.evaluate(OVER) <= 0


@pytest.mark.security("T41", "T45", "L13")
def test_a_patient_and_an_update_with_hostile_texts_are_only_text(house: House) -> None:
    hostile = TEXTS[0] + TEXTS[1] + TEXTS[2]
    Patient.objects.filter(pk=house.jordan).update(name=hostile)
    therapist = house.sign_in("therapist")
    therapist.go(f"/patients/{house.jordan}/updates/new/")
    send_update(therapist, to="Dr. Min Lee", what=hostile + " 4 times, since Nov 3")
    therapist.press("Send")
    therapist.reads(hostile)
    psychiatrist = house.sign_in("psychiatrist")
    psychiatrist.reads(hostile)
    for address in ("/patients/", f"/patients/{house.jordan}/"):
        psychiatrist.go(address)
        assert "alert(1)" in psychiatrist.text
        assert psychiatrist.page.locator("main script, main img").count() == 0
