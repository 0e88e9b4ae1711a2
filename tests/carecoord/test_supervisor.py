"""`make run` keeps three processes alive, and none of them outlives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from carecoord import supervisor
from carecoord.healthcheck import answers
from tests import running, services

COMMAND = [sys.executable, "-m", "carecoord.supervisor"]


class Copy:
    """One real copy of the whole thing, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        # With the marker no demo world is loaded: these tests need none.
        (self.data / "demo").touch()
        self.port = services.free_port()
        self.env = running.environment(self.data, PORT=str(self.port))
        self.running = running.Running(folder, self.env)

    def start(self) -> subprocess.Popen[bytes]:
        process = self.running.start("supervisor", COMMAND)
        self.running.wait_for("supervisor", "carecoord is ready", seconds=120)
        return process

    def restart(self) -> subprocess.Popen[bytes]:
        (self.running.folder / "supervisor.out").write_text("")
        return self.start()

    def process_of(self, part: str) -> int:
        lines = [line for line in running.alive_with(self.data) if part in line]
        return min(int(line.partition(":")[0]) for line in lines)

    def all_gone(self, *, seconds: float = 20) -> None:
        running.wait_until(
            lambda: running.alive_with(self.data) == [],
            seconds=seconds,
            says=lambda: f"still alive: {running.alive_with(self.data)}",
        )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with its tables, made once for this file."""
    data = tmp_path_factory.mktemp("migrated")
    env = running.environment(data)
    running.run("python manage.py migrate --noinput --verbosity 0", env=env)
    return data


def make_copy(folder: Path, migrated: Path) -> Copy:
    own = Copy(folder)
    database = (migrated / "carecoord.sqlite3").read_bytes()
    (own.data / "carecoord.sqlite3").write_bytes(database)
    return own


@pytest.fixture
def copy(tmp_path: Path, migrated: Path) -> Iterator[Copy]:
    """A copy that the test starts, and ends as it likes."""
    own = make_copy(tmp_path, migrated)
    with own.running:
        yield own


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Copy]:
    """A copy that runs while several tests look at it."""
    own = make_copy(tmp_path_factory.mktemp("steady"), migrated)
    with own.running:
        own.start()
        yield own


@pytest.mark.processes
def test_it_says_where_it_is_and_who_can_sign_in(steady: Copy) -> None:
    said = steady.running.says("supervisor")
    assert f"http://localhost:{steady.port}/" in said
    assert supervisor.DEMO_PASSWORD in said
    for account in supervisor.DEMO_PEOPLE:
        assert account in said
    assert answers(steady.port)


@pytest.mark.processes
def test_it_listens_on_this_machine_only(steady: Copy) -> None:
    port = f"{steady.port:04X}"
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port}")
    ]
    assert listening == [f"0100007F:{port}"]


@pytest.mark.processes
def test_a_second_copy_says_that_it_runs_already_and_where(steady: Copy) -> None:
    second = subprocess.run(
        COMMAND, cwd=running.ROOT, env=steady.env, capture_output=True, text=True
    )
    assert second.returncode == 0
    assert "already runs" in second.stdout
    assert f"http://localhost:{steady.port}/" in second.stdout
    assert steady.running.started["supervisor"].poll() is None


@pytest.mark.processes
@pytest.mark.parametrize("part", ["gunicorn", "worker --pool", "beat --pidfile"])
def test_a_killed_part_comes_back(steady: Copy, part: str) -> None:
    killed, said = steady.process_of(part), _said(steady)
    os.kill(killed, signal.SIGKILL)
    # For a moment the children of what was killed are there, and answer, without it.
    running.wait_until(
        lambda: (
            _said(steady) > said
            and _has_another(steady, part, killed)
            and answers(steady.port)
        ),
        seconds=60,
        says=lambda: f"{part} stayed away",
    )


def _said(copy: Copy) -> int:
    return copy.running.says("supervisor").count("Starting it again")


def _has_another(copy: Copy, part: str, killed: int) -> bool:
    numbers = {
        int(line.partition(":")[0])
        for line in running.alive_with(copy.data)
        if part in line
    }
    return bool(numbers) and killed not in numbers


@pytest.mark.processes
def test_ctrl_c_stops_everything(copy: Copy) -> None:
    process = copy.start()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert running.alive_with(copy.data) == []


@pytest.mark.processes
def test_killing_it_leaves_no_orphan_and_it_starts_and_stops_again(copy: Copy) -> None:
    process = copy.start()
    assert len(running.alive_with(copy.data)) >= 4
    process.kill()
    process.wait()
    copy.all_gone()
    again = copy.restart()
    again.send_signal(signal.SIGTERM)
    assert again.wait(30) == 0
    assert running.alive_with(copy.data) == []


# --- The pieces -----------------------------------------------------------------------


@pytest.mark.slow
def test_a_port_taken_by_another_program_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(supervisor.CannotStart) as refusal:
            supervisor.wait_for_free_port(port, seconds=0)
    assert f"Port {port} is taken by another program" in str(refusal.value)
    assert f"PORT={port + 1} make run" in str(refusal.value)


def test_a_port_that_becomes_free_is_waited_for() -> None:
    port = services.free_port()
    supervisor.wait_for_free_port(port, seconds=0)


@pytest.mark.parametrize("text", ["eighty", "0", "70000", "-1", "80.5"])
def test_a_port_that_is_no_port_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(supervisor.CannotStart, match="PORT must be a number"):
        supervisor.port_number()


def test_only_one_process_has_the_folder(tmp_path: Path) -> None:
    first = supervisor.lock(tmp_path)
    assert first is not None
    supervisor.write_address(first, 8123)
    assert supervisor.lock(tmp_path) is None
    assert supervisor.running_port(tmp_path) == 8123
    os.close(first)
    again = supervisor.lock(tmp_path)
    assert again is not None
    os.close(again)


def a_child(tmp_path: Path, script: str) -> supervisor.Child:
    log = tmp_path / "log"
    log.touch()
    return supervisor.Child("part", [sys.executable, "-c", script], log)


def test_every_quick_crash_doubles_the_pause_up_to_half_a_minute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = a_child(tmp_path, "print('why it failed'); raise SystemExit(3)")
    pauses = []
    for _ in range(8):
        child.start()
        assert child.process is not None
        child.process.wait()
        now = time.monotonic()
        child.look_after(now)
        pauses.append(child.restart_at - now)
    assert pauses == pytest.approx([0.5, 1, 2, 4, 8, 16, 30, 30])
    assert "part ended (3)" in capsys.readouterr().out


def test_a_crash_shows_the_last_lines_of_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = a_child(tmp_path, "print('why it failed')")
    child.start()
    assert child.process is not None
    child.process.wait()
    child.look_after(time.monotonic())
    assert "| why it failed" in capsys.readouterr().out


def test_a_part_that_was_steady_starts_again_at_once(tmp_path: Path) -> None:
    child = a_child(tmp_path, "")
    child.delay = 16
    child.start()
    assert child.process is not None
    child.process.wait()
    now = child.started_at + child.steady_after + 1
    child.look_after(now)
    assert child.restart_at - now == pytest.approx(0.5)


def test_a_part_is_not_started_before_its_pause_is_over(tmp_path: Path) -> None:
    child = a_child(tmp_path, "import time; time.sleep(60)")
    child.restart_at = 100.0
    child.look_after(99.0)
    assert child.process is None
    child.look_after(100.0)
    assert child.process is not None
    supervisor.processes.stop([child.process], seconds=5)


def test_a_long_log_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LOG_BYTES", 3)
    log = tmp_path / "web.log"
    log.write_text("long")
    supervisor.rotated(log)
    assert log.read_text() == ""
    assert (tmp_path / "web.log.1").read_text() == "long"


@pytest.mark.slow
def test_a_failing_step_before_the_start_is_a_sentence() -> None:
    with pytest.raises(supervisor.CannotStart, match="`manage.py nonsense` failed"):
        supervisor.manage("nonsense")
