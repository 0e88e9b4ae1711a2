"""Child processes that never outlive the one that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(number: signal.Signals, *, parent: int) -> None:
    """Ask the kernel to send signal `number` to this process when `parent` ends.

    Works even after `kill -9` of the parent. Linux only; elsewhere it does nothing.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os.kill(os.getpid(), number)


def _prepare(parent: int, number: signal.Signals) -> Callable[[], None]:
    def prepare() -> None:
        # The supervisor blocks its signals; its children need theirs.
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        die_with_parent(number, parent=parent)

    return prepare


def start(
    argv: Sequence[str | Path],
    *,
    output: IO[bytes] | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    at_parents_end: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a process group of its own, tied to the life of this process.

    `output` gets both streams; None leaves them as they are.
    """
    return subprocess.Popen(
        [str(part) for part in argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        cwd=cwd,
        env=environment,
        user=user,
        start_new_session=True,
        preexec_fn=_prepare(os.getpid(), at_parents_end),
    )


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send `number` to everything that `process` started and that still lives."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def stop(processes: Sequence[subprocess.Popen[bytes]], *, seconds: float) -> None:
    """End all `processes` and their groups; after `seconds` without asking."""
    for process in processes:
        signal_group(process, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            signal_group(process, signal.SIGKILL)
            process.wait()
        # The leader is gone; whoever is left in its group is a stray.
        signal_group(process, signal.SIGKILL)
