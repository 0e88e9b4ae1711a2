"""Sharing with somebody, from the first question to the receipt."""

from __future__ import annotations

from tests.browser.people import House
from tests.browser.steps import answer_why, sign, value_of


def test_a_preset_is_shared_in_four_pages(house: House, view) -> None:
    patient = house.sign_in("patient2", width=view[0], javascript=view[1])
    patient.go(f"/patients/{house.park}/sharing/grant/")
    patient.choose("recipient", value_of(patient, "recipient", "Dr. Min Lee"))
    patient.press("Continue")
    patient.does_not_read("Sign and share")
    assert not patient.page.locator("main input:checked").count(), "nothing is chosen"
    patient.choose("preset", value_of(patient, "preset", "Care coordination"))
    patient.press("Continue")
    answer_why(patient)
    patient.reads("Dr. Min Lee will see", "Dr. Min Lee will not see")
    patient.press("Back")
    patient.press("Continue")
    sign(patient, "Lee Park")
    patient.reads("Receipt number")


def test_it_takes_four_pages_and_no_more(house: House) -> None:
    patient = house.sign_in("patient2", width=390, javascript=False)
    patient.go(f"/patients/{house.park}/sharing/grant/")
    seen = [patient.page.locator("main").inner_text()]
    patient.choose("recipient", value_of(patient, "recipient", "Dr. Min Lee"))
    patient.press("Continue")
    seen.append(patient.page.locator("main").inner_text())
    patient.choose("preset", value_of(patient, "preset", "Care coordination"))
    patient.press("Continue")
    seen.append(patient.page.locator("main").inner_text())
    answer_why(patient)
    seen.append(patient.page.locator("main").inner_text())
    for number, page in enumerate(seen, 1):
        assert f"step {number} of 4" in page
    sign(patient, "Lee Park")
    assert "/receipts/" in patient.path, "a preset is shared in 4 pages (T6)"
