"""Prints what a check of a list costs. Nothing is asserted.

DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.patients.bench_flags
"""

from __future__ import annotations

import statistics
import time

ROUNDS = 7
COUNTS = (10, 50, 500)


def main() -> None:
    """The first check reads the rules; the others are warm."""
    import django

    django.setup()
    from patients import interactions
    from patients.interactions.knowledge import knowledge
    from patients.management.commands.interactions import taken_of

    begun = time.perf_counter()
    interactions.check(taken_of(["sertraline"]))
    print(
        f"first, with reading the rules: {(time.perf_counter() - begun) * 1000:.0f} ms"
    )
    names = sorted(knowledge().ingredients)
    for count in COUNTS:
        step = max(1, len(names) // count)
        lines = (names[::step] * 2)[:count]
        times = []
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            found = interactions.check(taken_of(lines))
            times.append(time.perf_counter() - begun)
        took = statistics.median(times) * 1000
        print(f"{count} lines: {took:.1f} ms, {len(found)} flags")


if __name__ == "__main__":
    main()
