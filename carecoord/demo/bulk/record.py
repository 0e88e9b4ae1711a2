"""What each patient of a large world has on the list."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from simple_history.utils import bulk_create_with_history

from carecoord.demo.bulk.people import BATCH, World
from consents.codes import CATEGORIES
from consents.disclosable import Disclosable
from patients.models import (
    AllergyIntolerance,
    Condition,
    MedicationStatement,
    Patient,
)

MEDICINES = (
    ("sertraline", 100, "tablet"),
    ("quetiapine", 50, "tablet"),
    ("lamotrigine", 200, "tablet"),
    ("lithium carbonate", 300, "capsule"),
    ("bupropion", 150, "tablet"),
    ("levothyroxine", 75, "tablet"),
    ("metformin", 500, "tablet"),
    ("atorvastatin", 20, "tablet"),
    ("lisinopril", 10, "tablet"),
    ("melatonin", 3, "tablet"),
    ("hydroxyzine", 25, "capsule"),
    ("prazosin", 2, "capsule"),
)
MOST_MEDICINES = 10
ALLERGIES = ("penicillin", "sulfonamides", "latex", "peanut")
CONDITIONS = ("Major depression", "Bipolar disorder", "Panic disorder", "Asthma")


def make(world: World, *, chance: random.Random, at: datetime) -> None:
    """A list, an allergy and two diagnoses each, with a first version of every row."""
    rows: dict[type[Disclosable], list[Disclosable]] = {}
    for team in world.teams:
        for item in _items(team.patient, chance, at=at - timedelta(days=700)):
            rows.setdefault(type(item), []).append(item)
    for model, items in rows.items():
        bulk_create_with_history(
            items, model, batch_size=BATCH, default_date=at - timedelta(days=700)
        )


def _items(
    patient: Patient, chance: random.Random, *, at: datetime
) -> Iterator[Disclosable]:
    for name, strength, form in chance.sample(
        MEDICINES, chance.randint(2, MOST_MEDICINES)
    ):
        yield MedicationStatement(
            **_written_by(patient, "medications", at=at),
            name=name,
            strength=Decimal(strength),
            unit="mg",
            form=form,
            schedule="daily",
            morning=Decimal(1),
            prescriber_name="Synthetic",
            last_change_date=at.date(),
        )
    yield AllergyIntolerance(
        **_written_by(patient, "allergies", at=at), substance=chance.choice(ALLERGIES)
    )
    for name in chance.sample(CONDITIONS, 2):
        yield Condition(**_written_by(patient, "conditions", at=at), name=name)


def _written_by(patient: Patient, category: str, *, at: datetime) -> dict:
    """The columns of an item that the patient entered."""
    pk = uuid.uuid4()
    return {
        "id": pk,
        "lineage": pk,
        "patient": patient,
        "categories": CATEGORIES[category],
        "occurred_at": at,
        "recorded_at": at,
        "recorded_by": patient.user,
    }
