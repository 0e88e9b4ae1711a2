"""A page asks the kernel once for the memory of its calls, however deep it stands."""

import resource
from collections.abc import Callable

from django.conf import settings

from carecoord.frames import with_room
from messaging import tasks
from messaging.sweeping import Sweep

CALLS = 1_000
# More than what one piece holds, whatever was called before.
DEPTHS = range(150)


def leaf() -> None:
    """Larger than `at_depth`, so that some depth leaves no room for it alone."""
    a = b = c = d = e = f = g = h = i = j = k = m = None
    del a, b, c, d, e, f, g, h, i, j, k, m


def at_depth(depth: int) -> None:
    """Calls `leaf` often, `depth` calls further down."""
    if depth:
        return at_depth(depth - 1)
    for _ in range(CALLS):
        leaf()
    return None


def everywhere() -> None:
    for depth in DEPTHS:
        at_depth(depth)


def pages_of_memory(call: Callable[[], None]) -> int:
    """How many pages of memory the kernel hands out while `call` runs."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    call()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_loop_that_stands_at_the_end_of_a_piece_asks_for_no_memory() -> None:
    assert pages_of_memory(with_room(everywhere)) < CALLS


def test_without_room_there_is_a_depth_at_which_each_call_asks() -> None:
    """Where this fails, Python minds it by itself and carecoord/frames.py can go."""

    def little_room() -> None:
        # The tests have room themselves: a thread begins without.
        import threading

        thread = threading.Thread(target=everywhere)
        thread.start()
        thread.join()

    assert pages_of_memory(little_room) > CALLS


def test_whatever_answers_a_request_has_room() -> None:
    assert settings.MIDDLEWARE[0] == "carecoord.frames.with_room"
    assert with_room(lambda name: name)("a page") == "a page"


def test_whatever_the_worker_sweeps_has_room(monkeypatch) -> None:
    room: list[object] = []
    monkeypatch.setattr(Sweep, "run", lambda self: None)
    monkeypatch.setattr(
        tasks, "with_room", lambda call: room.append(call.__name__) or call
    )
    tasks.sweep()
    assert room == ["<lambda>"]
