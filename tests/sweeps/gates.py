"""Whether a page that holds a patient's gate for reading takes it for writing too.

Two such pages at once wait for each other for ever: the database ends one of them, and
somebody reads that something went wrong.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection

from consents import gate


@contextmanager
def never_upgraded() -> Iterator[None]:
    """Raises AssertionError after a block in which it is, in one transaction."""
    found = []
    with upgrades(found):
        yield
    assert found == [], "A gate that was held for reading was taken for writing."


@contextmanager
def upgrades(found: list[uuid.UUID]) -> Iterator[None]:
    """Adds the patients of whom it is."""
    queue_up, held = gate._queue_up, {}

    def noted(patient_id: uuid.UUID, *, reads: bool = False) -> None:
        inside = tuple(connection.savepoint_ids)
        if reads:
            held.setdefault(patient_id, inside)
        elif patient_id in held and inside[: len(held[patient_id])] == held[patient_id]:
            found.append(patient_id)
        queue_up(patient_id, reads=reads)

    with mock.patch.object(gate, "_queue_up", noted):
        yield
