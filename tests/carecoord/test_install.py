"""`.ci/install` names what is missing, and installs it only where it may."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# What the script itself needs; a machine without these is not Debian-like.
BASICS = ("bash", "env", "dirname", "cat", "sha256sum", "grep", "awk", "tee", "tail")


class Machine:
    """A pretended machine: its PATH holds only what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        self.bin.mkdir()
        (self.project / ".ci").mkdir(parents=True)
        shutil.copy(ROOT / ".ci/install", self.project / ".ci/install")
        for name in BASICS:
            (self.bin / name).symlink_to(shutil.which(name) or "")

    def has(self, name: str, body: str = "exit 0") -> None:
        program = self.bin / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)

    def is_used_by(self, user_id: int) -> None:
        self.has("id", f"echo {user_id}")

    def has_apt(self) -> None:
        self.has("apt-get", f'echo "apt-get $*" >>{self.calls}')

    def install(self, purpose: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "bash"), str(self.project / ".ci/install"), purpose],
            env={"PATH": str(self.bin)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def apt_calls(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_root_it_prints_the_exact_command_and_fails(machine: Machine) -> None:
    machine.has_apt()
    machine.is_used_by(1000)
    machine.has("sudo", "exit 1")
    done = machine.install("make")
    assert done.returncode == 1
    assert (
        "sudo apt-get update && "
        "sudo apt-get install -y --no-install-recommends make" in done.stderr
    )
    assert machine.apt_calls() == []


def test_root_installs_what_is_missing(machine: Machine) -> None:
    machine.has_apt()
    machine.is_used_by(0)
    done = machine.install("make")
    assert done.returncode == 0, done.stderr
    assert machine.apt_calls() == [
        "apt-get -q update",
        "apt-get install -y --no-install-recommends make",
    ]


def test_sudo_without_a_password_is_enough(machine: Machine) -> None:
    machine.has_apt()
    machine.is_used_by(1000)
    machine.has("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    machine.has("true")
    done = machine.install("make")
    assert done.returncode == 0, done.stderr
    assert machine.apt_calls()[-1].endswith("--no-install-recommends make")


def test_nothing_missing_needs_neither_root_nor_network(machine: Machine) -> None:
    machine.has("make")
    done = machine.install("make")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_machine_without_apt_is_told_what_to_bring(machine: Machine) -> None:
    done = machine.install("make")
    assert done.returncode == 1
    assert "no apt-get" in done.stderr
    assert "make" in done.stderr


def test_a_failing_apt_is_said_and_stops(machine: Machine) -> None:
    machine.has("apt-get", "exit 100")
    machine.is_used_by(0)
    done = machine.install("make")
    assert done.returncode == 1
    assert "could not be installed" in done.stderr


@pytest.mark.parametrize(
    ("purpose", "packages"),
    [
        (
            "run",
            "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        ),
        (
            "test",
            "python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 "
            "libharfbuzz-subset0 redis-server chromium poppler-utils",
        ),
    ],
)
def test_a_bare_machine_lacks_everything(
    machine: Machine, purpose: str, packages: str
) -> None:
    machine.has_apt()
    machine.is_used_by(1000)
    # PostgreSQL is looked for in its own folder too, which this machine really has.
    done = machine.install(purpose)
    assert done.returncode == 1
    assert f"These packages are missing: {packages}." in done.stderr


def test_an_old_python_is_not_used(machine: Machine) -> None:
    machine.has_apt()
    machine.is_used_by(1000)
    machine.has("python3", "exit 1")
    assert "missing: python3 " in machine.install("run").stderr


def test_an_unknown_purpose_is_refused(machine: Machine) -> None:
    done = machine.install("everything")
    assert done.returncode == 1
    assert "usage" in done.stderr


@pytest.mark.slow
def test_once_installed_it_does_nothing(tmp_path: Path) -> None:
    # This very environment was installed by it, or equals what it would install.
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    refusing = tmp_path / "apt-get"
    refusing.write_text("#!/bin/sh\necho called >&2\nexit 1\n")
    refusing.chmod(0o755)
    subprocess.run([ROOT / ".ci/install", "test"], env=environment, check=True)
    again = subprocess.run(
        [ROOT / ".ci/install", "test"],
        env={**environment, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
