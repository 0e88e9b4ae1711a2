"""How long reading and refusing take: `python -m tests.patients.fhir.bench_import`.

Measured, not asserted: a busy machine must not turn a suite red.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter

from carecoord.json_files import MAX_BYTES
from patients.fhir import UnreadableFile, read
from patients.fhir.names import read_name
from tests.patients.fhir.files import bundle, real_files, request
from tests.patients.fhir.test_limits import HOSTILE


def milliseconds(act: Callable[[], object]) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        start = perf_counter()
        act()
        best = min(best, perf_counter() - start)
    return best * 1000


def refuse(raw: bytes) -> None:
    """Read a file that must be refused."""
    try:
        read(raw, source_name="bench")
    except UnreadableFile:
        return
    raise SystemExit("a hostile file was read")


def main() -> None:
    """Print one table in Markdown."""
    print("| what | ms |\n|---|---|")
    for name, raw in HOSTILE.items():
        print(f"| refused: {name} | {milliseconds(lambda raw=raw: refuse(raw)):.1f} |")
    for path in real_files():
        raw = path.read_bytes()
        took = milliseconds(lambda raw=raw: read(raw, source_name="bench"))
        print(f"| {path.stem[:40]} ({len(raw) // 1000} kB) | {took:.1f} |")
    many = bundle(*(request(id=str(n)) for n in range(3_000)))
    raw = json.dumps(many).encode()
    took = milliseconds(lambda: read(raw, source_name="bench"))
    print(f"| 3,000 orders, the most that is read | {took:.1f} |")
    padded = json.dumps(bundle() | {"x": "y" * (MAX_BYTES - 200)}).encode()
    took = milliseconds(lambda: read(padded, source_name="bench"))
    print(f"| 10 MB of text in one value | {took:.1f} |")
    for text in ("5 " * 50_000, "(" * 100_000, "1.0" * 33_000, "A (" * 33_000):
        took = milliseconds(lambda text=text: read_name(text))
        print(f"| a name of 100 kB ({text[:6]!r} …) | {took:.2f} |")


if __name__ == "__main__":
    main()
