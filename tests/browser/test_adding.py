"""T2: a medicine is added within 12 taps and 4 pages, from a misspelled name."""

from __future__ import annotations

from patients.models import MedicationStatement
from tests.browser.people import House


def test_a_misspelled_medicine_is_added_in_twelve_taps(house: House) -> None:
    patient = house.sign_in("patient2", width=390)
    patient.go(f"/patients/{house.park}/medicines/")
    patient.count_again()
    patient.press("Add a medicine")
    patient.write("name", "zolft")
    patient.page.dispatch_event('[name="name"]', "input")
    patient.page.wait_for_selector('input[name="match"]')
    patient.reads("sertraline (Zoloft)")
    patient.choose("match")
    patient.choose("schedule", "daily")
    patient.press("Continue")
    patient.choose("label", "tablet 50 mg")
    patient.write("bedtime", "1")
    patient.press("Continue")
    patient.choose("reason_chip", "mood")
    patient.press("Continue")
    patient.press("Save medicine")
    assert patient.taps <= 12, "a medicine is added in 12 taps (T2)"
    patient.reads("Saved.", "50 mg (1 tablet) at bedtime")
    line = MedicationStatement.objects.filter(patient=house.park).latest("recorded_at")
    assert (line.name, line.brand) == ("sertraline", "Zoloft")
    assert (line.rxcui, line.strength, line.unit) == ("36437", 50, "mg")
