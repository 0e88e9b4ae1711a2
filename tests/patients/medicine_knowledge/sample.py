"""Real RxNorm names beside the project: a judge, never shipped."""

from __future__ import annotations

import csv
from functools import cache
from typing import NamedTuple

from tests.patients.fhir.files import REAL

SAMPLE = REAL.parent / "rxnorm_sample.csv"


class Row(NamedTuple):
    rxcui: str
    name: str
    kind: str


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the sample. Fails with a sentence where it is not there."""
    assert SAMPLE.is_file(), (
        f"The sample of RxNorm names is not beside the project: {SAMPLE} is missing. "
        "Put the shared data there; these tests are never skipped."
    )
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file))
