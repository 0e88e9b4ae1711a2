"""The product's real processes, started by a test and gone after it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from carecoord import processes
from tests import services

ROOT = Path(__file__).resolve().parent.parent
# What the tests' own settings put into the environment, and what a person might have.
OURS = {
    *("CARECOORD_DATA_DIR", "DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"),
    *("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ALLOWED_HOSTS", "EMAIL_URL", "PORT"),
    *("OPERATOR_NAME", "OPERATOR_CONTACT", "CARECOORD_INSECURE_HTTP", "SITE_URL"),
    *("DJANGO_SETTINGS_MODULE", "MAKELEVEL"),
}


def environment(data: Path, **values: str) -> dict[str, str]:
    """What a person's shell would give the product, with `data` as its folder."""
    kept = {name: x for name, x in os.environ.items() if name not in OURS}
    return {**kept, "CARECOORD_DATA_DIR": str(data), **values}


def production(data: Path, *, database: str, broker: str) -> dict[str, str]:
    """What docs/operations.md asks for in production."""
    return environment(
        data,
        DATABASE_URL=database,
        CELERY_BROKER_URL=broker,
        CACHE_URL=broker,
        SECRET_KEY="of no use anywhere else " * 3,
        FIELD_ENCRYPTION_KEYS="dGVzdHMgb25seSwgb2Ygbm8gdXNlIGFueXdoZXJlISE=",
        ALLOWED_HOSTS="care.example",
        EMAIL_URL="smtp://localhost:1",
        DEFAULT_FROM_EMAIL="no-reply@care.example",
        OPERATOR_NAME="Example Care",
        OPERATOR_CONTACT="help@care.example",
        PORT=str(services.free_port()),
    )


def with_python(command: str) -> list[str]:
    """`command` as it is documented, run by the interpreter of the tests."""
    program, *arguments = command.split()
    if program == "python":
        return [sys.executable, *arguments]
    return [str(Path(sys.executable).parent / program), *arguments]


def run(command: str, *, env: dict[str, str]) -> str:
    """Run `command` to its end. Fails the test with its output if it fails."""
    done = subprocess.run(
        with_python(command),
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Running:
    """Processes with a log each, ended together. A context manager."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *details: object) -> None:
        processes.stop(list(self.started.values()), seconds=20)

    def start(self, name: str, argv: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._log(name).open("ab") as log:
            process = processes.start(argv, output=log, cwd=ROOT, environment=self.env)
        self.started[name] = process
        return process

    def says(self, name: str) -> str:
        return self._log(name).read_text(errors="replace")

    def wait_for(self, name: str, text: str, *, seconds: float = 60) -> None:
        wait_until(
            lambda: text in self.says(name),
            seconds=seconds,
            says=lambda: f"{name} did not say {text!r}, but:\n{self.says(name)}",
        )

    def _log(self, name: str) -> Path:
        path = self.folder / f"{name}.out"
        path.touch()
        return path


def wait_until(
    holds: Callable[[], bool], *, seconds: float, says: Callable[[], str]
) -> None:
    """Return as soon as `holds`; fail the test with `says()` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, says()
        time.sleep(0.1)


def alive_with(data: Path) -> list[str]:
    """The command lines of all processes on this machine that use the folder `data`."""
    wanted = f"CARECOORD_DATA_DIR={data}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append(f"{entry.name}: {line.decode(errors='replace')}")
        except (OSError, ValueError):
            continue  # not a process, not ours, or gone meanwhile
    return [line for line in found if line.partition(": ")[2].strip()]
