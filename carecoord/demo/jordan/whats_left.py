"""What is left of two medicines: one runs out this week, the other is plenty."""

from __future__ import annotations

import uuid
from decimal import Decimal

from carecoord.demo.story import Stage
from patients.actions import supply
from patients.models import MedicationStatement, Patient

# name as on the list, how many are left, refills left, who refills
ROWS = (
    ("quetiapine", 15, 0, "Dr. Min Lee"),
    ("levothyroxine", 60, 3, "Dr. Pia Ortiz"),
)


def count(stage: Stage, jordan: Patient) -> None:
    for name, left, refills, who in ROWS:
        supply.count(
            medicine=MedicationStatement.objects.get(patient=jordan, name=name),
            left=Decimal(left),
            counted_date=stage.day(0),
            refills_left=refills,
            refilled_by=who,
            key=uuid.uuid4(),
            by=jordan.account,
            at=stage.ago(0, 7),
        )
