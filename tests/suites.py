"""The parts of `make test`, and which tests belong to each.

    python -m tests.suites lint quick postgresql browser

Every part runs even if one before it failed; the last line is the sum.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
# The folders whose rules must hold on both engines, where a test uses a database at
# all. Elsewhere a test says so itself: `postgres`, `redis`, `processes`, or `slow`
# (many seconds long: once in `make test`, on what production uses; on SQLite behind
# `make test-deep`).
CORE = ("carecoord", "consents", "messaging", "patients", "providers", "sweeps")
# What a page says is no matter of the engine: `make test-deep` opens it on PostgreSQL.
# What it asks of one is: the sweeps open every page as everybody, each time on both.
PAGES = "/views/"
OPENS_A_PAGE = re.compile(r"\bclient\b|\bsigned_in\b")
SERVICES = {"postgres", "redis", "processes"}
DATABASE = "database"  # set by tests/conftest.py, from what the test asks for
LONG = {"deep", "faults"}
PACKAGES = ("carecoord", "providers", "consents", "patients", "messaging")


@dataclass(frozen=True)
class Suite:
    """One run of pytest. `marks`: the tests that have one of these, if any is named."""

    says: str
    postgresql: bool = False
    processes: int = 2
    deep: bool = False


SUITES = {
    "quick": Suite("SQLite, without a browser"),
    "postgresql": Suite("the core on real services; processes", postgresql=True),
    "browser": Suite("journeys in a real Chromium"),
    "deep": Suite("long runs on SQLite", deep=True),
    "deep-postgresql": Suite("long runs on PostgreSQL", postgresql=True, deep=True),
    "faults": Suite("killed and silent services", postgresql=True, processes=0),
}
ALSO = {"deep": ["deep", "deep-postgresql"]}


def belongs(suite: str, *, marks: set[str], path: str) -> bool:
    """Whether a test with these marks, at this path from the root, is part of `suite`.

    Every test is part of at least one (tests/test_suites.py).
    """
    if suite == "faults":
        return "faults" in marks
    if suite == "deep":
        return bool(marks & {"deep", "slow"}) and not marks & (SERVICES | {"faults"})
    if suite == "deep-postgresql":
        page = DATABASE in marks and _of_core(path) and not _is_of_both_engines(path)
        page &= "browser" not in marks
        return ("deep" in marks or page) and "faults" not in marks
    if marks & LONG:
        return False
    if suite == "browser":
        return "browser" in marks
    if "browser" in marks:
        return False
    once = bool(marks & (SERVICES | {"slow"}))
    if suite == "postgresql":
        return once or (DATABASE in marks and _is_of_both_engines(path))
    return not once


def _is_of_both_engines(path: str) -> bool:
    return _of_core(path) and not _opens_pages(path)


def _of_core(path: str) -> bool:
    return path.split("/")[1] in CORE


@cache
def _opens_pages(path: str) -> bool:
    """Whether the tests of this file look at pages: by its folder, or by its words."""
    if PAGES in path or path.split("/")[1] == "sweeps":
        return PAGES in path
    file = ROOT / path.partition("::")[0]
    return file.exists() and bool(OPENS_A_PAGE.search(file.read_text()))


# --- In which order -----------------------------------------------------------------

# Files that take longer than a hundred others: begun first, or one process would have
# nothing to do at the end while the other is at one of these. (Other files: by the
# number of their tests.)
LONGEST = (
    "tests/consents/test_rule_against_reference.py",
    "tests/hidden_world/test_hidden_world.py",
    "tests/carecoord/test_supervisor.py",
    "tests/leaks/test_only_me_and.py",
    "tests/sweeps/test_urls.py",
    "tests/carecoord/test_compose.py",
    "tests/leaks/test_after_the_end.py",
    "tests/consents/test_rule_laws.py",
    "tests/carecoord/test_install.py",
    "tests/consents/views/test_looking.py",
    "tests/sweeps/test_walk.py",
    "tests/patients/test_one_page.py",
    "tests/hidden_acts/test_hidden_acts.py",
    "tests/carecoord/test_headers.py",
    "tests/carecoord/test_migrations.py",
    "tests/test_bench.py",
    "tests/sweeps/test_reads.py",
    "tests/sweeps/test_imports.py",
)


def place(path: str, *, tests: int, commits: bool) -> tuple[bool, int, int]:
    """Where a file of so many tests stands: the smaller, the earlier.

    `commits`: one of its tests commits, and empties the whole database after itself.
    What later tests of that process begin with (tests/copies.py) would have to be
    built for each of them, so these files are last.
    """
    rank = LONGEST.index(path) if path in LONGEST else len(LONGEST)
    return commits, rank, -tests


# --- Running ------------------------------------------------------------------------


@dataclass
class Sum:
    """What all parts together came to."""

    passed: int = 0
    failed: int = 0

    def add(self, report: Path) -> None:
        """Count one JUnit file; a run that left none counts as one failure."""
        try:
            cases = ElementTree.parse(report).getroot().iter("testsuite")
        except (OSError, ElementTree.ParseError):
            self.failed += 1
            return
        for suite in cases:
            bad = sum(int(suite.get(name) or 0) for name in BAD)
            self.failed += bad
            self.passed += int(suite.get("tests") or 0) - bad


BAD = ("failures", "errors", "skipped")


def run_suite(name: str, total: Sum, extra: Sequence[str] = ()) -> None:
    suite = SUITES[name]
    argv = [sys.executable, "-m"]
    if suite.postgresql:
        argv += ["tests.services", "pytest"]
    else:
        argv += ["pytest"]
    environment = {
        key: value for key, value in os.environ.items() if key != "DATABASE_URL"
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    # Each test module is compiled once, not by every process of every part again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["CARECOORD_DEEP"] = "1" if suite.deep else "0"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        argv += ["--suite", name, "-q", "--junit-xml", str(report), *extra]
        if suite.processes:
            # In the order of `place`, not in that of xdist.
            argv += ["-n", str(suite.processes), "--dist", "loadfile"]
            argv += ["--no-loadscope-reorder"]
        before = total.failed
        code = subprocess.run(argv, cwd=ROOT, env=environment, check=False).returncode
        if code == NO_TESTS:
            print(f"There are no tests for `{name}` yet.")
            return
        total.add(report)
        if code and total.failed == before:
            total.failed += 1


NO_TESTS = 5  # pytest's exit code when nothing was collected


def command(*argv: str) -> bool:
    print("$", " ".join(argv), flush=True)
    tool = Path(sys.executable).parent / argv[0]
    program = str(tool) if tool.exists() else argv[0]
    return subprocess.run([program, *argv[1:]], cwd=ROOT, check=False).returncode == 0


def lint() -> bool:
    """Style and types: both are quick enough for every run of the tests."""
    return all(
        [
            command("ruff", "check", "."),
            command("ruff", "format", "--check", "."),
            command("mypy", *PACKAGES),
        ]
    )


def check() -> bool:
    return all(
        [
            lint(),
            # Not its formatter: that puts white space into titles and sentences.
            command("djlint", "--lint", "--quiet", "templates"),
            locks_are_clean(),
            command("python", "manage.py", "makemigrations", "--check", "--dry-run"),
        ]
    )


# --- The requirement locks ----------------------------------------------------------

LOCKS = {
    "requirements.txt": (),
    "requirements-dev.txt": ("--extra", "test", "--extra", "dev"),
}
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*==\S+)", re.MULTILINE)


def lock_faults() -> list[str]:
    """What is wrong with the locks, as sentences: addresses, and pins that differ."""
    texts = {name: (ROOT / name).read_text() for name in LOCKS}
    faults = [
        f"{name} names an address." for name, text in texts.items() if "://" in text
    ]
    runtime, everything = (set(PIN.findall(text)) for text in texts.values())
    faults += [
        f"{pin} is in requirements.txt only." for pin in sorted(runtime - everything)
    ]
    return faults


def locks_are_clean() -> bool:
    faults = lock_faults()
    for fault in faults:
        print(fault)
    return not faults


def lock() -> bool:
    return all(
        command(
            *("uv", "pip", "compile", "-q", "pyproject.toml", *extras),
            *("--generate-hashes", "--no-annotate", "--no-header"),
            *("--no-emit-index-url", "--python-version", "3.11", "-o", name),
        )
        for name, extras in LOCKS.items()
    )


HOURS = (  # of UTC
    "2026-11-28T02:30",  # most patients still have the day before
    "2027-03-14T06:30",  # half an hour before clocks change
    "2028-02-29T15:00",  # a day that three years of four do not have
    "2026-12-31T23:45",
)


def hours() -> bool:
    """The quick suite again, as if it were then."""
    total = Sum()
    for begins in HOURS:
        print(f"\nAs if it were {begins} UTC", flush=True)
        with mock.patch.dict(os.environ, CARECOORD_BEGINS=begins):
            run_suite("quick", total)
    return not total.failed


def bench() -> bool:
    """Writes docs/benchmarks.md. Nothing is asserted."""
    return command("python", "-m", "tests.bench")


def docs() -> bool:
    """Writes docs/capabilities.md and docs/security-tests.md."""
    return command("python", "-m", "tests.capabilities")


STEPS: dict[str, Callable[[], bool]] = {
    "lint": lint,
    "check": check,
    "lock": lock,
    "bench": bench,
    "hours": hours,
    "docs": docs,
}


def main(names: Sequence[str]) -> int:
    total = Sum()
    parts = [part for name in names for part in ALSO.get(name, [name])]
    for number, name in enumerate(parts, 1):
        says = SUITES[name].says if name in SUITES else "no tests run here"
        print(f"\n== {number} of {len(parts)}: {name} ({says})", flush=True)
        started = time.monotonic()
        if name in SUITES:
            run_suite(name, total)
        elif not STEPS[name]():
            total.failed += 1
            print(f"`{name}` found something; the lines above say what.")
        print(f"== {name}: {time.monotonic() - started:.0f} s", flush=True)
    if any(name in SUITES for name in parts):
        print(f"\n{total.passed} passed, {total.failed} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
