"""Prints what a summary costs, cold and warm. Nothing is asserted.

DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.patients.bench_one_page
"""

import statistics
import time

STARTED = time.perf_counter()
ROUNDS = 7


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main() -> None:
    """Time the import and the first render, then each fixture warm."""
    import django

    django.setup()
    from carecoord import pdf
    from patients.one_page import fit
    from patients.one_page.fitting import _laid_out, whole_sheet
    from tests.patients.summaries import COUNTS, summary_of

    print("import", _ms(time.perf_counter() - STARTED))
    begun = time.perf_counter()
    pdf.warm()
    print("warm()", _ms(time.perf_counter() - begun))
    begun = time.perf_counter()
    fit(summary_of(1))
    print("first fit after warm()", _ms(time.perf_counter() - begun))
    sheet = whole_sheet(summary_of(10))
    print(
        "one layout and file, 10 medicines",
        _median(lambda: _laid_out(sheet, "letter", 9).pdf()),
    )
    for count in COUNTS:
        found = fit(summary_of(count))
        took = _median(lambda count=count: fit(summary_of(count)))
        print(f"fit, {count} medicines: {took} ({found.level}, {found.pages} pages)")


def _median(work: object) -> str:
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return _ms(statistics.median(times))


if __name__ == "__main__":
    main()
