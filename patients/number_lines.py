"""The last values of a measure as a row of a table, and as a small drawn line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from carecoord import zones
from patients.codes import Measure
from patients.conversation import Counted
from patients.record_words import number

WIDTH, HEIGHT, MARGIN = 120, 32, 4


@dataclass(frozen=True)
class Value:
    """One number with its day."""

    number: str
    day: str
    note: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """The newest value, those before it, and their line from left to right."""

    label: str
    newest: Value
    before: tuple[Value, ...]
    points: str
    last_point: tuple[str, str]
    description: str


def measure_rows(
    numbers: Mapping[Measure, Sequence[Counted]], *, zone: str
) -> list[MeasureRow]:
    """One row for every measure that has a value; values come newest first."""
    return [_row(measure, values, zone) for measure, values in numbers.items()]


def _row(measure: Measure, values: Sequence[Counted], zone: str) -> MeasureRow:
    shown = tuple(_value(value, zone) for value in values)
    places = _places(list(reversed(values)))
    return MeasureRow(
        label=str(measure.label),
        newest=shown[0],
        before=shown[1:],
        points=" ".join(f"{left},{top}" for left, top in places),
        last_point=places[-1],
        description=_("From the oldest to the newest: %(values)s")
        % {"values": ", ".join(value.number for value in reversed(shown))},
    )


def _value(value: Counted, zone: str) -> Value:
    day = zones.day_words(zones.today(value.at, zone))
    return Value(number(value.value), day, value.note)


def _places(values: Sequence[Counted]) -> list[tuple[str, str]]:
    """Each value on the drawing, oldest at the left; a flat line in the middle."""
    amounts = [float(value.value) for value in values]
    low, high = min(amounts), max(amounts)
    step = (WIDTH - 2 * MARGIN) / max(len(amounts) - 1, 1)
    room = HEIGHT - 2 * MARGIN
    places = []
    for place, amount in enumerate(amounts):
        depth = (high - amount) / (high - low) if high > low else 0.5
        places.append((f"{MARGIN + place * step:.1f}", f"{MARGIN + room * depth:.1f}"))
    return places
