"""Missed doses: tapped or asked about, one number wherever it is shown."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consents import actions as consents
from patients import missed_doses
from patients.actions import events, supply
from patients.codes import EventKind, Measure
from patients.conversation import Counted
from patients.models import TimelineEvent
from tests.patients import medicines_world as world
from tests.patients.views.test_master_list import file_text
from tests.safe_html import visible_text

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LABEL = "Missed doses, last 14 days"


def tap(days_ago: float) -> TimelineEvent:
    at = NOW - timedelta(days=days_ago)
    return TimelineEvent(recorded_at=at, happened_date=at.date())


def asked(days_ago: float, value: int) -> Counted:
    at = NOW - timedelta(days=days_ago)
    return Counted(Measure.MISSED_DOSES, Decimal(value), at)


def number(taps, answers) -> int | None:
    """The number on the page; None where there is none."""
    found = missed_doses.counted(taps, answers, at=NOW, own=False)
    together = sorted([*found, *answers], key=lambda one: one.at, reverse=True)
    return int(together[0].value) if together else None


@pytest.mark.capability("S12")
@pytest.mark.parametrize(
    ("taps", "answers", "shown"),
    [
        ([], [], None),
        ([], [(3, 2)], 2),
        ([1, 2, 2], [], 3),
        # An answer may hold every tap before it; what is tapped after comes on top.
        ([5, 4], [(3, 2)], 2),
        ([5, 4], [(3, 3)], 3),
        ([5, 4, 1], [(3, 2)], 3),
        # Of what was tapped in the moment of the answer, the answer may hold it.
        ([5, 3], [(3, 2)], 2),
        # Somebody asked and wrote down none: the taps stand.
        ([5, 4], [(3, 0)], 2),
        # An answer of more than 14 days ago is about other days.
        ([1], [(15, 7)], 1),
        ([1], [(3, 1), (9, 6)], 2),
    ],
)
def test_both_ways_are_one_number(taps, answers, shown):
    given_taps = [tap(each) for each in taps]
    assert number(given_taps, [asked(*each) for each in answers]) == shown


TAPS = st.lists(st.integers(1, 13), max_size=8)


@given(TAPS, st.one_of(st.none(), st.tuples(st.integers(1, 13), st.integers(0, 9))))
def test_the_number_is_never_less_than_either_and_never_more_than_both(days, answer):
    taps = [tap(each) for each in days]
    answers = [asked(answer[0] + 0.5, answer[1])] if answer else []
    said = answer[1] if answer else 0
    shown = number(taps, answers) or 0
    assert max(len(taps), said) <= shown <= len(taps) + said


@pytest.fixture
def line(demo, cast):
    return world.add(cast, "quetiapine", prescriber=cast.bram)


def shown(cast, who: str, place: str) -> str:
    answer = world.signed_in(cast, who).get(world.page(cast, place))
    assert answer.status_code == 200, (who, place)
    if answer["Content-Type"] == "application/pdf":
        return file_text(answer.content)
    text = answer.content.decode()
    html = answer["Content-Type"].startswith("text/html")
    return " ".join((visible_text(text) if html else text).split())


SHEETS = ("summary/", "summary.txt", "summary.pdf")


@pytest.mark.django_db
def test_a_tap_counts_wherever_the_number_stands_and_undo_takes_it_out(cast, line):
    by = {"by": cast.user("amina"), "at": cast.at}
    assert LABEL not in shown(cast, "bram", "summary/")
    told = supply.tell(medicine=line, kind=EventKind.DOSES_MISSED, **by)
    for place in SHEETS:
        for who in ("amina", "bram"):
            assert f"{LABEL}: 1 on" in shown(cast, who, place), (who, place)
    assert "Counted from what you told" in shown(cast, "amina", "summary/")
    chart = shown(cast, "bram", "")
    assert LABEL in chart and "Counted from what the patient told" in chart
    answer = events.Happening(EventKind.DOSES_MISSED, "Forgot", count=3)
    events.record(
        patient=cast.amina,
        happening=answer,
        form_key=uuid.uuid4(),
        author=cast.bram,
        by=cast.user("bram"),
        at=cast.at + timedelta(minutes=1),
    )
    # The answer of later holds the tap.
    assert f"{LABEL}: 3 on" in shown(cast, "bram", "summary/")
    supply.take_back(event=told, **by)
    assert "Counted from" not in shown(cast, "bram", "")


@pytest.mark.django_db
def test_a_tap_of_a_hidden_medicine_is_in_no_number(cast, line):
    """The pages of a reader from whom it is hidden are those without the tap."""
    before = {place: shown(cast, "bram", place) for place in ("", *SHEETS[:2])}
    by = {"by": cast.user("amina"), "at": cast.at}
    other = world.add(cast, "lithium")
    consents.keep_back(item=other, party=cast.bram, **by)
    supply.tell(medicine=other, kind=EventKind.DOSES_MISSED, **by)
    for place, text in before.items():
        assert LABEL not in shown(cast, "bram", place)
        assert LABEL not in text
    supply.tell(medicine=line, kind=EventKind.DOSES_MISSED, **by)
    assert f"{LABEL}: 1 on" in shown(cast, "bram", "summary/")
    assert f"{LABEL}: 2 on" in shown(cast, "amina", "summary/")
