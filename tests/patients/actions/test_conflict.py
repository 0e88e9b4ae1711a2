"""Many saves at once from the same version: one is first, nothing is lost (T69)."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from consents import gate
from patients.actions import medicines
from patients.actions.conflict import EditConflict
from patients.models import MedicationStatement
from tests import cast as people
from tests.patients import medicines_world as world

WRITERS, ROUNDS = 4, 20


def race(cast, line) -> Counter:
    """Each writer reads, then saves what it read on, as two browser tabs do."""
    results: Counter = Counter()
    start = threading.Barrier(WRITERS)

    def write() -> None:
        start.wait()
        for _round in range(ROUNDS):
            seen = MedicationStatement.objects.get(pk=line.pk)
            results[save(cast, seen)] += 1
        connection.close()

    threads = [threading.Thread(target=write) for _writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def save(cast, seen: MedicationStatement) -> str:
    try:
        with transaction.atomic():
            gate.hold(cast.amina.pk)
            fresh = MedicationStatement.objects.get(pk=seen.pk)
            medicines.change_dose(
                item=fresh,
                version=seen.version,
                dosage=world.MORE,
                why=world.decided(cast),
                by=cast.user("amina"),
                at=cast.at,
            )
    except EditConflict:
        return "told"
    return "saved"


def check_race() -> None:
    cast = people.build()
    line = world.add(cast, "quetiapine")
    results = race(cast, line)
    line.refresh_from_db()
    assert sum(results.values()) == WRITERS * ROUNDS
    assert results["saved"] >= ROUNDS
    assert line.version == 1 + results["saved"]
    versions = list(line.history.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, line.version + 1))


@pytest.mark.security("T69", "T71")
@pytest.mark.django_db(transaction=True)
def test_every_save_is_kept_or_told_when_four_write_at_once():
    check_race()


@pytest.mark.security("T69")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_every_save_is_kept_or_told_on_postgresql():
    check_race()
