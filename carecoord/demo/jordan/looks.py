"""Who looked: read through the same door as the pages, so that the log is real."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import Http404

from carecoord.demo.story import Stage
from carecoord.models import User
from consents import actions as consents
from consents.access import Reading, open_for
from patients import models
from patients.models import Patient

SHEET = (
    models.MedicationStatement,
    models.AllergyIntolerance,
    models.Condition,
    models.Goal,
)
# Who, where, and how many days ago. Oldest first: the log never goes back in time,
# and would give a look that is written late the time of the row before it.
BEFORE_THE_EMERGENCY = (
    ("psychiatrist", "patients:chart", 21),
    ("pcp", "patients:chart", 12),
    ("pcp", "patients:summary_pdf", 12),
)
AFTER_THE_EMERGENCY = (
    ("psychiatrist", "patients:medicines", 4),
    ("caregiver", "patients:chart", 3),
    ("therapist", "patients:chart", 1),
)


def look_before(stage: Stage, jordan: Patient) -> None:
    look(stage, jordan, BEFORE_THE_EMERGENCY)
    ask_in_vain(jordan, stage.parties["outsider"].account, at=stage.ago(15, 11))
    report_and_answer(stage, jordan)


def look_after(stage: Stage, jordan: Patient) -> None:
    look(stage, jordan, AFTER_THE_EMERGENCY)
    report(stage, jordan)


def look(stage: Stage, jordan: Patient, looks: tuple[tuple[str, str, int], ...]):
    for who, entrance, days in looks:
        user = stage.parties[who].account
        read(jordan, user, entrance, at=stage.ago(days, 14, 10))
        stage.tell(stage.ago(days, 14, 10))


def report_and_answer(stage: Stage, jordan: Patient) -> None:
    """A look seemed wrong, and the privacy officer answered."""
    first = consents.report(
        patient=jordan,
        said=consents.Said(
            kind="look",
            reason="unknown",
            about=stage.parties["pcp"],
            about_date=stage.day(12),
            words="I did not know that the clinic prints my page.",
        ),
        by=jordan.account,
        at=stage.ago(11, 9),
        key=uuid.uuid4(),
    )
    consents.answer_report(
        report=first,
        outcome="in_order",
        words="Dr. Ortiz printed it for your visit. The paper is in your chart.",
        by=stage.users["privacy"],
        at=stage.ago(9, 15),
    )
    stage.tell(stage.ago(9, 15))


def report(stage: Stage, jordan: Patient) -> None:
    """Another look seemed wrong: the answer waits."""
    consents.report(
        patient=jordan,
        said=consents.Said(
            kind="look", reason="other", about=stage.parties["therapist"]
        ),
        by=jordan.account,
        at=stage.ago(1, 18),
        key=uuid.uuid4(),
    )


def read(jordan: Patient, user: User, entrance: str, *, at: datetime) -> None:
    reading = reading_at(user, entrance, at)
    opened = open_for(reading, jordan.pk, writes=False)
    for model in SHEET:
        opened.items(model.objects.all())
    reading.write_disclosures()


def ask_in_vain(jordan: Patient, user: User, *, at: datetime) -> None:
    """Someone from elsewhere asked for the chart. Nothing was shown."""
    reading = reading_at(user, "patients:chart", at)
    try:
        open_for(reading, jordan.pk, writes=False)
    except Http404:
        reading.write_refusals()


def reading_at(user: User | None, entrance: str, at: datetime) -> Reading:
    reading = Reading(user=user, entrance=entrance)
    reading.__dict__["at"] = at  # the clock of the story
    return reading
