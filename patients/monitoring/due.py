"""When a test is due: from the rhythm, the start, the newest change, the last result.

Days only, in the patient's zone: no hour and no change of clocks takes part. Nothing
of it is stored, so that no second truth can go stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from patients.monitoring.rules import Schedule, Step

# A result of this long before the start is the one from before the first dose.
RECENT_ENOUGH = timedelta(days=90)
# A result a little early is the one that was asked for.
A_LITTLE_EARLY = timedelta(days=14)
# From so long before, it is shown as soon due.
SOON = timedelta(days=30)


class State(StrEnum):
    """Where a test stands, in the order of what to look at first."""

    OVERDUE = "overdue"
    MISSING = "missing"
    SOON = "soon"
    LATER = "later"
    # Asked for before the first dose, of which no result is here, and long taken since.
    PAST = "past"
    DONE = "done"


ORDER = tuple(State)


@dataclass(frozen=True)
class Used:
    """A medicine as it is taken: since when, and when its dose last changed."""

    started: date | None = None
    changed: date | None = None


@dataclass(frozen=True)
class Due:
    """By when, or no day: nothing known to count from, or nothing more to do."""

    state: State
    day: date | None = None

    @property
    def is_late(self) -> bool:
        """Overdue, or without any result although one was due."""
        return self.state in (State.OVERDUE, State.MISSING)

    @property
    def rank(self) -> tuple[int, date]:
        return ORDER.index(self.state), self.day or date.max


def due_of(schedule: Schedule, used: Used, *, last: date | None, today: date) -> Due:
    """Where a test of this schedule stands today.

    A result after the last one never brings the day forward; the day is always after
    the last result.
    """
    if last is None:
        return _without_result(schedule, used, today)
    if schedule.lasts:
        return Due(State.DONE)
    if _is_past(schedule, used, today) and any(_points_left(schedule, used, last)):
        return Due(State.PAST)
    days = [*_points_left(schedule, used, last), *_again(schedule, used, last)]
    day = min(days, default=None)
    return Due(State.DONE) if day is None else Due(_state(day, today), day)


def _state(day: date, today: date) -> State:
    if day < today:
        return State.OVERDUE
    return State.SOON if day - today <= SOON else State.LATER


def _without_result(schedule: Schedule, used: Used, today: date) -> Due:
    """No result here: late, since it may have been done elsewhere, is "missing"."""
    if _is_past(schedule, used, today):
        return Due(State.PAST)
    first = _first(schedule, used)
    if first is None or first < today:
        return Due(State.MISSING, first)
    return Due(_state(first, today), first)


def _is_past(schedule: Schedule, used: Used, today: date) -> bool:
    """Too late to be done in time, and it may have been: nobody is asked to hurry."""
    if not schedule.only_before or used.started is None:
        return False
    return used.started < today - RECENT_ENOUGH


def _first(schedule: Schedule, used: Used) -> date | None:
    if used.started is None:
        return None
    if schedule.baseline:
        return used.started
    days = [span.after(used.started) for span in schedule.at]
    days += [step.each.after(used.started) for step in schedule.every[:1]]
    return min(days, default=None)


def _points_left(schedule: Schedule, used: Used, last: date) -> Iterable[date]:
    """What is due once and was not done by the last result."""
    if used.started:
        if schedule.baseline and last < used.started - RECENT_ENOUGH:
            yield used.started
        for span in schedule.at:
            day = span.after(used.started)
            if last < day - _slack(used.started, day):
                yield day
    if schedule.after_change and used.changed:
        day = schedule.after_change.after(used.changed)
        if last < day - _slack(used.changed, day):
            yield day


def _slack(begin: date, day: date) -> timedelta:
    """A quarter of the wait, and at most two weeks."""
    return min((day - begin) / 4, A_LITTLE_EARLY)


def _again(schedule: Schedule, used: Used, last: date) -> Iterable[date]:
    """A rhythm begins with the medicine: a result from before it is that of day one."""
    begun = max(last, used.started) if used.started else last
    step = _step_on(schedule.every, used.started, begun)
    if step is not None:
        yield step.each.after(begun)


def _step_on(steps: tuple[Step, ...], started: date | None, on: date) -> Step | None:
    """The step in force; the last one where the start is not known."""
    if started is not None:
        for step in steps:
            if step.until is not None and on < step.until.after(started):
                return step
    return steps[-1] if steps else None
