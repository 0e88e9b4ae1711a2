"""What goes wrong is said first, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session

from carecoord.clock import database_now
from patients.models import MedicationStatement
from tests.browser.people import House, Person
from tests.browser.steps import add_in_own_words

EMPTY = {
    "medicines/add/": "Continue",
    "allergies/add/": "Save",
    "team/invite/": "Send the invitation",
    "sharing/grant/": "Continue",
}


def test_an_empty_form_says_so_first(house: House, view) -> None:
    width, javascript = view
    patient = house.sign_in("patient", width=width, javascript=javascript)
    for address, button in EMPTY.items():
        patient.go(f"/patients/{house.jordan}/{address}")
        patient.press(button, within="main")
        _says_so_first(patient)
    therapist = house.sign_in("therapist", width=width, javascript=javascript)
    therapist.go(f"/patients/{house.jordan}/updates/new/")
    therapist.press("I understand, go on")
    therapist.write("what_changed", "Sleeps 5 hours since Nov 3.")
    therapist.press("Check and send")
    _says_so_first(therapist)
    kept = therapist.page.locator('[name="what_changed"]').input_value()
    assert kept == "Sleeps 5 hours since Nov 3."


def _says_so_first(person: Person) -> None:
    assert person.page.title().startswith("Error: "), person.here
    summary = person.page.locator("[role=alert]").first
    assert "There is a problem" in summary.inner_text()
    if not person.javascript:
        return
    assert summary.evaluate("(e) => e === document.activeElement")
    link = summary.locator("a").first
    field = link.get_attribute("href").removeprefix("#")
    link.click()
    assert person.page.evaluate("document.activeElement.id") == field


def test_two_tabs_lose_nothing(house: House, view) -> None:
    first = house.sign_in("patient", width=view[0], javascript=view[1])
    second = Person(house, first.page.context.new_page(), javascript=view[1])
    address = f"/patients/{house.jordan}/medicines/"
    for tab, amount in ((first, "1"), (second, "4")):
        tab.go(address)
        tab.press("Change dose: quetiapine")
        tab.write("bedtime", amount)
    for tab in (first, second):
        tab.press("Continue")
        tab.choose("when", "today")
        tab.choose("decided_by", "prescriber")
    first.press("Save")
    first.reads("Saved.")
    second.press("Save")
    second.reads("50 mg", "200 mg")
    second.does_not_read("Saved.")


def test_pressing_save_twice_makes_one_medicine(house: House) -> None:
    patient = house.sign_in("patient2", width=390, javascript=False)
    patient.go(f"/patients/{house.park}/medicines/add/")
    check = add_in_own_words(patient, name="ginger drops", how="One in spring.")
    patient.go(check)
    again = patient.page.get_by_role("button", name="Save medicine")
    if again.count():
        again.click()
    found = MedicationStatement.objects.filter(patient_id=house.park)
    assert [item.name for item in found].count("ginger drops") == 1


def test_a_session_that_is_over_says_so_and_leads_back(house: House, view) -> None:
    patient = house.sign_in("patient", width=view[0], javascript=view[1])
    _wait_for_31_minutes()
    patient.go(f"/patients/{house.jordan}/medicines/")
    assert patient.path == "/signed-out/"
    patient.does_not_read("quetiapine", "Jordan")
    patient.press("Sign in")
    assert patient.path == "/accounts/login/"


def _wait_for_31_minutes() -> None:
    earlier = int((database_now() - timedelta(minutes=31)).timestamp())
    for row in Session.objects.all():
        store = row.get_session_store_class()(session_key=row.session_key)
        store["seen_at"] = earlier
        store.save()
