"""One engine: makes the world, measures, prints JSON as its last line.

The engine is SQLite, or what DATABASE_URL names. Started by tests.bench.
"""

from __future__ import annotations

import json
import os
import sys
from time import perf_counter


def main(patients: int, updates: int, rounds: int) -> dict:
    import django

    django.setup()
    import logging

    from django.core.management import call_command
    from django.db import connection

    from tests.bench import lists, pages, single

    logging.disable(logging.WARNING)  # a line for each request would be measured too
    call_command("migrate", verbosity=0)
    started = perf_counter()
    call_command("demo_data", patients=patients, updates=updates, stdout=sys.stderr)
    took = perf_counter() - started
    return {
        "engine": engine(connection),
        "making": took,
        "lists": lists.measure(rounds),
        "single": single.measure(rounds),
        "pages": pages.measure(max(3, rounds // 3)),
    }


def engine(connection) -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
    return f"SQLite {connection.Database.sqlite_version}"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    print(json.dumps(main(*map(int, sys.argv[1:]))))
