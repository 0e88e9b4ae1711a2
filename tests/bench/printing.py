"""The one-page summary, in a process of its own: cold, then warm.

python -m tests.bench.printing
"""

from time import perf_counter

STARTED = perf_counter()

import json  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from tests.bench import timing  # noqa: E402


def main(rounds: int) -> dict:
    """Milliseconds of the import, the warming, the first page and later ones."""
    import django

    django.setup()
    from carecoord import pdf
    from patients.one_page import fit
    from patients.one_page.fitting import _laid_out, whole_sheet
    from tests.patients.summaries import COUNTS, summary_of

    cold = {"starting and importing": (perf_counter() - STARTED) * 1000}
    cold["warming, at the start of the web process"] = timing.milliseconds(pdf.warm)
    cold["first page after warming"] = timing.milliseconds(lambda: fit(summary_of(1)))
    sheet = whole_sheet(summary_of(10))
    acts = {"one layout, 10 medicines": lambda: _laid_out(sheet, "letter", 9).pdf()}
    for count in COUNTS:
        acts[f"fitted, {count} medicines"] = lambda count=count: fit(summary_of(count))
    return {"cold": cold, "warm": timing.in_turns(acts, rounds=rounds)}


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    print(json.dumps(main(int(sys.argv[1]))))
