"""The clock of the tests: it stands still.

However long a test takes and whenever it runs, no second, minute or day passes between
two of its requests. Each reading is a microsecond later than the one before, so that
rows made one after the other have an order. A test of another time goes there with
`time_machine`.

A run begins when it was last noon for most patients, so that it says the same at every
hour. `CARECOORD_BEGINS=2027-03-14T06:30` begins elsewhere: in the hours when the day of
UTC is another than the patient's, when the clocks change, on the last day of a year.
`make test-hours` goes there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.utils import timezone

from carecoord import clock

# What these tests start, or wait for, has a clock of its own, which goes on.
GOES_ON = {"browser", "faults", "processes", "redis"}
FAULTS = "faults"
STEP = timedelta(microseconds=1)
NOON = 17  # of UTC: noon or one o'clock in New York


def goes_on(item: pytest.Item) -> bool:
    """Whether a test shares its time with processes: all of tests/faults do."""
    marks = {mark.name for mark in item.iter_markers()}
    return bool(marks & GOES_ON) or item.path.parent.name == FAULTS


def begins() -> datetime:
    """The minute in which the tests stand, in UTC."""
    named = os.environ.get("CARECOORD_BEGINS")
    if named:
        return datetime.fromisoformat(named).replace(tzinfo=UTC)
    now = datetime.now(UTC)
    noon = now.replace(hour=NOON, minute=0, second=0, microsecond=0)
    # Never later than the wall, at which tests that go on, go on.
    return noon if noon <= now else noon - timedelta(days=1)


@contextmanager
def standing() -> Iterator[None]:
    """The clocks of this process and of its database stand."""
    read, asked = timezone.now, clock.postgresql_now
    with time_machine.travel(begins(), tick=False) as hands:

        def now() -> datetime:
            hands.shift(STEP)
            return read()

        def postgresql_now() -> datetime:
            asked()  # one statement, as ever
            return timezone.now()

        with (
            mock.patch.object(timezone, "now", now),
            mock.patch.object(clock, "postgresql_now", postgresql_now),
        ):
            yield


@contextmanager
def going_on() -> Iterator[None]:
    """Inside of `standing`: the clock of the wall."""
    with (
        time_machine.travel(time_machine.escape_hatch.time.time(), tick=True),
        mock.patch.object(clock, "postgresql_now", ASKED),
    ):
        yield


ASKED = clock.postgresql_now
