"""Somebody new: invited by mail, accepted, confirmed, signed for; or the wrong one."""

from __future__ import annotations

from django.core import mail

from patients.models import Patient
from tests.browser.people import House, Person
from tests.browser.steps import answer_why, sign


def test_the_patient_invites_a_clinician(house: House, view) -> None:
    look = {"width": view[0], "javascript": view[1]}
    patient = house.sign_in("patient2", **look)
    _invite(patient, house)
    clinician = house.visit(**look)
    clinician.go(_link(house, "outsider"))
    clinician.reads("Lee invites you as psychiatrist")
    clinician.does_not_read("Park", "sertraline")
    clinician.press("I have an account: sign in")
    clinician.sign_in("outsider")
    clinician.page.locator("main form button[type=submit]").first.click()
    assert clinician.go(f"/patients/{house.park}/").status == 404

    patient.go(f"/patients/{house.park}/team/")
    patient.page.locator("main a[href*='/team/invitations/']").first.click()
    patient.reads("Dr. Uma Patel", "Psychiatrist")
    patient.press("Yes, it is")
    patient.press("Continue")
    answer_why(patient)
    sign(patient, "Lee Park")
    clinician.go(f"/patients/{house.park}/")
    clinician.reads("PARK, Lee", "sertraline")


def test_this_is_not_me_closes_the_link(house: House) -> None:
    patient = house.sign_in("patient2", width=390, javascript=False)
    _invite(patient, house)
    stranger = house.visit(width=390, javascript=False)
    link = _link(house, "outsider")
    stranger.go(link)
    stranger.press("This is not me")
    stranger.reads("The link is closed")
    assert stranger.go(link).status == 404
    patient.go(f"/patients/{house.park}/team/")
    patient.reads("this is not me")


def _invite(patient: Person, house: House) -> None:
    patient.go(f"/patients/{house.park}/team/invite/")
    patient.write("name", "Dr. Patel")
    patient.choose("role", "psychiatrist")
    patient.write("address", "outsider@demo.example")
    patient.choose("share", "coordination")
    patient.press("Send the invitation")
    patient.reads("The invitation is ready")
    house.work()


def _link(house: House, who: str) -> str:
    sent = next(m for m in house.mails_to(who) if "/invitation/link/" in m.body)
    assert "Park" not in sent.subject + sent.body
    return next(word for word in sent.body.split() if "/invitation/link/" in word)


def test_a_clinician_invites_a_patient_until_the_chart_opens(
    house: House, view
) -> None:
    """Somebody new, from the mail to their own signature; nothing opens before it."""
    look = {"width": view[0], "javascript": view[1]}
    clinician = house.sign_in("therapist", **look)
    clinician.press("Patients")
    clinician.press("Invite a patient")
    clinician.write("name", "Robin")
    clinician.write("address", NEW)
    clinician.choose("share", "coordination")
    clinician.press("Send the invitation")
    clinician.reads("The invitation is ready")
    house.work()

    robin = house.visit(**look)
    robin.go(_link(house, NEW))
    robin.reads("invites you to keep your own list")
    robin.does_not_read("Okafor")
    robin.press("Make an account")
    _sign_up(robin, house)
    robin.reads("Is this your clinician?", "Sam Okafor")
    assert clinician.go("/patients/").ok
    clinician.does_not_read("Robin Vale")
    robin.press("Yes, add them to my care team")
    chart = f"/patients/{Patient.objects.get(name='Robin Vale').pk}/"
    clinician.go(chart)
    clinician.reads("Nothing is shared with you now.")

    robin.press("Continue")
    answer_why(robin)
    sign(robin, "Robin Vale")
    clinician.go(chart)
    clinician.reads("VALE, Robin", "Mar 1, 1980")
    clinician.does_not_read("Nothing is shared with you now.")


NEW = "robin@example.org"
WORDS = "four quiet words here"


def _sign_up(robin: Person, house: House) -> None:
    robin.write("name", "Robin Vale")
    robin.write("birth_date", "Mar 1, 1980")
    robin.write("email", NEW)
    robin.write("password1", WORDS)
    robin.press("Make", within="main form:has([name=password1])")
    # What allauth sends goes through Django's mail, which tests keep in memory.
    words = mail.outbox[-1].body.split()
    robin.go(next(word for word in words if "/confirm-email/" in word))
    robin.page.locator("main form button[type=submit]").click()
    assert robin.path == "/accounts/login/", robin.here
    robin.page.get_by_label("E-mail address").fill(NEW)
    robin.page.get_by_label("Password").fill(WORDS)
    robin.press("Sign in", within="main form")
