"""Where a permission names who alone may tell, nobody else's doings are told by it.

Found: "Opened by", a plan and to whom it was passed on stood beside the update of a
named clinician, whoever's they were; and an author read them of everybody.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from consents import actions as consents
from messaging.access import answers_known, tellers
from messaging.access import updates as loaders
from messaging.actions import overdue
from messaging.models import Notice
from tests.cast import newcomer, permit
from tests.messaging.writing import answer, content, send, signed_in, take, words
from tests.messaging.writing import row as row_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo"),
]
PLAN, OPENED = "pm: will call by", "Opened by Dr. Jon"


def only(cast, *tellers: str, to=None) -> None:
    """Bram, or where he works, is told by these alone; by anybody if none is named."""
    by = {"by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(patient=cast.amina, recipient=cast.bram, **by)
    named = tuple(getattr(cast, who) for who in tellers)
    permit(cast.amina, to or cast.bram, at=cast.at, disclosers=named)


def page_of(update, more: str = "") -> str:
    return f"/patients/{update.patient_id}/updates/{update.pk}/{more}"


def jon_plans(cast, update) -> None:
    assert signed_in(cast, "jon").get(page_of(update)).status_code == 200
    day = (cast.at + timedelta(days=2)).date()
    take(cast, update, "jon", "call_by", plan_date=day)


def read(cast, update, more: str = "") -> str:
    return words(signed_in(cast, "bram").get(page_of(update, more)))


@pytest.fixture
def update(cast):
    """By Chidi, to Bram and Jon; Jon opened it and takes it on."""
    found = send(cast, "chidi", "bram", "jon")
    jon_plans(cast, found)
    return found


@pytest.mark.security("T26")
@pytest.mark.parametrize("more", ["", "acknowledge/"])
def test_what_another_did_is_not_told_by_whoever_is_not_named(cast, update, more):
    only(cast, "chidi")
    page = read(cast, update, more)
    assert "Sleep has dropped" in page
    assert PLAN not in page and OPENED not in page and "Acknowledged" not in page


@pytest.mark.parametrize("named", [("chidi", "jon"), ()])
def test_whoever_is_named_tells_and_so_does_anybody(cast, update, named):
    only(cast, *named)
    page = read(cast, update)
    assert PLAN in page and OPENED in page


@pytest.mark.security("T26")
def test_nor_is_it_told_when_one_takes_it_on_too(cast, update):
    only(cast, "chidi")
    bram = signed_in(cast, "bram")
    day = (cast.at + timedelta(days=1)).date()
    said = {"plan": "call_by", "plan_date": f"{day:%b} {day.day}, {day.year}"}
    response = bram.post(page_of(update, "acknowledge/"), said)
    assert response.status_code == 302
    assert row_of(update, cast, "bram").plan == "call_by"


@pytest.mark.security("T26")
def test_nor_to_whom_it_was_passed_on(cast):
    """Chidi wrote to Bram and Jon; Jon passes it on to Dana, who is new here."""
    newcomer(cast)
    update = send(cast, "chidi", "bram", "jon")
    take(cast, update, "jon", "not_mine", to=cast.dana)
    only(cast, "chidi", "jon")
    assert "passed to Dr. Dana" in read(cast, update)
    only(cast, "chidi")
    assert "Dana" not in read(cast, update)
    dana = words(signed_in(cast, "dana").get(page_of(update)))
    assert "Sleep has dropped" in dana


# Its author ------------------------------------------------------------------------


@pytest.fixture
def own(cast):
    """Bram's own, to Jon; his place is told what Bram tells, and no more."""
    day = (cast.at + timedelta(days=1)).date()
    found = send(cast, "bram", "jon", said=content(answer_by_date=day))
    jon_plans(cast, found)
    only(cast, "bram", to=cast.harbor.party)
    return found


@pytest.mark.security("T26")
def test_an_author_is_told_by_nobody_who_is_not_named(cast, own):
    page = read(cast, own)
    assert "Sent" in page
    assert PLAN not in page and OPENED not in page and "Acknowledged" not in page
    jon = words(signed_in(cast, "jon").get(page_of(own)))
    assert "NOT SENT" in jon, "Jon is told that his plan does not get to Bram"


@pytest.mark.security("T26")
def test_what_nobody_told_is_late_once_its_day_has_passed(cast, own):
    overdue.remind_of_overdue(at=cast.at + timedelta(days=5))
    told = Notice.objects.filter(kind="overdue", channel="in_app")
    assert cast.bram.user in [each.user for each in told]


@pytest.mark.security("T26")
def test_also_where_its_plan_is_for_a_later_day(cast):
    day = (cast.at + timedelta(days=1)).date()
    found = send(cast, "bram", "jon", said=content(answer_by_date=day))
    take(cast, found, "jon", "call_by", plan_date=day + timedelta(days=9))
    overdue.remind_of_overdue(at=cast.at + timedelta(days=3))
    late = Notice.objects.filter(kind="overdue", channel="in_app")
    assert not late.exists()
    only(cast, "bram", to=cast.harbor.party)
    overdue.remind_of_overdue(at=cast.at + timedelta(days=3))
    assert [each.user for each in late] == [cast.bram.user]


def test_nothing_of_it_is_stored(cast, update):
    only(cast, "chidi")
    read(cast, update)
    row = row_of(update, cast, "jon")
    assert (row.plan, row.status) == ("call_by", "acknowledged")
    assert row.opening.opened_by == cast.jon.user


def test_the_patient_reads_all_of_it(cast, update):
    only(cast, "chidi")
    page = words(signed_in(cast, "amina").get(page_of(update)))
    assert PLAN in page and OPENED in page


def test_words_of_whoever_is_not_named_are_no_answer(cast, update):
    answer(cast, update, "jon", decision="CNRYdecision")
    only(cast, "chidi")
    assert "CNRYdecision" not in read(cast, update)


# The twins --------------------------------------------------------------------------


@pytest.mark.security("T26")
def test_rows_that_anybody_tells_are_found(cast, update, monkeypatch):
    for module in (loaders, answers_known, tellers):
        monkeypatch.setattr(module, "rows_not_told", lambda rows, readers: set())
    only(cast, "chidi")
    page = read(cast, update)
    assert PLAN in page and OPENED in page


@pytest.mark.security("T26")
def test_an_author_whom_anybody_tells_is_found(cast, own, monkeypatch):
    for module in (loaders, answers_known, tellers):
        monkeypatch.setattr(module, "rows_not_told", lambda rows, readers: set())
    assert PLAN in read(cast, own)
