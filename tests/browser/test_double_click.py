"""A double click sends a form once: what its answer shows once is read (T70)."""

from __future__ import annotations

import re

import pytest

from carecoord import zones
from patients.models import Patient
from tests.browser.people import House, Person
from tests.browser.steps import answer_why, sign, value_of

# Between the two clicks of a double click the first request has left.
BETWEEN_MS = 100


def click_twice(person: Person, name: str) -> None:
    button = person.page.get_by_role("button", name=name)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    person.page.mouse.click(*place)
    person.page.wait_for_timeout(BETWEEN_MS)
    person.page.mouse.click(*place)


@pytest.mark.security("T70")
def test_a_code_is_read_and_opens_in_spite_of_double_clicks(house: House) -> None:
    patient = house.sign_in("patient", width=390)
    patient.go(f"/patients/{house.jordan}/sharing/codes/new/")
    for name, value in (("page", "emergency"), ("ends", "2"), ("visits", "1")):
        patient.page.locator(f"input[name={name}][value='{value}']").check(force=True)
    patient.page.locator("main form button[type=submit]").last.click()
    patient.write("signed_name", "Jordan Rivera")
    patient.page.locator("input[name=agree]").check(force=True)
    click_twice(patient, "Sign and make the code")
    patient.page.get_by_role("heading", name="Your code is ready").wait_for()
    code = re.search(r"\w{4}-\w{4}-\w{4}", patient.text)[0]

    jordan = Patient.objects.get(pk=house.jordan)
    doctor = house.visit()
    doctor.go("/code/")
    for name, words in (
        ("code", code),
        ("birth_date", zones.day_words(jordan.birth_date)),
        ("name", "Dr. Ruth Novak"),
        ("organization", "Mercy Hospital"),
        ("reason", "A fall"),
    ):
        doctor.write(name, words)
    click_twice(doctor, "Open")
    doctor.page.wait_for_url("**/code/page/**")
    doctor.reads("Jordan Rivera")


def test_a_look_in_another_tab_keeps_nobody_from_signing(house: House) -> None:
    patient = house.sign_in("patient2")
    patient.go(f"/patients/{house.park}/sharing/grant/")
    patient.choose("recipient", value_of(patient, "recipient", "Dr. Min Lee"))
    patient.press("Continue")
    patient.choose("preset", value_of(patient, "preset", "Care coordination"))
    patient.press("Continue")
    answer_why(patient)
    with patient.page.expect_popup():
        patient.page.get_by_role("button", name="Look at the pages as").first.click()
    sign(patient, "Lee Park")
    patient.reads("Receipt number")


SUBMITS = """goesBack => {
  const form = document.querySelector("main form[method=post]");
  let sent = 0;
  window.addEventListener("submit", event => {
    sent += event.defaultPrevented ? 0 : 1;
    event.preventDefault();
  });
  form.requestSubmit();
  if (goesBack) {
    window.dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
  }
  form.requestSubmit();
  return sent;
}"""


def test_a_form_to_which_somebody_goes_back_is_sent_at_once(house: House) -> None:
    """Of a page that the browser kept: whether it keeps one is its own choice."""
    patient = house.sign_in("patient")
    for goes_back, sent in ((False, 1), (True, 2)):
        patient.go(f"/patients/{house.jordan}/sharing/grant/")
        assert patient.page.evaluate(SUBMITS, goes_back) == sent
