"""The ends of the chains, noted in a file where the database cannot reach.

Whoever owns the database can cut the end of a chain, or put the whole table back as it
was last week: the chain alone still holds. The file knows better (SECURITY T73). It is
only added to, its own lines are chained, and it holds ids and hashes alone. Keep it, or
a copy, on another machine (docs/operations.md).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import struct
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum

from consents.models import DisclosureHead

EVERY_ROWS = 1000
EVERY = timedelta(minutes=10)
# A page that began before the last note may have been written after it.
LATE_BY = timedelta(minutes=5)
FIRST_LINE = "0" * 64
TAIL_BYTES = 4096
_NOTE = struct.Struct(">Q32s")


class AnchorBroken(ValueError):
    """The file itself was changed: one of its lines does not follow."""


class Anchors:
    """What was noted, for each patient: 40 bytes a note, so that a million fit."""

    def __init__(self) -> None:
        self._notes: dict[uuid.UUID, bytearray] = {}

    def add(self, patient_id: uuid.UUID, seq: int, row_hash: str) -> None:
        notes = self._notes.setdefault(patient_id, bytearray())
        notes += _NOTE.pack(seq, bytes.fromhex(row_hash))

    def of(self, patient_id: uuid.UUID) -> dict[int, str]:
        """seq -> hash, as it was noted first.

        A table that was rolled back grows again, and the worker notes the same number
        a second time: what stood there before is not forgotten for it.
        """
        found: dict[int, str] = {}
        for seq, value in _NOTE.iter_unpack(self._notes.get(patient_id, b"")):
            found.setdefault(seq, value.hex())
        return found

    def patients(self) -> Iterator[uuid.UUID]:
        return iter(self._notes)


def path() -> Path:
    return Path(settings.ANCHOR_FILE)


def read(file: Path) -> Anchors:
    """Every note of the file. Raises AnchorBroken, or OSError when it is not there."""
    anchors, previous = Anchors(), FIRST_LINE
    with file.open(encoding="ascii") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                note = json.loads(line)
                follows = note["previous"] == previous and line.endswith("\n")
                anchors.add(uuid.UUID(note["patient"]), note["seq"], note["hash"])
            except (ValueError, KeyError, TypeError, struct.error) as error:
                raise AnchorBroken(f"line {number} is not a note") from error
            if not follows:
                raise AnchorBroken(f"line {number} does not follow the one before it")
            previous = _line_hash(line)
    return anchors


def note(*, at: datetime, now: bool = False) -> int:
    """Adds the ends that moved, when it is time (or `now`). Returns how many.

    It is time 1,000 rows or 10 minutes after the last note. Two workers take turns:
    the file is locked. Raises OSError when it cannot be written.
    """
    file = path()
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="ascii") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        last = _last_line(opened)
        rows = DisclosureHead.objects.aggregate(rows=Sum("seq"))["rows"] or 0
        if not _is_time(last, rows=rows, at=at, now=now):
            return 0
        lines = list(_lines(last, rows=rows, at=at))
        opened.writelines(lines)
        opened.flush()
        os.fsync(opened.fileno())
    return len(lines)


def last_at() -> datetime | None:
    """When the log was last noted; None where this process has no readable file."""
    try:
        with path().open(encoding="ascii") as opened:
            return datetime.fromisoformat(json.loads(_last_line(opened))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _last_line(opened) -> str:
    size = opened.seek(0, os.SEEK_END)
    opened.seek(max(0, size - TAIL_BYTES))
    return (opened.read().splitlines(keepends=True) or [""])[-1]


def _is_time(last: str, *, rows: int, at: datetime, now: bool) -> bool:
    noted: dict[str, Any] = json.loads(last) if last else {"rows": 0, "at": ""}
    if rows == noted["rows"]:
        return False
    if now or not noted["at"]:
        return True
    waited = at - datetime.fromisoformat(noted["at"])
    # Fewer rows, or a clock that went back, is for the file to tell, at once.
    return (
        not timedelta(0) <= waited < EVERY or not 0 <= rows - noted["rows"] < EVERY_ROWS
    )


def _lines(last: str, *, rows: int, at: datetime) -> Iterator[str]:
    previous = _line_hash(last) if last else FIRST_LINE
    for patient_id, seq, row_hash in _moved(last, at=at):
        line = {
            "at": at.isoformat(),
            "rows": rows,
            "patient": str(patient_id),
            "seq": seq,
            "hash": row_hash,
            "previous": previous,
        }
        text = json.dumps(line) + "\n"
        previous = _line_hash(text)
        yield text


def _moved(last: str, *, at: datetime) -> QuerySet:
    """The ends that moved since the last line; all of them if that cannot be told."""
    heads = DisclosureHead.objects.filter(seq__gt=0).order_by("patient_id")
    ends = heads.values_list("patient_id", "seq", "hash")
    since = datetime.fromisoformat(json.loads(last)["at"]) if last else at
    moved = ends.filter(at__gt=since - LATE_BY)
    return moved if last and since <= at and moved.exists() else ends


def _line_hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
