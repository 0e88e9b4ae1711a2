"""Two who come of age: Iris Vale in five days, Finn Vale four days ago.

Their father began both records and signed for them. Iris and he have their notices;
Finn has not yet said what is to go on, and his father reads nothing of his any more.
"""

from __future__ import annotations

from datetime import date

from carecoord.demo.acting import sign_in
from carecoord.demo.jordan.the_list import ONE, tablet
from carecoord.demo.story import Stage, account, join, permit
from consents import actions as consents
from consents.models import Representative
from messaging.actions.coming_of_age import remind_of_majority
from patients.actions import allergies, children, medicines
from patients.actions.medicines import Details
from patients.models import Patient

DAYS_TO_COME, DAYS_SINCE = 5, 4
REMINDED = (60, 30, 20, 8, 2)


def play(stage: Stage) -> None:
    account(stage, "parent2", "Owen Vale")
    iris = child(stage, "almost18", "Iris Vale", eighteen(stage, -DAYS_TO_COME))
    finn = child(stage, "just18", "Finn Vale", eighteen(stage, DAYS_SINCE))
    for patient, name, dose in (
        (iris, "sertraline", "50"),
        (finn, "lamotrigine", "25"),
    ):
        medicines.add(
            patient=patient,
            details=Details(name, reason="mood"),
            dosage=tablet(dose, morning=ONE),
            by=stage.users["parent2"],
            at=stage.ago(60),
        )
        treated(stage, patient)
    # As the workers would have: for Finn before his day, for Iris before hers.
    for days in REMINDED:
        remind_of_majority(at=stage.ago(days))
    stage.tell(stage.ago(2))


def eighteen(stage: Stage, days_ago: int) -> date:
    """Born so that the 18th birthday was so many days ago."""
    day = stage.day(days_ago)
    return day.replace(year=day.year - 18, day=min(day.day, 28))


def child(stage: Stage, key: str, name: str, born: date) -> Patient:
    """The father began the record; the child has had a sign-in for two months."""
    father, began = stage.users["parent2"], stage.ago(70)
    patient = children.begin_for_child(
        child=children.Child(name, born, "NY"), by=father, at=began
    )
    stage.parties["parent2"] = patient.representatives.get().party
    allergies.state_none(patient=patient, by=father, at=began)
    consents.check_document(
        representative=patient.representatives.get(),
        document="Birth certificate, State of New York",
        by=stage.users["privacy"],
        at=stage.ago(67),
    )
    sign_in(stage, patient, key, by=father, at=stage.ago(65))
    return patient


def treated(stage: Stage, patient: Patient) -> None:
    """Both are treated by the same two; the father signed for both of these."""
    held: Representative = patient.representatives.get()
    until = stage.now.replace(year=stage.now.year + 1, day=1)
    for key, role in (("psychiatrist", "psychiatrist"), ("therapist", "therapist")):
        join(patient, stage.parties[key], role, at=stage.ago(58), by=held.party.account)
        at = stage.ago(57)
        permit(patient, stage.parties[key], at=at, until=until, signer=held)
