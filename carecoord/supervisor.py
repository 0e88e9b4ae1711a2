"""`make run`: prepares the data folder, then keeps web, worker and beat alive.

One machine, one folder, no Redis and no PostgreSQL needed. Each child has a process
group of its own; whatever ends this process, also `kill -9`, ends them too. Production
uses containers or systemd instead (docs/operations.md).
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from carecoord import embedded_queue, processes
from carecoord.healthcheck import answers

ROOT = Path(__file__).resolve().parent.parent
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
WATCHED = STOP_SIGNALS | {signal.SIGCHLD}
READY_SECONDS = 90
STOP_SECONDS = 12
LOG_BYTES = 5_000_000
DEMO_PASSWORD = "carecoord-demo"
DEMO_PEOPLE = {
    "patient@demo.example": "a patient: their list, their sharing, who looked",
    "patient2@demo.example": "another patient",
    "patient3@demo.example": "a patient for whom somebody acts now",
    "representative@demo.example": "the daughter who acts for patient3 by a paper",
    "teen@demo.example": "a patient of 15, with one thing of her own",
    "parent@demo.example": "the mother who acts for the patient of 15",
    "almost18@demo.example": "a patient who turns 18 in five days",
    "just18@demo.example": "a patient who turned 18 four days ago",
    "parent2@demo.example": "the father of both: what ended for him, what ends soon",
    "therapist@demo.example": "the patient's therapist",
    "psychiatrist@demo.example": "the patient's psychiatrist",
    "pcp@demo.example": "the patient's family doctor",
    "caregiver@demo.example": "a relative who helps",
    "supervisor@demo.example": "a clinical supervisor",
    "privacy@demo.example": "the privacy officer",
    "outsider@demo.example": "a psychiatrist elsewhere, who sees nothing here",
    "admin@demo.example": "the administrator, who sees nothing clinical",
}


class CannotStart(Exception):
    """Carries the sentence for the person who typed the command."""


def say(text: str = "") -> None:
    print(text, flush=True)


@dataclass
class Child:
    """One process that is started again when it ends; waits longer each time."""

    name: str
    argv: Sequence[str | Path]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    delay: float = 0.5  # seconds, doubled by every quick crash
    steady_after: float = field(default=60.0, repr=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        with self.log.open("ab") as output:
            self.process = processes.start(self.argv, output=output, cwd=ROOT)

    def look_after(self, now: float) -> None:
        """Notice an end, and start again when the pause is over."""
        if self.process is None:
            if now >= self.restart_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            self._note_end(code, now)

    def _note_end(self, code: int, now: float) -> None:
        assert self.process is not None
        # A master that died may leave workers that hold the port.
        processes.signal_group(self.process, signal.SIGKILL)
        self.process = None
        if now - self.started_at > self.steady_after:
            self.delay = 0.5
        self.restart_at = now + self.delay
        say(f"{self.name} ended ({code}). Starting it again in {self.delay:g} s.")
        say(f"  Its last lines, from {self.log}:\n{last_lines(self.log)}")
        self.delay = min(self.delay * 2, 30.0)


def last_lines(path: Path, count: int = 6) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8192))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(f"  | {line}" for line in lines[-count:])


# --- Before anything is started -------------------------------------------------


def data_folder() -> Path:
    named = os.environ.get("CARECOORD_DATA_DIR", "").strip()
    folder = Path(named or ROOT / "data").expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def port_number() -> int:
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def lock(folder: Path) -> int | None:
    """Take the folder for this process; None if another copy has it.

    The kernel gives it back when this process ends, however it ends.
    """
    handle = os.open(folder / "supervisor.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def write_address(handle: int, port: int) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(port).encode(), 0)


def running_port(folder: Path) -> int:
    """The port of the copy that holds the lock of `folder`."""
    text = (folder / "supervisor.lock").read_text().strip()
    return int(text) if text.isdigit() else 8000


def wait_for_free_port(port: int, seconds: float = 6.0) -> None:
    """Return when `port` can be bound; the children of a killed copy need a moment.

    Raises CannotStart when it stays taken.
    """
    deadline = time.monotonic() + seconds
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CannotStart(port_is_taken(port)) from error
        time.sleep(0.3)


def port_is_taken(port: int) -> str:
    who = "another copy of carecoord" if answers(port) else "another program"
    return (
        f"Port {port} is taken by {who}. Stop that one, "
        f"or choose another port: PORT={port + 1} make run"
    )


def manage(*arguments: str) -> None:
    """Run one management command and wait. Raises CannotStart if it fails."""
    argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
    if processes.start(argv, cwd=ROOT).wait() != 0:
        raise CannotStart(
            f"`manage.py {arguments[0]}` failed. The lines above say why."
        )


def prepare(folder: Path) -> None:
    say("Preparing the database…")
    manage("migrate", "--noinput", "--verbosity", "0")
    removed = embedded_queue.empty(folder / "queue")
    if removed:
        say(f"Removed {removed} old queue messages; their work is in the database.")
    if not os.environ.get("DATABASE_URL") and not (folder / "demo").exists():
        if not list(ROOT.glob("*/management/commands/demo_data.py")):
            say("This version has no demo world.")
            return
        say("Loading the demo world (only the first time)…")
        manage("demo_data")


# --- While it runs --------------------------------------------------------------


def children(folder: Path) -> list[Child]:
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    celery = [sys.executable, "-m", "celery", "--app", "carecoord"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    commands: dict[str, list[str | Path]] = {
        "web": [
            *(sys.executable, "-m", "gunicorn", "carecoord.wsgi:application"),
            *("--config", "python:carecoord.gunicorn"),
            # This command never listens on the network, whatever the database is.
            *("--bind", f"127.0.0.1:{port_number()}"),
        ],
        "worker": [
            *(*celery, "worker", "--pool", "threads", "--concurrency", "2"),
            *(*quiet, "--loglevel", "WARNING"),
        ],
        # Never inside the worker (-B): that leaves orphans.
        "beat": [*celery, "beat", "--pidfile=", "--loglevel", "WARNING"],
    }
    return [
        Child(name, argv, rotated(logs / f"{name}.log"))
        for name, argv in commands.items()
    ]


def rotated(log: Path) -> Path:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    log.touch()
    return log


def banner(port: int, folder: Path) -> str:
    lines = ["", f"carecoord is ready: http://localhost:{port}/", ""]
    if (folder / "demo").exists():
        lines.append(f"Sign in as (the password is always {DEMO_PASSWORD}):")
        lines += [f"  {who:28}{what}" for who, what in DEMO_PEOPLE.items()]
        lines.append("")
    lines.append(f"Mail and logs are written under {folder}. To stop: Ctrl-C.")
    return "\n".join(lines)


def wait_for_signal(seconds: float) -> int | None:
    """The next signal among WATCHED, or None after `seconds`."""
    event = signal.sigtimedwait(WATCHED, seconds)
    return event.si_signo if event else None


def watch(family: Sequence[Child], *, port: int, folder: Path) -> None:
    """Keep `family` alive until a stop signal. Raises CannotStart if web never
    answers."""
    ready = False
    deadline = time.monotonic() + READY_SECONDS
    while wait_for_signal(0.25 if not ready else 1.0) not in STOP_SIGNALS:
        now = time.monotonic()
        for child in family:
            child.look_after(now)
        if not ready and answers(port):
            ready = True
            say(banner(port, folder))
        if not ready and now > deadline:
            raise CannotStart(
                f"The web server did not answer within {READY_SECONDS} s. "
                f"Its log is {folder}/logs/web.log."
            )


def supervise(folder: Path, port: int) -> None:
    family = children(folder)
    # Blocked, they wait for `wait_for_signal`: none can be lost between two checks.
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    if os.environ.get("MAKELEVEL"):
        processes.die_with_parent(signal.SIGTERM, parent=os.getppid())
    say("Starting web, worker and beat…")
    try:
        for child in family:
            child.start()
        watch(family, port=port, folder=folder)
    finally:
        say("Stopping…")
        alive = [child.process for child in family if child.process]
        processes.stop(alive, seconds=STOP_SECONDS)
        say("Stopped.")


def run() -> None:
    os.umask(0o077)  # health data: for this account only
    folder, port = data_folder(), port_number()
    handle = lock(folder)
    if handle is None:
        say(
            f"carecoord already runs with {folder}: "
            f"http://localhost:{running_port(folder)}/"
        )
        return
    write_address(handle, port)
    wait_for_free_port(port)
    prepare(folder)
    supervise(folder, port)


def main() -> int:
    try:
        run()
    except CannotStart as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
