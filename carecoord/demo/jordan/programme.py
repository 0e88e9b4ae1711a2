"""Word from a substance use programme: 42 CFR Part 2 travels with it.

Sam Okafor passes on what the programme said. Only whoever is allowed the topic gets it,
with the notice and the scope of that permission on each page, on paper and in a copy.
"""

from __future__ import annotations

from carecoord.demo.jordan.half_year import write
from carecoord.demo.story import Stage
from consents.codes import LABELS
from messaging.actions.updates import Content
from patients.models import Patient

SAID = (
    "The evening programme at Riverside Recovery wrote: 3 of 4 groups attended, drinks "
    "2 evenings a week, down from 4. Next group in 5 days."
)


def pass_on(stage: Stage, jordan: Patient) -> None:
    """To the psychiatrist, who may see the topic, and not to the family doctor."""
    write(
        stage,
        jordan,
        to=("psychiatrist",),
        at=stage.ago(1, 20),
        content=Content(
            urgency="information",
            suicidal_thoughts="none",
            ask="nothing",
            labels=LABELS["substance_use"],
            part2_origin=True,
            what_changed=SAID,
            since_date=stage.day(12),
            appetite="usual",
        ),
    )
