"""Prints what a long log costs: proving it, noting its ends, reading pages of it.

    CARECOORD_DATA_DIR=/tmp/bench .venv/bin/python -m tests.consents.bench_log 200000
    .venv/bin/python -m tests.services python -m tests.consents.bench_log 1000000

Nothing is asserted. It needs an empty database of its own and fills it.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
import uuid
from datetime import timedelta
from typing import Any

ROUNDS = 15
PATIENTS = 200
BATCH = 5000
MINUTES = 3 * 365 * 24 * 60


def main(count: int) -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    import structlog
    from django.core.management import call_command

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))

    call_command("migrate", verbosity=0)
    fill(count)
    measure_proof()
    measure_pages()


def fill(count: int) -> None:
    """Half of the rows belong to one patient, the others to two hundred."""
    from django.db import transaction

    from consents.access import Reading
    from consents.log import FIRST, Entry, row_hash
    from consents.models import Disclosure, DisclosureHead
    from tests import cast as people

    begun = time.perf_counter()
    with transaction.atomic():
        cast = people.build()
    others = crowd(cast)
    readers = [cast.bram, cast.jon, cast.chidi, cast.hana]
    heads: dict[uuid.UUID, tuple[int, str, Any]] = {}
    rows = []
    for number in range(count):
        patient = cast.amina if number % 2 else others[number // 2 % PATIENTS]
        party = readers[number % len(readers)]
        seq, previous, _at = heads.get(patient.pk, (0, FIRST, None))
        own = number % 7 == 3
        entry = Entry(
            patient_id=patient.pk,
            at=cast.at - timedelta(minutes=MINUTES * (1 - number / count)),
            user_id=patient.user_id if own else party.user_id,
            recipient_id=None if own else party.pk,
            relation="patient" if own else "clinician",
            purpose="PATRQT" if own else "TREAT",
            channel="pdf" if number % 997 == 0 else "web",
            entrance="patients:chart",
            basis="patient" if own else "consent",
            consents=[] if own else [str(cast.amina_to_bram.pk)],
            items=[["patients.condition", str(uuid.UUID(int=number)), 1]] * 6,
            categories=1 + 2 + 8,
            epoch=1,
        )
        row = Disclosure(seq=seq + 1, previous_hash=previous, **vars(entry))
        row.hash = row_hash(row)
        heads[patient.pk] = (row.seq, row.hash, row.at)
        rows.append(row)
        if len(rows) == BATCH:
            Disclosure.objects.bulk_create(rows)
            rows = []
    Disclosure.objects.bulk_create(rows)
    for patient_id, (seq, last, at) in heads.items():
        DisclosureHead.objects.filter(pk=patient_id).update(seq=seq, hash=last, at=at)
    print(f"{count} rows written in {time.perf_counter() - begun:.0f} s")
    main.cast, main.reading = cast, Reading  # type: ignore[attr-defined]


def crowd(cast) -> list:
    from patients.actions import patients as patient_actions
    from tests.cast import user

    return [
        patient_actions.begin_record(
            name=f"Person {number}",
            birth_date=cast.amina.birth_date,
            user=user(f"P{number} Example"),
            at=cast.at - timedelta(days=2000),
        )
        for number in range(PATIENTS)
    ]


def measure_proof() -> None:
    from consents import log
    from consents.log import anchor

    at = main.cast.at  # type: ignore[attr-defined]
    timed("noting every end", lambda: anchor.note(at=at, now=True))
    anchors = anchor.read(anchor.path())
    timed("proving every row", lambda: print(list(log.verify(anchors=anchors))))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory so far: {most:.0f} MB")


def timed(what: str, work) -> None:
    begun, busy = time.perf_counter(), time.process_time()
    work()
    took = time.perf_counter() - begun
    print(f"{what}: {took:.2f} s, {time.process_time() - busy:.2f} s of them busy")


PAGES = (
    ("newest", ""),
    ("two years ago", "?first=2024-11-01&last=2024-11-30"),
    ("deep", "?before={deep}"),
    ("downloads", "?show=downloads"),
    ("my own", "?show=mine"),
    ("one person", "?who={bram}"),
)


def measure_pages() -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from consents.models import Disclosure

    settings.DEMO = True
    cast = main.cast  # type: ignore[attr-defined]
    client = Client(headers={"host": "testserver"})
    client.force_login(cast.amina.user)
    address = reverse("consents:log", args=[cast.amina.pk])
    pages = [(name, address + query) for name, query in PAGES]
    deep = Disclosure.objects.get(patient=cast.amina, seq=1000).pk
    pages.append(("sharing", reverse("consents:sharing", args=[cast.amina.pk])))
    pages.append(("home", reverse("patients:chart", args=[cast.amina.pk])))
    for name, path in pages:
        path = path.format(bram=cast.bram.pk, deep=deep)
        times = []
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                response = client.get(path)
            assert response.status_code == 200, (path, response.status_code)
            times.append((time.perf_counter() - begun) * 1000)
        p95 = statistics.quantiles(times, n=20)[-1]
        slowest = max(queries, key=lambda each: float(each["time"]))
        print(
            f"{name}: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms, "
            f"{len(queries)} queries; slowest {float(slowest['time']) * 1000:.0f} ms: "
            f"{slowest['sql'][:4000] if float(slowest['time']) > 0.05 else ''}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
