"""Tests that were done: by the primary care office, and one elsewhere."""

from __future__ import annotations

import uuid
from typing import Any

from carecoord.demo.story import Stage
from patients.actions import results
from patients.models import Patient
from patients.monitoring import book

# who enters it, days ago, test, the rest of the report
ROWS: tuple[tuple[str, int, str, dict[str, str]], ...] = (
    ("pcp", 150, "a1c", {"value": "5.5", "unit": "%", "usual": "below 5.7"}),
    ("pcp", 150, "lipids", {"value": "118", "unit": "mg/dL"}),
    ("pcp", 30, "tsh", {"value": "2.1", "unit": "mIU/L", "usual": "0.4 to 4.0"}),
    ("pcp", 150, "weight", {"value": "78", "unit": "kg"}),
    ("patient", 45, "blood_pressure", {"value": "124/79", "unit": "mm Hg"}),
)


def write_the_results(stage: Stage, jordan: Patient) -> None:
    for who, days, key, said in ROWS:
        author = stage.parties["pcp"] if who == "pcp" else None
        where: dict[str, Any] = {"ordered_by": "Dr. Ortiz", "place": "Clinic lab"}
        if author is None:
            where = {"place": "Pharmacy on Main Street"}
        results.add(
            patient=jordan,
            result=results.Result(
                test=key,
                name=book().tests[key].name,
                done_date=stage.day(days),
                **said,
                **where,
            ),
            key=uuid.uuid4(),
            author=author,
            by=author.account if author else jordan.account,
            at=stage.ago(days, 16),
        )
