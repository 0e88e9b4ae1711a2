"""The real services the tests run against: private, on free ports, gone afterwards.

    python -m tests.services pytest -n 0 tests/consents

runs any command with DATABASE_URL naming a fresh PostgreSQL.
"""

import contextlib
import glob
import os
import re
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import redis

from carecoord import processes

START_SECONDS = 30


class ServiceMissing(Exception):
    """Carries the sentence that says what to install."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: the account to use then, else None."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def postgres_folder() -> Path:
    """Where initdb and postgres are. Raises ServiceMissing."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    for folder in sorted(folders, key=_version, reverse=True):
        if Path(folder, "initdb").exists():
            return Path(folder)
    raise ServiceMissing(
        "PostgreSQL is not installed: sudo apt-get install -y postgresql"
    )


def _version(folder: str) -> int:
    match = re.search(r"/(\d+)/bin$", folder)
    return int(match.group(1)) if match else 0


def executable(*names: str, package: str) -> str:
    """The first of `names` that is installed. Raises ServiceMissing."""
    for name in names:
        if found := shutil.which(name):
            return found
    raise ServiceMissing(
        f"{names[0]} is not installed: sudo apt-get install -y {package}"
    )


def chromium() -> str:
    """The browser of the journeys. Raises ServiceMissing."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return executable(*names, package="chromium")


class Service:
    """One private process with a folder of its own; a context manager."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"carecoord-{self.name}-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    name = "service"
    ends_by = signal.SIGTERM

    def prepare(self) -> None:
        """Once, before the first start."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.prepare()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start, also again on the same port, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = processes.start(
                self.command(),
                output=log,
                cwd=self.folder,
                user=self.user,
                at_parents_end=signal.SIGQUIT,
            )
        self._wait()

    user: str | None = None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.name} did not start:\n{log}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals | None = None) -> None:
        """End it, by signal `how`; its files stay, so `start` can bring it back."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)  # it may be frozen
        self.process.send_signal(how or self.ends_by)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            processes.signal_group(self.process, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def freeze(self) -> None:
        """Accept connections and never answer, until `thaw` or `stop`."""
        assert self.process is not None
        processes.signal_group(self.process, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        processes.signal_group(self.process, signal.SIGCONT)


class PostgresServer(Service):
    """A private PostgreSQL cluster. `url` names its empty database `carecoord`."""

    name = "postgresql"
    ends_by = signal.SIGINT  # "fast": does not wait for its clients

    def __init__(self) -> None:
        self.programs = postgres_folder()
        super().__init__()
        self.user = unprivileged_user()
        self.password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return self.url_of("carecoord")

    def url_of(self, database: str) -> str:
        return (
            f"postgresql://carecoord:{self.password}@127.0.0.1:{self.port}/{database}"
        )

    def prepare(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.user:
            for path in (self.folder, password_file):
                shutil.chown(path, self.user)
        argv = [
            *(str(self.programs / "initdb"), "--pgdata", str(self.folder / "data")),
            *("--username", "carecoord", "--auth", "scram-sha-256"),
            *("--pwfile", str(password_file), "--encoding", "UTF8"),
            *("--locale", "C", "--no-sync"),
        ]
        subprocess.run(
            argv, check=True, user=self.user, cwd=self.folder, capture_output=True
        )

    def command(self) -> list[str]:
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "100",
            # Nothing here outlives the tests: no time is spent on the disk.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        settings = [f"--{name}={value}" for name, value in options.items()]
        return [
            *(str(self.programs / "postgres"), "-D", str(self.folder / "data")),
            *settings,
        ]

    def answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            self._make_database()
            return True
        return False

    def _make_database(self) -> None:
        with psycopg.connect(
            self.url_of("postgres"), autocommit=True, connect_timeout=2
        ) as connection:
            with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                connection.execute("CREATE DATABASE carecoord")

    def crash(self) -> None:
        """Stop at once, as by a power loss. `start` brings it back."""
        self.stop(signal.SIGQUIT)


class RedisServer(Service):
    """A private Redis with a password and nothing on disk."""

    name = "redis"

    def __init__(self) -> None:
        self.program = executable("redis-server", package="redis-server")
        super().__init__()
        self.password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        return [
            *(self.program, "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--requirepass", self.password, "--save", "", "--appendonly", "no"),
            *("--dir", str(self.folder)),
        ]

    def client(self) -> "redis.Redis":
        return redis.Redis.from_url(self.url, socket_timeout=2)

    def answers(self) -> bool:
        with contextlib.suppress(redis.exceptions.RedisError):
            return bool(self.client().ping())
        return False

    def flush(self) -> None:
        """Forget everything, queued tasks too."""
        self.client().flushall()


class SilentServer:
    """Accepts connections on 127.0.0.1 and never says a word."""

    def __init__(self) -> None:
        # The kernel completes the handshakes of a listener; nobody ever reads.
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listener.getsockname()[1])

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def was_asked(self) -> bool:
        """Whether somebody waits for an answer."""
        return bool(select.select([self._listener], [], [], 0)[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self._listener.close()


@contextlib.contextmanager
def postgres_environment() -> Iterator[dict[str, str]]:
    """This process's environment with DATABASE_URL of a fresh PostgreSQL."""
    # Importing carecoord named its settings; pytest has settings of its own.
    environment = {
        name: x for name, x in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
    }
    with PostgresServer() as server:
        yield {**environment, "DATABASE_URL": server.url}


def main(argv: list[str]) -> int:
    with postgres_environment() as environment:
        if argv[0] in {"pytest", "python"}:
            module = ["-m", "pytest"] if argv[0] == "pytest" else []
            argv = [sys.executable, *module, *argv[1:]]
        return subprocess.run(argv, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
