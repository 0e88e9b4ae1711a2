"""What should not wait: doses that were missed, and a sign that may be dangerous."""

from __future__ import annotations

import uuid

from carecoord.demo.jordan.the_list import line
from carecoord.demo.story import Stage
from patients.actions import side_effects, supply
from patients.codes import EventKind
from patients.models import Patient


def play(stage: Stage) -> None:
    """After the stories of both: each told at its time, to whom consent allows."""
    missed_doses(stage, Patient.objects.get(user=stage.users["patient2"]))
    faint(stage, Patient.objects.get(user=stage.users["patient3"]))


def missed_doses(stage: Stage, park: Patient) -> None:
    """Two mornings of sertraline, each one tap, the second with its reason."""
    item = line(park, "sertraline")
    for days, why in ((6, ""), (3, "side_effect")):
        at = stage.ago(days, 20)
        event = supply.tell(
            medicine=item, kind=EventKind.DOSES_MISSED, by=park.account, at=at
        )
        if why:
            supply.say_why(event=event, why=why)
        stage.tell(at)


def faint(stage: Stage, walter: Patient) -> None:
    """A week after the higher dose his daughter enters what she saw."""
    at = stage.ago(1, 9)
    side_effects.add(
        medicine=line(walter, "donepezil"),
        effect=side_effects.Effect(
            kind="fainting",
            severity="mild",
            what="dizzy, sat down twice on the stairs",
            began_date=stage.day(2),
        ),
        key=uuid.uuid4(),
        by=stage.users["representative"],
        at=at,
    )
    stage.tell(at)
