"""The two exceptions: an emergency that was stated, and a case that is closed."""

from __future__ import annotations

from typing import Any

from carecoord.demo.jordan.looks import reading_at
from carecoord.demo.story import Stage
from consents import actions
from consents.access import open_for
from consents.actions import exceptional
from patients.access.emergency import load_emergency
from patients.models import Patient


def emergency(stage: Stage, jordan: Patient) -> None:
    """Brought in confused; the page was read once and closed, and was checked."""
    doctor = stage.parties["pcp"]
    at = stage.ago(9, 22, 40)
    member = jordan.care_team.get(party=doctor)
    stated = actions.state_emergency(
        member=member,
        statement=actions.Statement(
            kind="unconscious",
            reason="Brought to the emergency room confused. Could not name medicines.",
            affiliation="Harbor Clinic",
            discloser="A demonstration on this computer",
        ),
        by=doctor.account,
        at=at,
    )
    reading = reading_at(doctor.account, "patients:emergency_page", at)
    load_emergency(open_for(reading, jordan.pk, writes=False))
    reading.write_disclosures()
    actions.end_emergencies(member=member, by=doctor.account, at=stage.ago(9, 23, 30))
    stage.tell(at)
    actions.review_emergency(
        emergency=stated,
        outcome="in_order",
        words="I called the emergency room. The page was needed and used as it should.",
        by=stage.users["privacy"],
        at=stage.ago(7, 9, 15),
    )


def threat(stage: Stage, jordan: Patient) -> None:
    """A call about a roommate's safety, told to Jordan the next day, and closed."""
    therapist = stage.parties["therapist"]
    case = exceptional.record_call(
        patient_id=jordan.pk,
        author=therapist,
        called_at=stage.ago(60, 15, 5),
        called_whom="Harbor Clinic, the psychiatrist on call",
        by=therapist.account,
        at=stage.ago(60, 15, 50),
    )
    signed: dict[str, Any] = {
        "case": case,
        "by": therapist.user,
        "at": stage.ago(60, 16, 30),
    }
    exceptional.sign_harm(
        to_patient="Low today. Sleeps little, no plan.",
        to_others="Jordan said to be afraid of hurting a roommate in a rage.",
        **signed,
    )
    exceptional.sign_consultation(
        with_whom="supervisor",
        name="Dr. Kim Abara, by phone",
        said="Agreed that the psychiatrist must know today.",
        **signed,
    )
    exceptional.sign_reasons(
        ground="serious_threat",
        reasons="A named person at risk this week. The psychiatrist can lessen it.",
        **signed,
    )
    exceptional.sign_content(
        content=exceptional.Content(
            said="Rage and little sleep for three days; afraid of hurting a roommate.",
            recipients=(
                exceptional.Told(
                    name=stage.parties["psychiatrist"].name,
                    why="Can see Jordan today and change the medicine.",
                    party=stage.parties["psychiatrist"],
                ),
            ),
        ),
        **signed,
    )
    later: dict[str, Any] = {
        "case": case,
        "by": therapist.user,
        "at": stage.ago(59, 11),
    }
    exceptional.tell_patient_of_case(
        told_at=stage.ago(59, 10),
        words="I told Dr. Lee what you said, because someone could have been hurt.",
        support="A visit the same day, and the crisis line.",
        **later,
    )
    exceptional.close_case(**later)
