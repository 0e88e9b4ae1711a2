"""What a check of a list costs. Nothing is asserted; `make bench` writes it down.

DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.patients.bench_flags
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass

ROUNDS = 7
COUNTS = (10, 50, 500)


@dataclass(frozen=True)
class Check:
    """One list. The median in milliseconds, and how many flags it raised."""

    lines: int
    took: float
    flags: int


def first() -> float:
    """The first check of a process, which reads the rules."""
    from patients import interactions
    from patients.management.commands.interactions import taken_of

    begun = time.perf_counter()
    interactions.check(taken_of(["sertraline"]))
    return (time.perf_counter() - begun) * 1000


def checks() -> list[Check]:
    """Lists of 10, 50 and 500, drawn evenly over all that the rules speak about."""
    from patients import interactions
    from patients.interactions.knowledge import knowledge
    from patients.management.commands.interactions import taken_of

    names = sorted(knowledge().ingredients)
    measured = []
    for count in COUNTS:
        step = max(1, len(names) // count)
        lines = (names[::step] * 2)[:count]
        times, found = [], []
        for _round in range(ROUNDS):
            begun = time.perf_counter()
            found = interactions.check(taken_of(lines))
            times.append((time.perf_counter() - begun) * 1000)
        measured.append(Check(count, statistics.median(times), len(found)))
    return measured


def measure() -> dict:
    """Both, as JSON can hold them."""
    return {"first": first(), "checks": [asdict(check) for check in checks()]}


def main() -> None:
    import django

    django.setup()
    print(f"first, with reading the rules: {first():.0f} ms")
    for check in checks():
        print(f"{check.lines} lines: {check.took:.1f} ms, {check.flags} flags")


if __name__ == "__main__":
    main()
