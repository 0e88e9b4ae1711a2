"""T23: what is on a screen elsewhere goes within ten seconds of a stop."""

from __future__ import annotations

import pytest

from tests.browser.people import House, Person

TEN_SECONDS = 10_000


def stop_sharing_with(patient: Person, name: str) -> None:
    """Three taps from the overview: the person, stop, stop now."""
    patient.page.goto(patient.page.url)
    patient.press("Sharing")
    patient.press(name)
    patient.press(f"Stop sharing with {name}")
    patient.press("Stop sharing now")


def settled(person: Person) -> None:
    """The page that came instead is there, and has nothing of the text."""
    person.page.get_by_role("heading", level=1).wait_for()
    person.page.wait_for_load_state("networkidle")
    assert "wakes at 3 am" not in person.page.content()
    assert "sleep" not in person.page.title().lower()


@pytest.mark.security("T23")
def test_an_open_tab_loses_the_text_and_a_form_elsewhere_stays(house: House) -> None:
    doctor = house.sign_in("psychiatrist")
    doctor.go(f"/patients/{house.jordan}/updates/")
    card = doctor.page.locator("section.card", has_text="From Sam Okafor").first
    card.locator("h2 a").click()
    doctor.page.wait_for_load_state()
    said = doctor.page.locator("main").inner_text()
    assert "Since" in said
    other = house.sign_in("therapist")
    other.go(f"/patients/{house.jordan}/updates/new/")
    if other.page.get_by_role("button", name="I understand, go on").count():
        other.press("I understand, go on")
    other.write("what_changed", "Half a sentence that")

    patient = house.sign_in("patient", width=390)
    stop_sharing_with(patient, "Dr. Min Lee")
    doctor.page.wait_for_function(
        "said => !document.body.innerText.includes(said)",
        arg=said.splitlines()[-3],
        timeout=TEN_SECONDS,
    )
    settled(doctor)
    doctor.page.go_back()
    settled(doctor)
    doctor.page.go_forward()
    settled(doctor)
    kept = other.page.locator('[name="what_changed"]').input_value()
    assert kept == "Half a sentence that"
