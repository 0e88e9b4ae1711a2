"""Jordan, and who helps."""

from __future__ import annotations

from carecoord.demo.story import Stage, account, begin, join
from patients.models import Patient
from providers import actions as providers


def arrive(stage: Stage) -> Patient:
    at = stage.ago(200)
    jordan = begin(
        stage,
        "patient",
        "Jordan Rivera",
        stage.day(0).replace(year=1991, month=2, day=14),
        at=at,
        pronouns="they/them",
        phone="(555) 010-0199",
    )
    team = (
        ("psychiatrist", "psychiatrist", "Changes mental health medicines"),
        ("therapist", "therapist", "Therapy goals; weekly therapy, panic and sleep"),
        ("pcp", "primary_care", "Labs and weight; thyroid"),
    )
    for key, role, owns in team:
        join(jordan, stage.parties[key], role, at=at, owns=owns)

    stage.parties["caregiver"] = providers.add_related_person(
        patient=jordan,
        name="Ana Rivera",
        relationship="SIB",
        user=account(stage, "caregiver", "Ana Rivera"),
        phone="(555) 010-0142",
    ).party
    join(jordan, stage.parties["caregiver"], "caregiver", at=stage.ago(150))
    yoga = providers.add_practitioner(name="Riley Chen", profession="other").party
    join(jordan, yoga, "care_coordinator", at=stage.ago(120), owns="Rides to visits")
    return jordan
