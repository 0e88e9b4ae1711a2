"""Somebody new: invited by mail, accepted, confirmed, signed for; or the wrong one."""

from __future__ import annotations

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
    mail = next(m for m in house.mails_to(who) if "/invitation/link/" in m.body)
    assert "Park" not in mail.subject + mail.body
    return next(word for word in mail.body.split() if "/invitation/link/" in word)
