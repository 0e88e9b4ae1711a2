"""What suggesting a name and checking a list cost; JSON as its last line.

Started by tests.bench once an engine. The suggestions have a test database of their
own, the checks none: they are the same for both.
"""

from __future__ import annotations

import json
import os


def main() -> dict:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.db import connection

    from tests.bench.measure import engine
    from tests.bench.timing import spread
    from tests.patients import bench_flags, bench_suggestions

    flags = bench_flags.measure()
    found = bench_suggestions.measured()
    times = found.pop("times")
    return {
        **found,
        "engine": engine(connection),
        "suggesting": spread(times) | {"slowest": times[-1]},
        "flags": flags,
    }


if __name__ == "__main__":
    print(json.dumps(main()))
