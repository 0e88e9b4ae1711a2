"""Medicines of the cast, made through the real actions, and their pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client

from patients.actions import allergies, entries, medicines
from patients.actions.medicines import Details, Keep, Why
from patients.dosage import Dosage, DoseStep
from patients.models import MedicationStatement

DAILY = Dosage(
    schedule="daily",
    strength=Decimal("50"),
    unit="mg",
    form="tablet",
    bedtime=Decimal("2"),
)
MORE = replace(DAILY, bedtime=Decimal("3"))
AS_NEEDED = Dosage(
    schedule="as_needed",
    strength=Decimal("25"),
    unit="mg",
    form="capsule",
    count=Decimal(1),
    as_needed_for="panic",
    min_gap_hours=Decimal(6),
    max_in_24_hours=Decimal(2),
)
MONTHLY = Dosage(
    schedule="interval",
    strength=Decimal("156"),
    unit="mg",
    form="injection",
    count=Decimal(1),
    every_count=4,
    every_unit="week",
    last_given_date=date(2026, 11, 3),
)
TAPER = Dosage(
    schedule="steps",
    strength=Decimal("10"),
    unit="mg",
    form="tablet",
    steps=(
        DoseStep(date(2026, 11, 1), morning=Decimal(3)),
        DoseStep(date(2026, 11, 15), morning=Decimal(1)),
        DoseStep(date(2026, 12, 1)),
    ),
)


def add(cast: Any, name: str, dosage: Dosage = DAILY, **given: Any):
    """A line of Amina's list, by Amina. Returns the line."""
    keep = given.pop("keep", None)
    labels = given.pop("labels", 0)
    at = given.pop("at", cast.at)
    return medicines.add(
        patient=cast.amina,
        details=Details(name=name, **given),
        dosage=dosage,
        labels=labels,
        keep=keep,
        by=cast.user("amina"),
        at=at,
    ).item


def add_hidden(cast: Any, name: str = "disulfiram", **given: Any):
    return add(cast, name, keep=Keep(only_me=True), **given)


def add_allergy(cast: Any, substance: str = "sulfa antibiotics", **given: Any):
    return allergies.add(
        patient=cast.amina,
        reaction=allergies.Reaction(substance=substance, **given),
        by=cast.user("amina"),
        at=cast.at,
    ).item


def prescribe(cast: Any, *, beside: MedicationStatement | None = None, **given: Any):
    """Bram's entry. Returns it."""
    plan = entries.Plan(
        name=beside.name if beside else given.pop("name", "lithium"),
        dosage=given.pop("dosage", MORE),
        **{"why": "Sleep is still short."} | given,
    )
    return entries.prescribe(
        patient=cast.amina,
        author=cast.bram,
        plan=plan,
        beside=beside,
        by=cast.user("bram"),
        at=cast.at,
    ).item


def decided(cast: Any, **given: Any) -> Why:
    given = {"decided_by": "prescriber", "reason": "plan"} | given
    return Why(day=cast.at.date(), **given)


def signed_in(cast: Any, who: str) -> Client:
    """A browser in which this member of the cast is signed in."""
    client = Client()
    client.force_login(cast.user(who))
    return client


def page(cast: Any, place: str = "medicines/") -> str:
    return f"/patients/{cast.amina.pk}/{place}"
