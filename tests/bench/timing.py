"""Times of acts that take turns, so that a noisy minute hits them alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

Act = Callable[[], object]


def milliseconds(act: Act) -> float:
    started = perf_counter()
    act()
    return (perf_counter() - started) * 1000


def in_turns(acts: dict[str, Act], *, rounds: int) -> dict[str, float]:
    """The median of each, in milliseconds, after one round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(rounds + 1):
        for name, act in acts.items():
            took = milliseconds(act)
            if number:
                times[name].append(took)
    return {name: statistics.median(each) for name, each in times.items()}


def spread(times: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    ordered = sorted(times)
    return {
        "median": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))],
    }
