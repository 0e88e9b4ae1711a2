"""Who is acted for: Maya and Theo Reyes by their mother; Walter Quinn, an adult."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from carecoord.demo.jordan.guest import make
from carecoord.demo.jordan.the_list import ONE, tablet
from carecoord.demo.story import Stage, account, begin, join, permit
from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Representative
from patients.actions import allergies, children, medicines
from patients.actions.medicines import Details, Why
from patients.models import Patient
from providers.models import Party

COVERED = ("medications", "allergies", "conditions", "goals", "history", "contacts")


def play(stage: Stage) -> None:
    teenager(stage)
    young_child(stage)
    adult(stage)


# Two children ----------------------------------------------------------------------


def teenager(stage: Stage) -> Patient:
    """Her mother began the record; from 13 on Maya signs in herself."""
    mother, began = account(stage, "parent", "Elena Reyes"), stage.ago(60)
    born = stage.day(15 * 365 + 120)
    maya = children.begin_for_child(
        child=children.Child("Maya Reyes", born, "WA"), by=mother, at=began
    )
    held = maya.representatives.get()
    stage.parties["parent"] = held.party
    allergies.state_none(patient=maya, by=mother, at=began)
    line = medicines.add(
        patient=maya,
        details=Details("fluoxetine", "Prozac", reason="panic attacks"),
        dosage=tablet("10", morning=ONE),
        by=mother,
        at=began,
    ).item
    consents.check_document(
        representative=held,
        document="Birth certificate, State of Washington",
        by=stage.users["privacy"],
        at=stage.ago(57),
    )
    sign_in(stage, maya, "teen", by=mother, at=stage.ago(50))
    own_line(stage, maya)
    share(stage, maya, held)
    medicines.change_dose(
        item=line,
        version=line.version,
        dosage=tablet("20", morning=ONE),
        why=Why(day=stage.day(20)),
        by=mother,
        at=stage.ago(20),
    )
    stage.tell(stage.ago(20))
    return maya


def sign_in(
    stage: Stage, patient: Patient, key: str, *, by: User, at: datetime
) -> None:
    """The child takes the link that a parent had sent, to an account of their own."""
    if patient.birth_date is None:
        raise RuntimeError("A child of the demo has no birth date.")
    offer = children.offer_sign_in(
        patient=patient, address=f"{key}@demo.example", by=by, at=at
    )
    children.take_sign_in(
        offer=offer,
        birth_date=patient.birth_date,
        by=account(stage, key, patient.name),
        at=at,
    )
    patient.refresh_from_db()


def own_line(stage: Stage, maya: Patient) -> None:
    """By the law of her state her own: her mother sees no trace of it."""
    medicines.add(
        patient=maya,
        details=Details("norethindrone", reason="birth control"),
        dosage=tablet("0.35", morning=ONE),
        labels=LABELS["sexual_reproductive"],
        by=maya.account,
        at=stage.ago(40),
    )


def share(stage: Stage, maya: Patient, held: Representative) -> None:
    """Both treat her; the doctor by her mother's signature, the therapist by hers."""
    for key, role in (("pcp", "primary_care"), ("therapist", "therapist")):
        join(maya, stage.parties[key], role, at=stage.ago(48))
    until = stage.now.replace(year=stage.now.year + 1, day=1)
    permit(maya, stage.parties["pcp"], at=stage.ago(47), until=until, signer=held)
    permit(
        maya,
        stage.parties["therapist"],
        at=stage.ago(39),
        until=until,
        labels=("sexual_reproductive",),
    )


def young_child(stage: Stage) -> Patient:
    """Too young for a sign-in: all that happens here is done by his mother."""
    mother, began = stage.users["parent"], stage.ago(45)
    born = stage.day(7 * 365 + 200)
    theo = children.begin_for_child(
        child=children.Child("Theo Reyes", born, "WA"), by=mother, at=began
    )
    held = theo.representatives.get()
    pcp = stage.parties["pcp"]
    allergies.add(
        patient=theo,
        reaction=allergies.Reaction("amoxicillin", "hives", 2022, "low"),
        by=mother,
        at=began,
    )
    consents.check_document(
        representative=held,
        document="Birth certificate, State of Washington",
        by=stage.users["privacy"],
        at=stage.ago(43),
    )
    join(theo, pcp, "primary_care", at=stage.ago(42), by=mother)
    until = stage.now.replace(year=stage.now.year + 1, day=1)
    permit(theo, pcp, at=stage.ago(41), until=until, signer=held)
    medicines.add(
        patient=theo,
        details=Details("methylphenidate", reason="attention", prescriber=pcp),
        dosage=tablet("5", morning=ONE, noon=ONE),
        by=mother,
        at=stage.ago(35),
    )
    stage.tell(stage.ago(35))
    camp(stage, theo, held)
    return theo


def camp(stage: Stage, theo: Patient, held: Representative) -> None:
    """A nurse with a code wrote back; his mother has not handed it on yet."""
    at = stage.ago(2, 15)
    made = make(theo, at, held)
    if made is None or theo.birth_date is None:
        raise RuntimeError("The code of the demo was not made.")
    visit = consents.use_code(
        code=made.code,
        birth_date=theo.birth_date,
        claim=consents.Claim("Ana Silva", "Camp Cedar, nurse", "A bee sting"),
        source="demo",
        at=at + timedelta(minutes=15),
        key=uuid.uuid4(),
    )
    if visit is None:
        raise RuntimeError("The code of the demo was refused.")
    note = "Bee sting on the left hand, swollen for a day. No medicine given."
    consents.write_note(visit=visit, text=note, at=visit.at + timedelta(minutes=9))
    stage.tell(visit.at + timedelta(minutes=9))


# An adult --------------------------------------------------------------------------


def adult(stage: Stage) -> Patient:
    """His daughter is his health-care agent while he cannot decide."""
    walter = begin(
        stage,
        "patient3",
        "Walter Quinn",
        stage.day(0).replace(year=1952, month=4, day=9),
        at=stage.ago(90),
        phone="(555) 010-0166",
    )
    lee = stage.parties["psychiatrist"]
    join(walter, lee, "psychiatrist", at=stage.ago(89))
    join(walter, stage.parties["pcp"], "primary_care", at=stage.ago(89))
    until = stage.now.replace(year=stage.now.year + 1, day=1)
    permit(walter, lee, at=stage.ago(88), until=until)
    line = medicines.add(
        patient=walter,
        details=Details("donepezil", "Aricept", reason="memory", prescriber=lee),
        dosage=tablet("5", bedtime=ONE),
        by=walter.account,
        at=stage.ago(86),
    ).item
    allergies.state_none(patient=walter, by=walter.account, at=stage.ago(86))
    daughter = agent(stage, walter, lee)
    medicines.change_dose(
        item=line,
        version=line.version,
        dosage=tablet("10", bedtime=ONE),
        why=Why(day=stage.day(9)),
        by=daughter.account,
        at=stage.ago(9),
    )
    consents.ask(
        patient=walter,
        recipient=stage.parties["pcp"],
        asked_by=stage.parties["pcp"],
        categories=CATEGORIES.mask("medications", "allergies", "conditions"),
        purposes=PURPOSES.mask("TREAT", "COC"),
        reason="To go through the medicines before his visit.",
        at=stage.ago(3),
    )
    stage.tell(stage.ago(3))
    return walter


def agent(stage: Stage, walter: Patient, lee: Party) -> Party:
    """A clinician states it, the privacy officer sees the paper: two people."""
    user = account(stage, "representative", "Nora Quinn")
    consents.state_incapacity(
        patient=walter,
        party=lee,
        reason="Does not know the day or where he is, and cannot say what he takes.",
        by=lee.account,
        at=stage.ago(31),
    )
    held = consents.let_act(
        patient=walter,
        email=user.email,
        relationship="CHILD",
        kind="agent",
        document="Health care proxy, signed May 2, 2021",
        categories=CATEGORIES.mask(*COVERED),
        labels=0,
        may_sign=True,
        stated_by=lee,
        by=stage.users["privacy"],
        at=stage.ago(30),
    )
    return held.party
