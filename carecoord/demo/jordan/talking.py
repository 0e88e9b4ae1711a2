"""How much Jordan wants the team to talk; an update that waits; what a sister saw."""

from __future__ import annotations

import uuid
from datetime import timedelta

from carecoord.demo.jordan.half_year import write
from carecoord.demo.story import Stage
from consents import actions as consents
from consents.codes import Talking
from messaging.actions.updates import Content
from patients.actions import family_notes
from patients.models import Patient

# (days ago, for whom, how much); nobody named: for everyone.
SAID = (
    (150, "", Talking.FREE),
    (60, "", Talking.CHANGES),
    (2, "pcp", Talking.READ_FIRST),
)


def say_how_much(stage: Stage, jordan: Patient) -> None:
    for days, who, level in SAID:
        consents.choose_talking(
            patient=jordan,
            level=level,
            party=stage.parties[who] if who else None,
            by=jordan.account,
            at=stage.ago(days, 20),
        )
    write(
        stage,
        jordan,
        by="psychiatrist",
        to=("pcp",),
        at=stage.ago(0, 8, 30),
        content=Content(
            urgency="information",
            suicidal_thoughts="not_asked",
            ask="nothing",
            labels=0,
            what_changed="Quetiapine has been 150 mg for 18 days. "
            "Weight and glucose are due in 3 weeks.",
        ),
    )


def sister_notices(stage: Stage, jordan: Patient) -> None:
    """Ana tells what she saw, and reads nothing by it."""
    at = stage.ago(9, 19)
    ana = stage.parties["caregiver"]
    family_notes.tell(
        patient=jordan,
        noticed=family_notes.Noticed(
            text="Up until 4 am on three nights, and spent 600 dollars online.",
            noticed_date=(at - timedelta(days=1)).date(),
        ),
        form_key=uuid.uuid4(),
        author=ana,
        by=ana.account,
        at=at,
    )
