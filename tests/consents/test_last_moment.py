"""Of each day or instant that somebody says: the last that is taken, and what is not.

A second before the bar, at it, and a second after it, through the real action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from consents import actions
from consents.actions import RuleError, exceptional, permissions
from patients.models import Patient
from tests.cast import Cast, permit
from tests.consents import cases, excepted
from tests.consents.acting import child, record, relative

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """What is done with an instant, by which bar; whether taken before, at, after."""

    does: Callable[[Cast, datetime], object]
    bar: Callable[[Cast], datetime]
    taken: tuple[bool, bool, bool]


def now(cast: Cast) -> datetime:
    return cast.at


def in_thirty_days(cast: Cast) -> datetime:
    return cast.at + 30 * DAY


def calls(cast, when):
    exceptional.record_call(
        patient_id=cast.amina.pk,
        author=cast.bram,
        called_at=when,
        called_whom="x",
        by=cast.user("bram"),
        at=cast.at,
    )


def tells(cast, when):
    exceptional.tell_patient_of_case(
        case=cases.opened(cast),
        told_at=when,
        words="x",
        support="x",
        by=cast.user("bram"),
        at=cast.at,
    )


def waits_until(cast, when):
    exceptional.wait_to_tell(
        case=cases.opened(cast),
        reason="x",
        until=when,
        by=cast.user("bram"),
        at=cast.at,
    )


def dies(cast, when):
    # Its own copy: what is taken back is not undone in memory.
    amina = Patient.objects.get(pk=cast.amina.pk)
    who = {"patient": amina, "by": cast.ines, "at": cast.at}
    actions.record_death(died_at=when, document="x", **who)


def acts_until(cast, when):
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian", ends_at=when)


def acts_from_tomorrow_until(cast, when):
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian", starts_at=cast.at + DAY, ends_at=when)


def holds_back(basis: str):
    def does(cast, when):
        row = excepted.told(cast, cast.amina)
        said = actions.AgencyStatement("Police", "Reyes", basis, "x", when)
        actions.suspend(row=row, said=said, by=cast.ines, at=cast.at)

    return does


def shares_until(cast, when):
    permit(cast.amina, cast.chidi, at=cast.at, starts_at=cast.at, ends_at=when)


IS_PAST, IS_LATER = (True, True, False), (False, False, True)
SAID = {
    "a call": Said(calls, now, IS_PAST),
    "a talk": Said(tells, now, IS_PAST),
    "a death": Said(dies, now, IS_PAST),
    "a reason to wait": Said(waits_until, now, IS_LATER),
    "the longest reason": Said(waits_until, in_thirty_days, (True, True, False)),
    "a paper's last day": Said(acts_until, now, IS_LATER),
    "the last day of a later paper": Said(
        acts_from_tomorrow_until, lambda cast: cast.at + DAY, IS_LATER
    ),
    "a statement of an agency": Said(holds_back("written"), now, IS_LATER),
    "what an agency only said": Said(
        holds_back("oral"), in_thirty_days, (True, True, False)
    ),
    "a permission": Said(shares_until, now, IS_LATER),
}


def is_taken(cast, said: Said, when: datetime) -> bool:
    with actions.taken_back():
        try:
            said.does(cast, when)
        except RuleError:
            return False
        return True


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_is_taken_to_the_second(cast, name):
    said = SAID[name]
    bar = said.bar(cast)
    moments = (bar - SECOND, bar, bar + SECOND)
    assert tuple(is_taken(cast, said, when) for when in moments) == said.taken


# Eighteen ---------------------------------------------------------------------------


@pytest.fixture
def noor(cast):
    """17, with a sign-in."""
    return child(cast, born=(cast.at - 17 * 366 * DAY).date())


@pytest.mark.security("T93")
def test_nobody_is_recorded_as_the_parent_of_somebody_of_age(cast, noor):
    rosa, bar = relative(noor, "Rosa Haddad"), noor.majority_at
    taken = []
    for at in (bar - SECOND, bar, bar + SECOND):
        with actions.taken_back():
            try:
                taken.append(bool(record(cast, noor, rosa, "parent", at=at)))
            except RuleError:
                taken.append(False)
    assert taken == [True, False, False]


@pytest.mark.security("T93")
def test_what_the_birthday_ended_stays_ended_from_its_first_second(cast, noor):
    """A birth date that is corrected in that second gives nobody anything back."""
    held = record(cast, noor, relative(noor, "Rosa Haddad"), "parent")
    ended = []
    for at in (noor.majority_at - SECOND, noor.majority_at):
        actions.settle_majority(patient=noor, by=noor.user, at=at)
        held.refresh_from_db()
        ended.append(held.ended_at is not None)
    assert ended == [False, True]


# Less or more -----------------------------------------------------------------------


def test_the_same_times_add_nothing_and_a_second_does(cast):
    first = cast.at - 9 * DAY
    old = permit(cast.amina, cast.chidi, at=cast.at, items_from=first)
    same = {
        "recipient": cast.chidi,
        "categories": old.categories,
        "purposes": old.purposes,
        "starts_at": old.starts_at,
        "ends_at": old.ends_at,
        "items_from": first,
    }
    assert not permissions.adds(old, actions.Terms(**same))
    for name, less in (
        ("starts_at", SECOND),
        ("ends_at", -SECOND),
        ("items_from", SECOND),
    ):
        changed = actions.Terms(**same | {name: same[name] + less})
        assert not permissions.adds(old, changed), name
        changed = actions.Terms(**same | {name: same[name] - less})
        assert permissions.adds(old, changed), name


def test_the_same_disclosers_add_nothing_and_one_more_does(cast):
    old = permit(cast.amina, cast.chidi, at=cast.at, disclosers=(cast.bram, cast.jon))
    terms = {
        "recipient": cast.chidi,
        "categories": old.categories,
        "purposes": old.purposes,
        "starts_at": old.starts_at,
        "ends_at": old.ends_at,
    }
    for named, more in (
        ((cast.jon,), False),
        ((cast.bram, cast.jon), False),
        ((cast.bram, cast.jon, cast.dana), True),
        ((), True),
    ):
        assert permissions.adds(old, actions.Terms(disclosers=named, **terms)) == more
