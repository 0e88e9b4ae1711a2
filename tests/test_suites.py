"""Every test belongs to a part of `make test`, and the sum at the end is true."""

import itertools
from pathlib import Path

import pytest

from tests import suites

MARKS = ("postgres", "redis", "processes", "browser", "slow", "deep", "faults")
EVERY_MIX = [
    set(mix)
    for size in range(len(MARKS) + 1)
    for mix in itertools.combinations(MARKS, size)
]
PATHS = ("tests/consents/test_a.py", "tests/journeys/test_a.py", "tests/test_a.py")


def parts_of(marks: set[str], path: str) -> set[str]:
    return {
        name for name in suites.SUITES if suites.belongs(name, marks=marks, path=path)
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "marks", EVERY_MIX, ids=lambda marks: "+".join(sorted(marks)) or "none"
)
def test_no_mix_of_marks_falls_out_of_every_part(marks: set[str], path: str) -> None:
    assert parts_of(marks, path)


def test_what_the_core_asks_of_a_database_runs_on_both_engines() -> None:
    path = "tests/consents/test_a.py"
    assert parts_of({"database"}, path) == {"quick", "postgresql"}
    assert parts_of(set(), path) == {"quick"}
    sweep = "tests/sweeps/test_urls.py"
    assert parts_of({"database"}, sweep) == {"quick", "postgresql"}


@pytest.mark.parametrize(
    "page", ["tests/consents/views/test_a.py", "tests/messaging/test_compose.py"]
)
def test_what_a_page_says_is_read_on_one_engine_and_at_night_on_both(page: str) -> None:
    assert parts_of({"database"}, page) == {"quick", "deep-postgresql"}
    once = {"postgresql", "deep", "deep-postgresql"}
    assert parts_of({"database", "slow"}, page) == once


def test_a_long_test_runs_once_on_what_production_uses() -> None:
    marks = {"database", "slow"}
    assert parts_of(marks, "tests/consents/test_a.py") == {"postgresql", "deep"}
    assert parts_of(marks, "tests/leaks/test_a.py") == {"postgresql", "deep"}
    assert parts_of({*marks, "browser"}, "tests/test_a.py") == {"browser", "deep"}


def test_a_test_elsewhere_runs_once() -> None:
    assert parts_of(set(), "tests/test_a.py") == {"quick"}


@pytest.mark.parametrize("mark", ["postgres", "redis", "processes"])
def test_what_needs_a_service_is_not_in_the_quick_part(mark: str) -> None:
    assert parts_of({mark}, "tests/test_a.py") == {"postgresql"}


def test_journeys_run_in_their_own_part_only() -> None:
    assert parts_of({"browser"}, "tests/consents/test_a.py") == {"browser"}


def test_long_runs_stay_behind_their_own_commands() -> None:
    assert parts_of({"deep"}, "tests/consents/test_a.py") == {"deep", "deep-postgresql"}
    assert parts_of({"deep", "postgres"}, "tests/test_a.py") == {"deep-postgresql"}
    assert parts_of({"faults", "redis"}, "tests/test_a.py") == {"faults"}


def in_order(files: dict[str, tuple[int, bool]]) -> list[str]:
    def place(path: str) -> tuple:
        tests, commits = files[path]
        return suites.place(path, tests=tests, commits=commits)

    return sorted(files, key=place)


def test_the_longest_files_begin_and_those_that_commit_are_last() -> None:
    longest, migrations = suites.LONGEST[1], "tests/carecoord/test_migrations.py"
    files = {
        "tests/a.py": (3, False),
        "tests/commits.py": (90, True),
        "tests/b.py": (40, False),
        migrations: (4, True),
        longest: (2, False),
    }
    ordered = [longest, "tests/b.py", "tests/a.py", migrations, "tests/commits.py"]
    assert in_order(files) == ordered


def test_the_longest_files_are_there() -> None:
    assert [path for path in suites.LONGEST if not (suites.ROOT / path).exists()] == []


def test_the_sum_counts_failures_errors_and_skips_as_failed(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="1"/>'
        "</testsuites>"
    )
    total = suites.Sum()
    total.add(report)
    assert (total.passed, total.failed) == (7, 3)


def test_a_run_that_left_no_report_counts_as_a_failure(tmp_path: Path) -> None:
    total = suites.Sum()
    total.add(tmp_path / "absent.xml")
    assert (total.passed, total.failed) == (0, 1)


@pytest.mark.security("T86")
def test_the_locks_name_no_address_and_agree() -> None:
    assert suites.lock_faults() == []


def test_an_address_in_a_lock_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("--index-url https://x/\nred==1.0 \\\n")
    (tmp_path / "requirements-dev.txt").write_text("red==1.1 \\\n")
    monkeypatch.setattr(suites, "ROOT", tmp_path)
    assert suites.lock_faults() == [
        "requirements.txt names an address.",
        "red==1.0 is in requirements.txt only.",
    ]
