"""The main job from end to end, as everyone who takes part in it sees it."""

from __future__ import annotations

import io

import pypdfium2

from tests.browser.people import House, Person
from tests.browser.steps import value_of

# Nothing of this may stand in a mail: names, medicines, roles, the field of medicine.
SECRETS = (
    *("Jordan", "Rivera", "Lee", "Okafor", "Sam", "Ortiz", "quetiapine", "Seroquel"),
    *("sleep", "panic", "mental", "therap", "psych", "bipolar"),
)

# Of Jordan's record: nothing of it is left once sharing has stopped.
CLINICAL = (
    *("quetiapine", "lamotrigine", "levothyroxine", "paliperidone", "prednisone"),
    *("hives", "sulfa", "bipolar", "hypothyroid", "mercy general", "wakes at"),
)

# A team member to whom nothing is shared: the pages say so, a sheet does not exist.
ENDED = {
    **dict.fromkeys(("medicines/", "updates/", "list/"), 200),
    **dict.fromkeys(("summary/", "summary.txt"), 404),
    **dict.fromkeys(("summary.pdf", "summary-large.pdf"), 404),
}


def test_from_a_changed_dose_to_the_end_of_sharing(house: House, every_view) -> None:
    width, javascript = every_view
    look = {"width": width, "javascript": javascript}
    patient = house.sign_in("patient", **look)
    _the_patient_changes_a_dose(patient)
    house.work()

    therapist = house.sign_in("therapist", **look)
    _the_therapist_writes(therapist, house)
    house.work()

    psychiatrist = house.sign_in("psychiatrist", **look)
    _the_psychiatrist_takes_it_on(psychiatrist)
    _the_psychiatrist_decides(psychiatrist)
    house.work()

    _the_therapist_learns_what_to_watch(therapist)
    _everyone_has_a_mail_that_says_nothing(house)

    doctor = house.visit(**look)
    _the_doctor_comes_from_the_mail(doctor, house)

    _the_patient_sees_who_looked(patient)
    patient.count_again()
    _the_patient_stops_sharing(patient)
    _it_is_over_in_the_same_second(doctor, house)


def _the_patient_changes_a_dose(patient: Person) -> None:
    patient.press("Change a medicine")
    patient.press("Change dose: quetiapine")
    patient.write("bedtime", "4")
    patient.press("Continue")
    patient.reads("150 mg to 200 mg")
    patient.choose("when", "today")
    patient.choose("decided_by", "prescriber")
    patient.choose("reason", "plan")
    patient.press("Save")
    assert patient.taps <= 8, "a dose is changed in 8 taps (T3)"
    patient.reads("Saved.", "150 mg to 200 mg", "200 mg a day")
    if patient.javascript:
        focused = patient.page.evaluate("document.activeElement.innerText")
        assert "Saved." in focused


def _the_therapist_writes(therapist: Person, house: House) -> None:
    therapist.press("Patients")
    therapist.press("Jordan Rivera")
    therapist.press("Send update")
    therapist.press("I understand, go on")
    therapist.count_again()
    therapist.choose("to", value_of(therapist, "to", "Dr. Min Lee"))
    therapist.choose("urgency", "two_days")
    therapist.write("sleep_hours", "4.5")
    therapist.write("panic_per_week", "4")
    therapist.choose("appetite", "usual")
    therapist.choose("suicidal_thoughts", "none")
    therapist.write("what_changed", "Wakes at 4 am, 5 nights of 7, since 6 days.")
    therapist.choose("ask", "review_dose")
    therapist.choose("mentions", "none")
    therapist.press("Check and send")
    therapist.reads(
        "Review dose or timing: 4 panic attacks a week, was 2", "Will be sent"
    )
    therapist.press("Send")
    assert therapist.taps <= 16, "an update takes 16 clicks (T8)"
    therapist.reads("Dr. Min Lee", "Sent")


def _the_psychiatrist_takes_it_on(psychiatrist: Person) -> None:
    assert psychiatrist.path == "/worklist/"
    headline = "Jordan Rivera: Review dose or timing: 4 panic attacks a week, was 2"
    psychiatrist.reads(headline, "quetiapine: 150 mg to 200 mg")
    row = "section.card:has-text('Wakes at 4 am')"
    psychiatrist.press("I have this", within=row)
    psychiatrist.press("I will call by", within=row)
    assert psychiatrist.taps <= 2, "taken on with 2 clicks (T9)"
    assert psychiatrist.path == "/worklist/"
    psychiatrist.reads("You will call by")


def _the_psychiatrist_decides(psychiatrist: Person) -> None:
    psychiatrist.press("Reply", within="section.card:has-text('Wakes at 4 am')")
    psychiatrist.write("decision", "Quetiapine back to 150 mg at bedtime.")
    psychiatrist.write("watch_for", "More restless nights, or fewer than 4 hours.")
    psychiatrist.write("watch_weeks", "2")
    psychiatrist.choose("mentions", "none")
    psychiatrist.press("Send the answer")
    psychiatrist.reads("Quetiapine back to 150 mg at bedtime.")


def _the_therapist_learns_what_to_watch(therapist: Person) -> None:
    therapist.go("/worklist/")
    therapist.reads(
        "Answers to what you sent",
        "Quetiapine back to 150 mg at bedtime.",
        "More restless nights, or fewer than 4 hours.",
    )


def _everyone_has_a_mail_that_says_nothing(house: House) -> None:
    for who in ("patient", "therapist", "psychiatrist", "pcp"):
        mails = [mail for mail in house.mails_to(who) if mail.is_notice]
        assert mails, f"no notice for {who}"
        said = f"{mails[0].subject}\n{mails[0].body}"
        found = [word for word in SECRETS if word.lower() in said.lower()]
        assert not found, f"{found} in the mail to {who}"


def _the_doctor_comes_from_the_mail(doctor: Person, house: House) -> None:
    mail = next(mail for mail in house.mails_to("pcp") if mail.is_notice)
    link = next(word for word in mail.body.split() if word.startswith("http"))
    doctor.go(link)
    doctor.sign_in("pcp")
    doctor.count_again()
    doctor.press("Patients")
    doctor.press("Jordan Rivera")
    doctor.reads("RIVERA, Jordan", "200 mg")
    answer = doctor.download("One-page PDF")
    assert doctor.taps <= 3, "the page is printed with 3 clicks (T10)"
    assert "Rivera" not in answer.headers["content-disposition"]
    said = _paper(answer.body())
    for words in ("Health summary", "Jordan Rivera", "quetiapine", "200 mg"):
        assert words in said
    assert "diphenhydramine" not in said, "kept back by the patient"


def _paper(data: bytes) -> str:
    """The words of the sheet, which is one page: not two, not none."""
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    pages = [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    assert len(pages) == 1, pages
    return pages[0]


def _the_patient_sees_who_looked(patient: Person) -> None:
    patient.go("/")
    patient.count_again()
    patient.press("See who looked")
    assert patient.taps <= 2, "who looked in 2 taps (T7)"
    patient.reads("Dr. Pia Ortiz", "Downloaded", "Allowed by: your permission of")


def _the_patient_stops_sharing(patient: Person) -> None:
    patient.go("/")
    patient.count_again()
    patient.press("Dr. Pia Ortiz")
    patient.press("Stop sharing with Dr. Pia Ortiz")
    patient.press("Stop sharing now")
    assert patient.taps <= 3, "sharing is stopped with 3 taps (T5)"
    patient.reads("Dr. Pia Ortiz")


def _it_is_over_in_the_same_second(doctor: Person, house: House) -> None:
    chart = f"/patients/{house.jordan}/"
    doctor.reload()
    doctor.reads("Nothing is shared with you now.")
    doctor.does_not_read("quetiapine", "200 mg")
    for address, status in ENDED.items():
        answer = doctor.page.request.get(chart + address)
        assert answer.status == status, address
        said = answer.body().decode(errors="replace").lower()
        assert not [word for word in CLINICAL if word in said]
