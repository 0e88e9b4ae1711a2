"""How long each thing of an exceptional case lasts: a second before, at and after.

What the author's pages, the officer's, the sweep and the rule say is one and the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.http import Http404

from consents import actions as consents
from consents import decisions, waits, withheld
from consents.access import Reading
from consents.access import cases as access
from consents.access import suspensions as office
from consents.actions import RuleError, exceptional
from consents.decisions import Reader
from consents.models import Disclosure
from messaging import routing, waiting
from messaging.access import exceptions
from messaging.actions import causes
from messaging.models import Notice
from tests.consents import cases, excepted
from tests.consents.test_decisions import condition
from tests.consents.test_how_long import around

DAY = timedelta(days=1)
UNTIL, FROM = [True, False, False], [False, True, True]


def reading(cast, who: str, at: datetime) -> Reading:
    found = Reading(user=cast.user(who), entrance="consents:case_received")
    found.at = at
    return found


def opened(cast, case, at: datetime) -> access.OpenCase:
    return access.OpenCase(case, reading(cast, "bram", at), is_author=True)


def listed(cast, at: datetime) -> access.Listed:
    (found,) = access.own_cases(reading(cast, "bram", at))
    return found


def late(at: datetime) -> bool:
    return bool(waiting.cases_late(at))


def test_the_four_steps_are_due_a_day_after_the_call(cast):
    case = cases.opened(cast)
    due = case.called_at + DAY
    assert [opened(cast, case, at).is_overdue for at in around(due)] == FROM
    assert [listed(cast, at).is_late for at in around(due)] == FROM
    assert [late(at) for at in around(due)] == FROM


def test_telling_is_late_with_the_steps_where_nobody_said_why_to_wait(cast):
    case = cases.opened(cast)
    cases.steps(cast, case)
    cases.content(cast, case, condition(cast))
    due = case.called_at + DAY
    assert [listed(cast, at).is_late for at in around(due)] == FROM
    hidden = [
        list(waits.hidden_cases(cast.amina.pk, at)) == [case.pk] for at in around(due)
    ]
    assert hidden == UNTIL


@pytest.mark.parametrize("agreed", [True, False])
def test_a_reason_to_wait_counts_until_its_day_or_three_days_unanswered(cast, agreed):
    told = cases.documented(cast)
    wait, case = told.case.tellingwait_set.get(), told.case
    bar = cast.at + 3 * DAY
    if agreed:
        bar = wait.until
        answer = {"answer": "agreed", "words": "", "by": cast.ines, "at": cast.at}
        exceptional.review_wait(wait=wait, **answer)
    assert [opened(cast, case, at).must_tell for at in around(bar)] == FROM
    assert [listed(cast, at).is_late for at in around(bar)] == FROM
    assert [late(at) for at in around(bar)] == FROM
    hidden = [
        list(waits.hidden_cases(cast.amina.pk, at)) == [case.pk] for at in around(bar)
    ]
    assert hidden == UNTIL

    def closes(at: datetime) -> bool:
        with consents.taken_back():
            try:
                exceptional.close_case(case=case, by=cast.user("bram"), at=at)
            except RuleError:
                return False
            return True

    assert [closes(at) for at in around(bar)] == UNTIL


# What was picked --------------------------------------------------------------------


def by_the_rule(cast, told, at) -> bool:
    asked = Reader(cast.user("jon").pk, "THREAT", at)
    return decisions.decide(told.item, asked).permitted


def on_its_page(cast, told, at) -> bool:
    try:
        access.received(mock.Mock(reading=reading(cast, "jon", at)), told.content.pk)
    except Http404:
        return False
    return True


def its_notice_stands(cast, told, at) -> bool:
    notice = Notice.objects.filter(user=cast.user("jon"), kind="case").first()
    said = exceptions._cases(reading(cast, "jon", at), [notice])
    assert bool(said) == routing.still_stands(notice, at=at)
    return bool(said)


def is_to_be_told(cast, told, at) -> bool:
    Notice.objects.all().delete()
    return waiting.recipients_to_tell(at).exists()


FORMS = (by_the_rule, on_its_page, its_notice_stands, is_to_be_told)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_what_was_picked_is_open_until_its_last_second(cast, form):
    told = cases.documented(cast)
    causes.tell_of_cases(at=cast.at)
    bar = told.content.ends_at
    assert [form(cast, told, at) for at in around(bar)] == UNTIL


@pytest.mark.parametrize("form", [by_the_rule, on_its_page])
def test_it_is_open_from_the_second_of_the_signature(cast, form):
    told = cases.documented(cast)
    assert [form(cast, told, at) for at in around(cast.at)] == FROM


# What an agency holds back ----------------------------------------------------------


def test_a_row_is_held_back_from_the_statement_until_its_end(cast):
    row = excepted.told(cast, cast.amina)
    end = cast.at + 9 * DAY
    said = consents.AgencyStatement("Police", "Reyes", "written", "x", end)
    consents.suspend(row=row, said=said, by=cast.ines, at=cast.at)

    def shows(at: datetime) -> bool:
        rows = Disclosure.objects.filter(pk=row.pk)
        return withheld.told(rows, patient_id=cast.amina.pk, at=at).exists()

    assert [shows(at) for at in around(cast.at)] == UNTIL
    assert [shows(at) for at in around(end)] == FROM
    stands = [
        bool(office.standing(mock.Mock(at=at, user=cast.ines))) for at in around(end)
    ]
    assert stands == UNTIL
    first, *_ = office.suspensions(mock.Mock(at=end, user=cast.ines))
    assert first.ended_at is None
