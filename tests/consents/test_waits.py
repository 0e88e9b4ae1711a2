"""S70: how long a patient is kept from reading of a case, whatever its author says.

Found: a second reason began three new days, also after the privacy officer's "no". So
an author alone kept a disclosure out of "who looked" for as long as they liked.
"""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import log, waits, withheld
from consents.access import Reading, open_for, window
from consents.actions import RuleError, exceptional
from consents.models import Disclosure
from tests.consents import cases
from tests.consents.cases import DAY, HOUR, Documented, documented
from tests.consents.test_decisions import condition
from tests.consents.test_log import entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
# As the addresses of cases do.
withheld.register(waits.waiting)


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


@pytest.mark.security("T26")
def test_a_case_that_waits_costs_no_query_more(cast):
    """Found by the walk of hidden acts: a page that takes one more tells that it is."""

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            waits.waiting(cast.amina.pk, cast.at)
        return len(queries)

    before = asked()
    documented(cast)
    assert is_hidden(cast, cast.at) and asked() == before


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


# What showed once stays -----------------------------------------------------------


def late(cast):
    """A case of which nobody said anything about telling, in a day and an hour."""
    case = cases.opened(cast)
    cases.steps(cast, case)
    content = cases.content(cast, case, condition(cast), days=7)
    return Documented(case, content, None, None)


def shown(cast, at) -> int:
    """How many rows of exceptional cases the patient reads of."""
    rows = Disclosure.objects.filter(patient_id=cast.amina.pk, exception__isnull=False)
    return withheld.told(rows, patient_id=cast.amina.pk, at=at).count()


def opened_by_jon(cast, case, at) -> None:
    row = replace(entry(cast, cast.amina, 0), at=at, basis="exceptional")
    log.write([replace(row, purpose="THREAT", exception=case.pk)])


@pytest.fixture
def no_later_reads(monkeypatch):
    """The twin: the newest reason hides the whole case, as it did."""
    whole = waits.hidden_since
    monkeypatch.setattr(
        waits,
        "hidden_since",
        lambda *about: waits._BEFORE if whole(*about) else None,
    )


def _vanished(cast) -> bool:
    case, day = late(cast).case, cast.at + DAY
    assert shown(cast, cast.at + HOUR) == 0
    assert shown(cast, day) == 1, "the writing was due, and nobody said why to wait"
    again(cast, Documented(case, None, None, None), day + HOUR)
    opened_by_jon(cast, case, day + 2 * HOUR)
    answer(cast, Documented(case, None, None, None), "agreed", day + 3 * HOUR)
    return shown(cast, day + 4 * HOUR) == 0


@pytest.mark.security("T72")
def test_what_a_patient_has_read_does_not_vanish_by_a_late_reason(cast):
    """Found: a first reason after the 24 hours took back rows that had shown."""
    assert not _vanished(cast)
    day = cast.at + DAY
    assert shown(cast, day + 4 * HOUR) == 1, "what is new waits, as the officer agreed"
    assert shown(cast, day + HOUR + 20 * DAY) == 2, "and comes back"


def test_the_test_of_that_fails_where_the_last_reason_hides_all(cast, no_later_reads):
    assert _vanished(cast)


def test_what_showed_between_two_reasons_stays_too(cast, told):
    """Unanswered for three days, then all of it showed, then the officer agreed."""
    assert shown(cast, cast.at + 3 * DAY - HOUR) == 0
    assert shown(cast, cast.at + 3 * DAY) == 1
    answer(cast, told, "agreed", cast.at + 4 * DAY)
    assert shown(cast, cast.at + 5 * DAY) == 1


def test_a_reason_in_time_hides_all_of_the_case(cast):
    case = late(cast)
    again(cast, case, cast.at + HOUR)
    answer(cast, case, "agreed", cast.at + 2 * DAY)
    again(cast, case, cast.at + 6 * DAY)
    assert shown(cast, cast.at + 8 * DAY) == 0


def test_written_late_the_reason_can_come_before_the_step(cast, client):
    """Then nothing has shown: who says so first is told where, on the page itself."""
    case = cases.opened(cast, at=cast.at - 2 * DAY)
    cases.steps(cast, case)
    client.force_login(cast.user("bram"))
    address = f"/cases/{case.pk}/content/"
    assert "say first why to wait" in client.get(address).content.decode()
    again(cast, Documented(case, None, None, None), cast.at)
    assert "as soon as you sign" not in client.get(address).content.decode()
    cases.content(cast, case, condition(cast))
    assert shown(cast, cast.at + HOUR) == 0


# Which years are offered ------------------------------------------------------------


def years(cast) -> list[int]:
    reading = Reading(user=cast.user("amina"), entrance="consents:log")
    return window.years(open_for(reading, cast.amina.pk, writes=False))


def _offers_the_year_of_a_hidden_row(cast) -> bool:
    case = cases.opened(cast)
    again(cast, Documented(case, None, None, None), cast.at)
    old = replace(entry(cast, cast.amina, 0), at=cast.at - 800 * DAY)
    log.write([replace(old, basis="exceptional", exception=case.pk)])
    log.write([entry(cast, cast.amina, 0)])
    return len(years(cast)) > 1


@pytest.mark.security("T26")
def test_a_row_that_is_withheld_offers_no_year(cast):
    """Found: the years were those of the whole log, with what is not told of yet."""
    assert not _offers_the_year_of_a_hidden_row(cast)


def test_the_test_of_the_years_fails_where_all_rows_count(cast, monkeypatch):
    monkeypatch.setattr(window.withheld, "told", lambda rows, **about: rows)
    assert _offers_the_year_of_a_hidden_row(cast)
