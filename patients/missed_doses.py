"""Missed doses of the last 14 days: one number from both ways in which they are told.

The patient taps "Missed" beside a medicine, once a dose; or somebody asks, and writes
down how many. Pure: rows in, number out, so that every page says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from patients.codes import Measure
from patients.conversation import Counted
from patients.models import TimelineEvent

# The number is about so many days, today and those before it; then it stands no longer.
STANDS = timedelta(days=14)


def first_day(today: date) -> date:
    """The first of the 14 days."""
    return today - STANDS + timedelta(days=1)


def counted(
    taps: Sequence[TimelineEvent],
    asked: Iterable[Counted],
    *,
    at: datetime,
    own: bool,
) -> list[Counted]:
    """The number with the taps in it; nothing where it is the one that was asked for.

    Of what was tapped before somebody asked, the answer may hold all: the larger of the
    two counts. What was tapped after it comes on top. `taps` are of the 14 days.
    """
    if not taps:
        return []
    said = _newest(asked, at)
    value = Decimal(_together(taps, said))
    if said is not None and value == said.value:
        return []
    newest = max(tap.recorded_at for tap in taps)
    return [
        Counted(
            measure=Measure.MISSED_DOSES,
            value=value,
            at=max(newest, said.at) if said else newest,
            note=_note(said, own=own),
            part2_origin=any(tap.part2_origin for tap in taps)
            or bool(said and said.part2_origin),
        )
    ]


def _newest(asked: Iterable[Counted], at: datetime) -> Counted | None:
    """The last answer of the 14 days."""
    found = [one for one in asked if at - STANDS <= one.at]
    return max(found, key=lambda one: one.at, default=None)


def _together(taps: Sequence[TimelineEvent], said: Counted | None) -> int:
    if said is None:
        return len(taps)
    after = sum(1 for tap in taps if tap.recorded_at > said.at)
    return max(len(taps) - after, int(said.value)) + after


def _note(said: Counted | None, *, own: bool) -> str:
    if said is None:
        return (
            _("Counted from what you told day by day")
            if own
            else _("Counted from what the patient told day by day")
        )
    return (
        _("Counted from what you told day by day and what was said before")
        if own
        else _("Counted from what the patient told day by day and what was said before")
    )
