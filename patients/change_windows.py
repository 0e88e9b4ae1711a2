"""The windows of changes: until when, whether they run, and when to ask how it went.

Pure: days and rows only. The window of a change is [first day, last day], both in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from patients.codes import HARD_WORK, Change, Pace, Phase
from patients.models import MedicineChange, TherapyPhase

# "Not now" puts the question off for so long, once.
COMES_BACK_AFTER = timedelta(days=7)
MOST_PUT_OFF = 2
# After that nobody remembers how it was.
ASKED_FOR = timedelta(days=60)
# No window is longer: 104 weeks.
LONGEST = timedelta(weeks=104)


def last_day(since: date, weeks: int | None) -> date | None:
    """The last day of a window of so many weeks; none without weeks."""
    return since + timedelta(weeks=weeks) if weeks else None


def runs_on(change: MedicineChange, day: date) -> bool:
    """Whether its window is open on this day."""
    until = change.watch_until_date
    return until is not None and change.since_date <= day <= until


def is_of_entry(change: MedicineChange) -> bool:
    """Whether a prescriber wrote it beside the list, and it is not on the list."""
    return change.entry_id is not None


def newest(changes: Iterable[MedicineChange]) -> list[MedicineChange]:
    """Of each medicine the change that counts now; a newer one ends its window.

    A prescriber's entry is no change of the list: it ends the window of an older entry
    alone, and nothing of the list ends its own.
    """
    found: dict[tuple[uuid.UUID, bool], MedicineChange] = {}
    for change in sorted(changes, key=lambda one: (one.recorded_at, one.version)):
        found[change.lineage, is_of_entry(change)] = change
    return list(found.values())


def is_due(change: MedicineChange, day: date, *, answered: bool) -> bool:
    """Whether the patient is to be asked on this day how the change went.

    From the last day of the window on, until it is answered, put off twice, or too
    long ago.
    """
    until = change.watch_until_date
    if answered or until is None or is_of_entry(change):
        return False
    if not until <= day <= until + ASKED_FOR or change.put_off >= MOST_PUT_OFF:
        return False
    put_off = change.put_off_date
    return put_off is None or day >= put_off + COMES_BACK_AFTER


# Therapy beside it ----------------------------------------------------------------


@dataclass(frozen=True)
class Clash:
    """A change of a medicine and hard work in therapy in the same weeks (S36)."""

    change: MedicineChange
    phase: TherapyPhase
    until: date

    @property
    def key(self) -> str:
        """The same for an entry and the line that it becomes."""
        return f"{self.change.lineage} {self.phase.pk}"


def phase_ends(phase: TherapyPhase, phases: Sequence[TherapyPhase]) -> date | None:
    """The last day of hard work: after its weeks, or when therapy ends or pauses."""
    until = last_day(phase.starts_date, phase.weeks)
    stops = [
        one.starts_date
        for one in phases
        if one.what == Phase.ENDS and one.recorded_at > phase.recorded_at
    ]
    days = [day for day in (until, *stops) if day is not None]
    return min(days) if until else None


def clashes(
    changes: Iterable[MedicineChange], phases: Iterable[TherapyPhase], *, day: date
) -> list[Clash]:
    """What is under way, or about to be, at the same time. The order is no matter."""
    rows = list(phases)
    found = [
        clash
        for change in newest(changes)
        for phase in rows
        if (clash := _clash(change, phase, rows)) and clash.until >= day
    ]
    return sorted(found, key=lambda one: (one.until, one.key))


def _clash(
    change: MedicineChange, phase: TherapyPhase, phases: Sequence[TherapyPhase]
) -> Clash | None:
    ends = phase_ends(phase, phases)
    until = change.watch_until_date
    if phase.what not in HARD_WORK or not _weighs(change, phase):
        return None
    if ends is None or until is None:
        return None
    if change.since_date > ends or phase.starts_date > until:
        return None
    return Clash(change, phase, min(ends, until))


def _weighs(change: MedicineChange, phase: TherapyPhase) -> bool:
    """Sedating or activating against either work; newly started against trauma work."""
    if change.what not in (Change.STARTED, Change.DOSE):
        return False
    if change.pace in (Pace.SEDATING, Pace.ACTIVATING):
        return True
    return change.what == Change.STARTED and phase.what == Phase.DEMANDING
