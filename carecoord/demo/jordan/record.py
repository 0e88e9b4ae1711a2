"""The rest of the record: each field of the one-page summary (S3)."""

from __future__ import annotations

import uuid

from carecoord.demo.story import Stage, amount
from consents.codes import CATEGORIES
from patients import models
from patients.actions import record
from patients.actions.medicines import Keep
from patients.models import Patient

# model, category, columns
ROWS = (
    (
        models.Condition,
        "conditions",
        {"name": "Bipolar 2 disorder", "since_year": 2019},
    ),
    (models.Condition, "conditions", {"name": "Panic disorder", "since_year": 2016}),
    (models.Condition, "conditions", {"name": "Hypothyroidism", "since_year": 2021}),
    (
        models.Symptom,
        "measures",
        {
            "what": "wakes at 3 am",
            "since": "October 25",
            "better": "walking, therapy skills",
            "worse": "night shifts",
        },
    ),
    (
        models.Goal,
        "goals",
        {
            "what": "1 panic attack a week or fewer",
            "measure": "panic_per_week",
            "baseline": "3 a week",
            "target": "1 a week",
        },
    ),
    (models.Goal, "goals", {"what": "Back to full-time work by February"}),
    (
        models.HospitalStay,
        "history",
        {
            "where": "Mercy General",
            "why": "hypomania with mixed features",
            "when": "February 2019",
            "how_long": "6 days",
        },
    ),
    (
        models.TreatmentTried,
        "history",
        {"what": "light therapy", "when": "winter 2023", "effect": "helped a little"},
    ),
    (
        models.MedicineTrial,
        "medications",
        {
            "name": "haloperidol",
            "year": 2019,
            "dose_reached": "5 mg",
            "why_stopped": "stiff jaw, could not speak",
            "dangerous": True,
        },
    ),
    (
        models.MedicineTrial,
        "medications",
        {
            "name": "sertraline",
            "year": 2020,
            "dose_reached": "100 mg",
            "weeks": 8,
            "effect": "no benefit",
        },
    ),
    (
        models.EmergencyContact,
        "contacts",
        {
            "name": "Ana Rivera",
            "relationship": "sister",
            "phone": "(555) 010-0142",
        },
    ),
    (
        models.DailyLife,
        "contacts",
        {
            "work_schedule": "Night shifts, Thursday to Saturday",
            "sleep_pattern": "Bed at 11 pm, on shift days at 8 am",
            "visit_preference": "In person, video when on nights",
            "preferred_hospital": "Mercy General",
            "pharmacy": "Harbor Pharmacy, (555) 010-0160",
        },
    ),
    (
        models.DecisionWanted,
        "goals",
        {"what": "Is the higher quetiapine dose worth the morning grogginess?"},
    ),
)

# Only for Jordan and the therapist.
FOR_THERAPY = {"what": "Talk with my sister about the hospital stay"}
NUMBERS = (("phq9", "9", 51), ("phq9", "14", 20), ("gad7", "11", 20))


def write_the_rest(stage: Stage, jordan: Patient) -> None:
    at = stage.ago(197)
    for model, category, columns in ROWS:
        add(jordan, model, category, columns, at=at)
    for measure, value, days in NUMBERS:
        columns = {"measure": measure, "value": amount(value)}
        add(jordan, models.Observation, "measures", columns, at=stage.ago(days))
    therapist = Keep(only_me=True, but=(stage.parties["therapist"],))
    add(jordan, models.Goal, "goals", FOR_THERAPY, at=at, keep=therapist)
    stage.tell(at)


def add(
    jordan: Patient,
    model,
    category: str,
    columns: dict,
    *,
    at,
    keep: Keep | None = None,
) -> None:
    record.add(
        patient=jordan,
        model=model,
        key=uuid.uuid4(),
        categories=CATEGORIES[category],
        labels=0,
        keep=keep or Keep(),
        by=jordan.account,
        at=at,
        columns=columns,
    )
