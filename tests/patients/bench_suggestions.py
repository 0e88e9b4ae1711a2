"""What suggesting a name costs with a complete list of 120,000 codes (`make bench`).

    .venv/bin/python -m tests.patients.bench_suggestions
    .venv/bin/python -m tests.services .venv/bin/python -m \
        tests.patients.bench_suggestions

The second runs on PostgreSQL. Makes and drops a test database. Fails if one in twenty
suggestions takes more than 100 ms.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import statistics
import time
from typing import Any

import django

from tests.bench.timing import spread

CODES = 120_000
NAMES = 30_000
BUDGET_MS = 100
TYPED = (
    "zo zol zolo zolof zoloft sert sertal sertaline lam lamic lamictle prozack bupr "
    "buproprion quet seraquel xanex clonazapam gabapentine tylonol dora doram meltro "
    "meltrox quon quonazi zzzz grandmas vitamin d3 lisinipril hydroxizine"
)
_words = str.split


def made_names(rng: random.Random) -> list[str]:
    """Names that look like medicines, so that letters are shared as in real life."""
    starts = _words(
        "ab al am bu ca ce clo da do flu ga ha io ke la lo me mo ni ox pa pra"
    )
    middles = _words("lo ri ta vi xa ze mi no pe que ra ti zo fe li do ma ni co")
    ends = _words(
        "pine zole pril sartan statin mab nib tidine azepam oxetine mycin ine"
    )
    found: set[str] = set()
    while len(found) < NAMES:
        middle = "".join(rng.choices(middles, k=rng.randint(1, 3)))
        found.add(rng.choice(starts) + middle + rng.choice(ends))
    return sorted(found)


def _row(number: int, name: str) -> Any:
    from patients.drug_list.rows import Row

    full_name = f"{name} {number} MG Oral Tablet"
    strength, form = f"{number} mg", "Oral Tablet"
    return Row(str(number), "SCD", full_name, name, "", strength, form)


def fill() -> float:
    from patients.drug_list.loading import load

    names = made_names(random.Random(1))
    rows = (_row(number, names[number % NAMES]) for number in range(1, CODES + 1))
    begun = time.perf_counter()
    load(rows, source="rxnorm", release="bench", on=dt.date(2026, 1, 1))
    return time.perf_counter() - begun


def measure() -> list[float]:
    from patients.drug_list import suggest

    suggest("warm")
    suggest("warmng up")
    taken = []
    for _round in range(5):
        for typed in _words(TYPED):
            begun = time.perf_counter()
            suggest(typed)
            taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def measured() -> dict:
    """With a test database of its own: the filling, and the times in order."""
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        return {
            "codes": CODES,
            "filling": fill(),
            "times": measure(),
        }
    finally:
        teardown_databases(made, verbosity=0)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.db import connection

    found = measured()
    taken, high = found["times"], spread(found["times"])["p95"]
    print(f"{connection.vendor}: {CODES:,} codes kept in {found['filling']:.1f} s")
    print(
        f"suggest: median {statistics.median(taken):.1f} ms, 95 of 100 under "
        f"{high:.1f} ms, slowest {taken[-1]:.1f} ms"
    )
    if high > BUDGET_MS:
        raise SystemExit(f"Slower than {BUDGET_MS} ms.")


if __name__ == "__main__":
    main()
