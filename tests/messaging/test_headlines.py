"""The heading of an update is the ask and the biggest change."""

from decimal import Decimal

import pytest
from django.db.models import prefetch_related_objects

from messaging.access.compared import compare
from messaging.actions.updates import Number
from messaging.headlines import headline, plain, trend
from messaging.models import UpdateNumber
from patients.codes import Measure
from patients.safe_text import problems
from tests.messaging.writing import content, information, send


def heading(cast, said):
    """As the author reads it, who has seen every value before."""
    update = send(cast, "chidi", "bram", said=said)
    prefetch_related_objects([update], "numbers")
    compare([update], user_id=cast.chidi.user_id, decided=list)
    return headline(update, list(update.numbers.all()))


def numbers(*rows):
    return tuple(Number(name, Decimal(now), was) for name, now, was in rows)


def test_the_ask_and_the_number_that_moved_most(cast):
    said = content(
        numbers=numbers(
            ("panic_per_week", "3", Decimal(2)),
            ("sleep_hours", "4", Decimal(7)),
            ("phq9", "12", Decimal(11)),
        )
    )
    assert heading(cast, said) == "Review dose or timing: sleep 4 hours, was 7"


def test_a_number_to_compare_comes_before_a_lone_one(cast):
    said = content(
        numbers=numbers(("gad7", "21", None), ("sleep_hours", "6.5", Decimal("7.0")))
    )
    assert heading(cast, said).endswith("sleep 6.5 hours, was 7")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("thoughts", "Call me: thoughts of suicide, no plan or intent"),
        ("plan", "Call me: suicidal plan, intent, attempt or preparation"),
    ],
)
def test_thoughts_of_suicide_come_before_any_number(cast, answer, words):
    said = content(suicidal_thoughts=answer, ask="call", urgency="today")
    assert heading(cast, said) == words


def test_for_information_the_change_alone(cast):
    assert heading(cast, information()) == "Sleep 4 hours, was 7"


def test_without_numbers_a_short_text_stands_whole(cast):
    said = information(numbers=(), what_changed="Restless legs each night.")
    assert heading(cast, said) == "Restless legs each night"


def test_a_long_text_is_never_cut(cast):
    long = "quetiapine 100 mg at bedtime " * 9
    assert heading(cast, information(numbers=(), what_changed=long)) == (
        "A change, in words"
    )


def test_nothing_but_the_ask(cast):
    said = content(numbers=(), what_changed="", ask="advise", ask_detail="sedation")
    assert heading(cast, said) == "Advise on sedation"
    assert heading(cast, information(numbers=(), what_changed="")) == "For information"


@pytest.mark.parametrize(
    ("value", "words"),
    [("4.0", "4"), ("4.50", "4.5"), ("100", "100"), ("0", "0"), ("0.00", "0")],
)
def test_numbers_have_no_zeros_at_their_end(value, words):
    assert plain(Decimal(value)) == words


@pytest.mark.parametrize(
    ("now", "was", "words"),
    [("4", "7", "down from 7"), ("7", "4", "up from 4"), ("4", "4.0", "as before")],
)
def test_the_trend_is_in_words(now, was, words):
    number = UpdateNumber(measure=Measure.SLEEP, value=Decimal(now))
    number.was = Decimal(was)
    assert trend(number) == words


def test_every_measure_has_its_words_and_none_is_unsafe(cast):
    for measure in Measure:
        said = information(numbers=(Number(str(measure), Decimal("1.0"), Decimal(2)),))
        words = heading(cast, said)
        assert "1" in words
        assert not problems(words)


@pytest.mark.parametrize(
    ("name", "now", "words"),
    [
        ("panic_per_week", "1", "1 panic attack a week, was 4"),
        ("panic_per_week", "0", "0 panic attacks a week, was 4"),
        ("panic_per_week", "1.5", "1.5 panic attacks a week, was 4"),
        ("missed_doses_14", "1", "1 missed dose in 14 days, was 4"),
        ("sleep_hours", "1", "sleep 1 hour, was 4"),
    ],
)
def test_one_is_said_as_one(cast, name, now, words):
    said = content(numbers=numbers((name, now, Decimal(4))))
    assert heading(cast, said) == f"Review dose or timing: {words}"
