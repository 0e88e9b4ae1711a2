"""The order in which a large world comes about."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from carecoord.demo.bulk import people, record, sharing, updates

# Three clinicians with a share of all patients, for a measure that grows with it.
CASELOADS = {"few": 0.01, "some": 0.25, "all": 1.0}
SEED = 20261125

Say = Callable[[str], object]


def build(*, patients: int, updates_count: int, at: datetime, say: Say) -> None:
    """`patients` records and `updates_count` updates of the two years before `at`."""
    chance = random.Random(SEED)
    with transaction.atomic():
        say("People and care teams …")
        world = people.make(patients, chance=chance, caseloads=CASELOADS, at=at)
        say("Permissions …")
        sharing.make(world, chance=chance, at=at)
        say("Medicines, allergies, diagnoses …")
        record.make(world, chance=chance, at=at)
        updates.make(world, updates_count, chance=chance, at=at, say=say)
    _count_rows()


def _count_rows() -> None:
    """What a server does by itself after a while: the planner learns the sizes."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
