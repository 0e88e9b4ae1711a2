"""A backlog in one stage of a sweep does not starve the stages after it."""

import pytest

from messaging import sweeping
from messaging.sweeping import Sweep
from tests.messaging.delivering import TEN_MINUTES, change, sweep, told

pytestmark = pytest.mark.django_db
OF_THE_WALL = Sweep.has_time


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def wall(monkeypatch):
    clock = Wall()
    monkeypatch.setattr(Sweep, "has_time", OF_THE_WALL)
    monkeypatch.setattr(sweeping, "time", clock)
    return clock


def test_each_stage_has_its_own_time(cast, monkeypatch, wall):
    event = change(cast.amina, at=cast.at, at_once=True)
    tried = []

    def slowly(*, patient_id, at):
        tried.append(patient_id)
        wall.seconds += 2
        return 1

    monkeypatch.setattr(
        sweeping.waiting, "held_to_decide_again", lambda _at: ["a", "b", "c"]
    )
    monkeypatch.setattr(sweeping.causes, "release", slowly)
    done = sweep(cast.at + TEN_MINUTES)
    assert (tried, done["held_updates"]) == (["a", "b"], 2), "the third has to wait"
    assert told(event) == ["bram", "jon"]


def test_what_a_sweep_had_no_time_for_is_done_by_the_next(cast, monkeypatch, wall):
    event = change(cast.amina, at=cast.at, at_once=True)
    monkeypatch.setattr(sweeping, "STAGE_SECONDS", 0)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == []
    monkeypatch.setattr(sweeping, "STAGE_SECONDS", 1)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["bram", "jon"]
