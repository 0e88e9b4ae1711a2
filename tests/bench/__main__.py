"""Measures both engines and the printing, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from tests import running, services
from tests.bench import report

OUT = running.ROOT / "docs" / "benchmarks.md"
ROUNDS = 30


def main(argv: list[str]) -> int:
    options = _options(argv)
    if options.medicines:
        return _medicines_again(options.out)
    world = [str(options.patients), str(options.updates), str(options.rounds)]
    print("SQLite …", flush=True)
    found = [_child("tests.bench.measure", *world, env=_environment())]
    with services.postgres_environment() as environment:
        print("PostgreSQL …", flush=True)
        env = _environment() | {"DATABASE_URL": environment["DATABASE_URL"]}
        found.append(_child("tests.bench.measure", *world, env=env))
    print("Printing …", flush=True)
    rounds = str(max(3, options.rounds // 4))
    printing = _child("tests.bench.printing", rounds, env=_environment())
    print("Medicines …", flush=True)
    medicines = _medicines()
    text = report.write(found, printing, medicines, options=options)
    options.out.write_text(text)
    print(f"Written: {options.out}")
    return 0


def _medicines() -> list[dict]:
    """Both engines: the complete list of names, and checks of short and long lists."""
    found = [_child("tests.bench.medicines", env=_environment())]
    with services.postgres_environment() as environment:
        env = _environment() | {"DATABASE_URL": environment["DATABASE_URL"]}
        found.append(_child("tests.bench.medicines", env=env))
    return found


def _medicines_again(out: Path) -> int:
    """That part of the page alone, in a few minutes; the rest stays as it is."""
    out.write_text(report.with_medicines(out.read_text(), _medicines()))
    print(f"Written: {out}")
    return 0


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--patients", type=int, default=2_000)
    parser.add_argument("--updates", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--medicines", action="store_true", help="write that part again, and no other"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args(argv)
    options.command = " ".join(["python -m tests.bench", *argv])
    return options


def _environment() -> dict[str, str]:
    """Without what a person's shell may say about a database."""
    return {name: x for name, x in os.environ.items() if name not in running.OURS}


def _child(module: str, *arguments: str, env: dict[str, str]) -> dict:
    """Runs one part in a process of its own; its last line is what it found."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=running.ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
