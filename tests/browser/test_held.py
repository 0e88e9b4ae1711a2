"""An update that consent does not cover: held, asked for, signed, released once."""

from __future__ import annotations

from messaging.models import UpdateRecipient
from tests.browser.people import House, Person
from tests.browser.steps import answer_why, send_update, sign

WROTE = "Nausea gone. Slept 7 hours, 6 of 7 nights, since Nov 12."


def test_held_until_the_patient_signs_then_released_once(house: House, view) -> None:
    look = {"width": view[0], "javascript": view[1]}
    therapist = house.sign_in("therapist", **look)
    _the_therapist_writes(therapist, house)
    therapist.reads("NOT SENT. Dr. Pia Ortiz has not been told.", "Call now:")
    doctor = house.sign_in("pcp", **look)
    _the_doctor_sees_nothing(doctor, house)
    therapist.press("Ask the patient for consent")
    therapist.reads("You asked the patient on")
    therapist.does_not_read("Ask the patient for consent")

    patient = house.sign_in("patient2", **look)
    patient.press("Sam Okafor asks you to share")
    patient.reads("Dr. Pia Ortiz", "Updates", "Numbers")
    _the_patient_signs(patient)
    patient.reads("Dr. Pia Ortiz", "until")

    house.work()
    house.work()
    doctor.go("/worklist/")
    assert doctor.text.count("Nausea gone.") == 1
    newest = UpdateRecipient.objects.order_by("-update__recorded_at").first()
    therapist.go(f"/patients/{house.park}/updates/{newest.update_id}/")
    therapist.does_not_read("NOT SENT")


def _the_therapist_writes(therapist: Person, house: House) -> None:
    therapist.go(f"/patients/{house.park}/updates/new/")
    send_update(therapist, to="Dr. Pia Ortiz", what=WROTE, mentions="substance_use")
    therapist.reads("Held, not sent")
    therapist.press("Send")


def _the_doctor_sees_nothing(doctor: Person, house: House) -> None:
    house.work()
    for address in ("/worklist/", "/notices/", f"/patients/{house.park}/updates/"):
        doctor.go(address)
        doctor.does_not_read("Nausea gone", "NOT SENT", "hidden", "withheld")


def _the_patient_signs(patient: Person) -> None:
    patient.count_again()
    patient.press("Look and choose")
    # A topic of its own is nobody's to tick but the patient's.
    patient.reads(
        "not ticked for you: Substance use treatment.", "goes out only with it"
    )
    patient.choose("apart", "substance_use")
    patient.press("Continue")
    answer_why(patient)
    patient.reads("Check before you share", "Dr. Pia Ortiz will see")
    sign(patient, "Lee Park")


def test_saying_no_shares_nothing_and_says_only_not_shared(house: House) -> None:
    patient = house.sign_in("patient", width=390, javascript=False)
    patient.press("Sam Okafor asks you to share")
    patient.press("Do not share")
    house.work()
    doctor = house.sign_in("pcp", width=390, javascript=False)
    doctor.go("/worklist/")
    doctor.does_not_read("Drinks 4 evenings")
    therapist = house.sign_in("therapist")
    therapist.go("/worklist/")
    therapist.reads("NOT SENT. Dr. Pia Ortiz has not been told.")
