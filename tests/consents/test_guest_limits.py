"""S43, T79: wrong codes stop whoever types them, and nobody else."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents.actions import guests as limits
from consents.models import GuestTry
from tests.consents.guests import make, use

WRONG = date(1950, 1, 1)
pytestmark = pytest.mark.capability("S43")


@pytest.fixture
def made(cast):
    return make(cast.amina, at=cast.at, visits=50)


def guess(cast, number: int, source: str, **how):
    """A code that does not exist, another one each time."""
    code = "".join(limits.ALPHABET[int(digit)] for digit in f"{number:012}")
    return use(code, at=cast.at, birth_date=WRONG, source=source, **how)


def opens(cast, made, source="203.0.113.7", at=None):
    at, born = at or cast.at, cast.amina.birth_date
    return use(made.code, at=at, birth_date=born, source=source) is not None


def attack(cast, *, sources: int, each: int, network: str = "10.{}.0.1") -> None:
    for number in range(sources * each):
        guess(cast, number, network.format(number % sources))


def _everybody_is_stopped(cast, made) -> bool:
    attack(cast, sources=4, each=3)
    return not opens(cast, made)


def test_nobody_closes_the_door_for_everybody(cast, made, monkeypatch):
    """Five hundred wrong codes an hour once stopped every code of every patient."""
    monkeypatch.setattr(limits, "AN_ATTACK", 6)
    assert not _everybody_is_stopped(cast, made)


def test_the_test_of_that_fails_where_all_tries_are_counted_together(
    cast, made, monkeypatch
):
    monkeypatch.setattr(limits, "AN_ATTACK", 6)
    monkeypatch.setattr(limits, "PREFIXES", {4: (0, 0), 6: (0, 0)})
    assert _everybody_is_stopped(cast, made)


def test_under_attack_each_source_has_fewer_tries(cast, made, monkeypatch):
    mine = "203.0.113.7"
    for number in range(limits.MOST_TRIES_A_SOURCE_THEN):
        guess(cast, number, mine)
    assert opens(cast, made, mine), "three slips do not matter on a quiet day"
    monkeypatch.setattr(limits, "AN_ATTACK", GuestTry.objects.count() + 1)
    assert opens(cast, made, mine)
    monkeypatch.setattr(limits, "AN_ATTACK", GuestTry.objects.count())
    assert not opens(cast, made, mine)
    assert opens(cast, made, "203.0.113.8")
    assert opens(cast, made, mine, at=cast.at + timedelta(hours=1, seconds=1))


def test_whoever_changes_the_address_within_a_network_is_counted(
    cast, made, monkeypatch
):
    monkeypatch.setattr(limits, "MOST_TRIES_A_NETWORK", 8)
    for number in range(8):
        guess(cast, number, f"203.0.113.{number + 100}")
    assert not opens(cast, made, "203.0.113.7")
    assert opens(cast, made, "203.0.114.7")


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("2001:db8:1:1::1", "2001:db8:1:1:ffff::9", "2001:db8:1:2::1"),
        ("203.0.113.7", "::ffff:203.0.113.7", "203.0.113.8"),
        ("unknown", "unknown", "203.0.113.8"),
    ],
)
def test_one_source_is_what_one_person_has(cast, made, one, same, other):
    """A whole /64 of IPv6; an IPv4 address, however it is written."""
    for number in range(limits.MOST_TRIES_A_SOURCE):
        guess(cast, number, one)
    assert not opens(cast, made, same)
    assert opens(cast, made, other)


def test_what_is_not_looked_at_takes_the_same_queries_and_no_room(cast, made):
    """Stopped or not cannot be told apart, and a flood leaves no rows."""

    def count(number: int, source: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert guess(cast, number, source) is None
        return len([each for each in queries if "SAVEPOINT" not in each["sql"]])

    first = count(0, "203.0.113.7")
    for number in range(1, limits.MOST_TRIES_A_SOURCE):
        assert count(number, "203.0.113.7") == first
    rows = GuestTry.objects.count()
    for number in range(100, 120):
        assert count(number, "203.0.113.7") == first
    assert GuestTry.objects.count() == rows
    assert sum(GuestTry.objects.values_list("turned_away", flat=True)) == 20


def test_a_stop_is_over_after_its_hour_however_often_somebody_tries(cast, made):
    for number in range(limits.MOST_TRIES_A_SOURCE + 30):
        guess(cast, number, "203.0.113.7")
    later = cast.at + timedelta(hours=1, seconds=1)
    assert opens(cast, made, at=later)


def test_a_try_names_no_address(cast, made):
    guess(cast, 1, "203.0.113.7")
    kept = str(GuestTry.objects.values().get())
    assert "203.0.113" not in kept and "AAAA" not in kept
