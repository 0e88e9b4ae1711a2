"""What went with the medicines: a side effect, a warning looked at, a review."""

from __future__ import annotations

import uuid

from carecoord.demo.jordan.the_list import line
from carecoord.demo.story import Stage
from consents.access import Reading
from consents.access.patient import open_for
from patients.access.flags import load_flags
from patients.actions import flags, list_checks, side_effects
from patients.models import Patient


def groggy_on_quetiapine(stage: Stage, jordan: Patient) -> None:
    """Jordan enters it once; Sam says what it looks like in sessions."""
    sam = stage.parties["therapist"]
    effect = side_effects.add(
        medicine=line(jordan, "quetiapine"),
        effect=side_effects.Effect(
            "sleepiness",
            "moderate",
            began_date=stage.day(17),
            daily_life="Groggy until 11 am, most mornings.",
            therapy="Slow to start in morning sessions.",
        ),
        key=uuid.uuid4(),
        by=jordan.account,
        at=stage.ago(12, 20),
    )
    stage.tell(stage.ago(12, 20))
    side_effects.mark(
        item=effect,
        course="adjustment",
        therapy="Awake and taking part when we meet after noon.",
        author=sam,
        key=uuid.uuid4(),
        by=sam.account,
        at=stage.ago(8, 15),
    )
    stage.tell(stage.ago(8, 15))


def looked_at_by_lee(stage: Stage, jordan: Patient) -> None:
    """Dr. Lee went through the list: two antipsychotics are meant."""
    lee = stage.parties["psychiatrist"]
    at = stage.ago(5, 14)
    list_checks.review(patient=jordan, differences=0, author=lee, by=lee.account, at=at)
    reading = Reading(user=lee.user, entrance="patients:medicines")
    opened = open_for(reading, jordan.pk, writes=False)
    for raised in load_flags(opened).raised:
        if raised.flag.kind == "same_class":
            flags.set_aside(
                flag=raised.flag,
                about=raised.about,
                reason="Both are meant: one for sleep, one for mood. Checked together.",
                author=lee,
                by=lee.account,
                at=at,
            )
