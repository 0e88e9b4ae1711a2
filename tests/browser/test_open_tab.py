"""T23: what is on a screen elsewhere goes within ten seconds of a stop."""

from __future__ import annotations

import pytest

from carecoord.clock import database_now
from carecoord.demo.jordan.guest import make
from consents import actions
from consents.models import Consent
from patients.models import Patient
from tests.browser.people import House, Person

TEN_SECONDS = 10_000


def stop_sharing_with(patient: Person, name: str) -> None:
    """Three taps from the overview: the person, stop, stop now."""
    patient.page.goto(patient.page.url)
    patient.press("Sharing")
    patient.press(name)
    patient.press(f"Stop sharing with {name}")
    patient.press("Stop sharing now")


def settled(person: Person, words: str) -> None:
    """The page that came instead is there, and has nothing of the text."""
    person.page.get_by_role("heading", level=1).wait_for()
    person.page.wait_for_load_state("networkidle")
    assert person.text
    assert words not in " ".join(person.page.content().split())
    assert words not in person.page.title()


@pytest.mark.security("T23")
def test_an_open_tab_loses_the_text_and_a_form_elsewhere_stays(house: House) -> None:
    doctor = house.sign_in("psychiatrist")
    doctor.go(f"/patients/{house.jordan}/updates/")
    cards = doctor.page.locator("section.card", has_text="From Sam Okafor")
    headline = cards.locator("h2 a", has_text="was").first
    words = headline.inner_text()
    headline.click()
    doctor.page.wait_for_load_state()
    assert words in doctor.text
    other = house.sign_in("therapist")
    other.go(f"/patients/{house.jordan}/updates/new/")
    if other.page.get_by_role("button", name="I understand, go on").count():
        other.press("I understand, go on")
    other.write("what_changed", "Half a sentence that")

    patient = house.sign_in("patient", width=390)
    stop_sharing_with(patient, "Dr. Min Lee")
    doctor.page.wait_for_function(
        "words => !document.body.innerText.includes(words)",
        arg=words,
        timeout=TEN_SECONDS,
    )
    settled(doctor, words)
    doctor.page.go_back()
    settled(doctor, words)
    doctor.page.go_forward()
    settled(doctor, words)
    kept = other.page.locator('[name="what_changed"]').input_value()
    assert kept == "Half a sentence that"


@pytest.mark.security("T23")
def test_a_page_opened_with_a_code_goes_as_well(house: House) -> None:
    jordan = Patient.objects.get(pk=house.jordan)
    made = make(jordan, database_now())
    assert made
    doctor = house.visit()
    doctor.go("/code/")
    doctor.write("code", made.code)
    doctor.write("birth_date", f"{jordan.birth_date:%b %d, %Y}")
    for name in ("name", "organization", "reason"):
        doctor.write(name, "Dr. Ruth Novak")
    doctor.press("Open")
    assert "quetiapine" in doctor.text.lower()
    # Whoever followed a link within the page gets the answer as well.
    doctor.page.evaluate("location.hash = 'main'")
    consent = Consent.objects.get(pk=made.guest_code.consent_id)
    actions.revoke(consent=consent, by=jordan.account, at=database_now())
    doctor.page.wait_for_function(
        "() => !document.body.innerText.toLowerCase().includes('quetiapine')",
        timeout=TEN_SECONDS,
    )
    doctor.page.get_by_role("heading", name="This is closed").wait_for()
    doctor.page.go_back()
    doctor.page.wait_for_load_state("networkidle")
    assert "quetiapine" not in doctor.page.content().lower()
