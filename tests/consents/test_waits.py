"""S70: how long a patient is kept from reading of a case, whatever its author says.

Found: a second reason began three new days, also after the privacy officer's "no". So
an author alone kept a disclosure out of "who looked" for as long as they liked.
"""

import pytest

from consents import waits
from consents.actions import RuleError, exceptional
from tests.consents.cases import DAY, HOUR, Documented, documented

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast) -> Documented:
    """A case with a reason to wait of now, for ten days."""
    return documented(cast)


def again(cast, told: Documented, at) -> None:
    exceptional.wait_to_tell(
        case=told.case,
        reason="It would still put her sister at risk.",
        until=at + 20 * DAY,
        by=cast.user("bram"),
        at=at,
    )


def answer(cast, told: Documented, said: str, at) -> None:
    wait = waits.last_waits([told.case.pk])[told.case.pk]
    exceptional.review_wait(wait=wait, answer=said, words="", by=cast.ines, at=at)


def is_hidden(cast, at) -> bool:
    return bool(waits.hidden_cases(cast.amina.pk, at))


def _hidden_after_a_no(cast, told) -> bool:
    answer(cast, told, "not_agreed", cast.at + HOUR)
    assert not is_hidden(cast, cast.at + HOUR)
    again(cast, told, cast.at + 2 * HOUR)
    return is_hidden(cast, cast.at + 2 * HOUR)


@pytest.mark.security("T72")
def test_after_a_no_another_reason_hides_nothing_before_the_officer_agrees(cast, told):
    assert not _hidden_after_a_no(cast, told)
    with pytest.raises(RuleError, match="is over"):
        exceptional.close_case(
            case=told.case, by=cast.user("bram"), at=cast.at + 2 * HOUR
        )
    again(cast, told, cast.at + 3 * HOUR)
    assert not is_hidden(cast, cast.at + 3 * HOUR), "nor does a third"
    answer(cast, told, "agreed", cast.at + 4 * HOUR)
    assert is_hidden(cast, cast.at + 4 * HOUR)


def test_three_days_without_an_answer_are_three_days_for_all_reasons(cast, told):
    again(cast, told, cast.at + 2 * DAY)
    assert is_hidden(cast, cast.at + 3 * DAY - HOUR)
    assert not is_hidden(cast, cast.at + 3 * DAY)
    again(cast, told, cast.at + 3 * DAY)
    assert not is_hidden(cast, cast.at + 3 * DAY)


def test_where_the_officer_agreed_a_longer_wait_is_asked_for_in_time(cast, told):
    answer(cast, told, "agreed", cast.at + HOUR)
    again(cast, told, cast.at + 9 * DAY)
    assert is_hidden(cast, cast.at + 11 * DAY)
    assert not is_hidden(cast, cast.at + 12 * DAY)


def _hidden_as_agreed(cast, told) -> bool:
    """Agreed for ten days; on the second day somebody asks for longer."""
    answer(cast, told, "agreed", cast.at + HOUR)
    again(cast, told, cast.at + 2 * DAY)
    again(cast, told, cast.at + 3 * DAY)
    return is_hidden(cast, cast.at + 10 * DAY - HOUR)


def test_asking_for_longer_takes_nothing_from_what_was_agreed(cast, told):
    """Found: on the third day after it the patient read of all, in spite of the yes."""
    assert _hidden_as_agreed(cast, told)
    assert not is_hidden(cast, cast.at + 10 * DAY)
    answer(cast, told, "not_agreed", cast.at + 4 * DAY)
    assert not is_hidden(cast, cast.at + 4 * DAY), "a no is a no"


def test_the_test_of_that_fails_where_the_last_reason_stands_alone(
    cast, told, monkeypatch
):
    monkeypatch.setattr(waits, "_agreed_until", lambda row, before: None)
    assert not _hidden_as_agreed(cast, told)


def test_what_showed_already_is_not_hidden_again_by_the_author_alone(cast, told):
    answer(cast, told, "agreed", cast.at + HOUR)
    again(cast, told, cast.at + 10 * DAY)
    assert not is_hidden(cast, cast.at + 10 * DAY)


def test_the_test_of_a_no_fails_where_each_reason_has_three_days(
    cast, told, monkeypatch
):
    """The twin: a reason counted from its own signature, whatever was before it."""
    monkeypatch.setattr(waits, "_unanswered_since", lambda row, before: row.signed_at)
    assert _hidden_after_a_no(cast, told)
