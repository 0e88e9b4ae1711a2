"""An exceptional case in every state, through the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from consents.actions import exceptional
from consents.models import AftercareTask, CaseContent, ExceptionalCase
from patients.models import Condition
from tests.patients import records

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Documented:
    case: ExceptionalCase
    content: CaseContent
    item: Any
    task: AftercareTask


def opened(cast, patient=None, *, who="bram", at=None) -> ExceptionalCase:
    at = at or cast.at
    return exceptional.record_call(
        patient_id=(patient or cast.amina).pk,
        author=getattr(cast, who),
        called_at=at - HOUR,
        called_whom="County crisis line",
        by=cast.user(who),
        at=at,
    )


def uncalled(cast, *, at=None) -> ExceptionalCase:
    """Written before anybody was called."""
    return exceptional.record_call(
        patient_id=cast.amina.pk,
        author=cast.bram,
        by=cast.user("bram"),
        at=at or cast.at,
    )


def steps(cast, case, *, ground="serious_threat", at=None, who="bram") -> None:
    by = {"case": case, "by": cast.user(who), "at": at or cast.at}
    exceptional.sign_harm(to_patient="Low.", to_others="High, tonight.", **by)
    exceptional.sign_consultation(
        with_whom="supervisor", name="Dr. Kim, by phone", said="Agreed.", **by
    )
    exceptional.sign_reasons(ground=ground, reasons="A named person is at risk.", **by)


def told(cast, *inside: str, outside: str = "") -> tuple:
    people = [
        exceptional.Told(
            name=getattr(cast, who).name, why="Can help.", party=getattr(cast, who)
        )
        for who in inside
    ]
    if outside:
        people.append(
            exceptional.Told(
                name=outside, why="Can protect.", organization="City police"
            )
        )
    return tuple(people)


def content(cast, case, *items, inside=("jon",), outside="", days=1):
    return exceptional.sign_content(
        case=case,
        content=exceptional.Content(
            "He said whom.", told(cast, *inside, outside=outside), items, days
        ),
        by=cast.user("bram"),
        at=cast.at,
    )


def key_of(item) -> str:
    """How the form of step 4 names an item, as it was read."""
    return f"{item._meta.label_lower}:{item.pk}:{item.version}"


def documented(cast, patient=None, *, inside=("jon",), outside="") -> Documented:
    patient = patient or cast.amina
    case = opened(cast, patient)
    steps(cast, case)
    item = records.item(Condition, patient, "conditions", cast.at, name="CNRYpicked")
    row = content(cast, case, item, inside=inside, outside=outside)
    exceptional.wait_to_tell(
        case=case,
        reason="It would put her sister at risk.",
        until=cast.at + 10 * DAY,
        by=cast.user("bram"),
        at=cast.at,
    )
    task = exceptional.add_aftercare(
        case=case,
        what="See the patient",
        who="Bram",
        due_date=(cast.at + DAY).date(),
        by=cast.user("bram"),
        at=cast.at,
    )
    return Documented(case, row, item, task)
