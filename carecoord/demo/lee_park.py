"""Lee Park's record: a first medicine, no therapist's update allowed yet."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

from carecoord.demo.jordan.half_year import numbers
from carecoord.demo.jordan.the_list import ONE, tablet
from carecoord.demo.story import Stage, begin, join, permit
from carecoord.models import MailWhen
from consents.codes import CATEGORIES
from messaging.actions import updates
from messaging.actions.updates import Content
from patients.actions import allergies, list_checks, medicines, people
from patients.actions.medicines import Details
from patients.models import Patient


def play(stage: Stage) -> Patient:
    park = begin(
        stage,
        "patient2",
        "Lee Park",
        stage.day(0).replace(year=2001, month=9, day=30),
        at=stage.ago(45),
        phone="(555) 010-0177",
    )
    for key, role in (
        ("psychiatrist", "psychiatrist"),
        ("therapist", "therapist"),
        ("pcp", "primary_care"),
    ):
        join(park, stage.parties[key], role, at=stage.ago(44))
    permit(
        park,
        stage.parties["pcp"],
        at=stage.ago(43),
        until=stage.now + timedelta(days=140),
    )
    permit(
        park,
        stage.parties["psychiatrist"],
        at=stage.ago(43),
        until=stage.now + timedelta(days=140),
        categories=CATEGORIES.mask("medications", "conditions"),
    )
    medicines.add(
        patient=park,
        details=Details(
            "sertraline",
            "Zoloft",
            reason="anxiety",
            prescriber=stage.parties["psychiatrist"],
            started_date=stage.day(21),
            started_precision="day",
        ),
        dosage=replace(tablet("50"), morning=ONE),
        by=park.account,
        at=stage.ago(20),
    )
    allergies.state_none(patient=park, by=park.account, at=stage.ago(20))
    list_checks.confirm(patient=park, by=park.account, at=stage.ago(20))
    # Lee shares a computer at home.
    people.change_own(
        user=park.account,
        own=people.Own(
            time_zone=park.account.time_zone,
            discreet=park.account.discreet,
            quick_exit=True,
            mail_when=MailWhen.HOURS,
            mail_from=9,
            mail_until=17,
        ),
    )
    stage.tell(stage.ago(20))
    held(stage, park)
    return park


def held(stage: Stage, park: Patient) -> None:
    """Updates are not shared with the psychiatrist: this one is not sent."""
    sam = stage.parties["therapist"]
    updates.send(
        patient=park,
        author=sam,
        content=Content(
            urgency="next_visit",
            suicidal_thoughts="none",
            ask="review_dose",
            labels=0,
            what_changed="Nausea 4 of 7 mornings since sertraline began 21 days ago.",
            since_date=stage.day(21),
            appetite="less",
            numbers=numbers(sleep_hours=("6.5", None), self_rated_10=("5", None)),
        ),
        recipients=[stage.parties["psychiatrist"]],
        form_key=uuid.uuid4(),
        by=sam.account,
        at=stage.ago(2, 15),
    )
    stage.tell(stage.ago(2, 15))
