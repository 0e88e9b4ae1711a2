"""An answer that its author says mentions what is not shared: nothing tells of it.

Jon asks Bram; Jon may see the update and its receipts. Bram decides, and says that it
mentions substance use, which is not shared with Jon. To Jon it is not decided: no
notice, no mail, no row, no day; and once its day has passed it is late to him, so that
he calls. Bram reads that Jon was not told, the patient reads it all.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consents import actions as consents
from messaging import routing
from messaging.access import answers_known
from messaging.actions import overdue, replies
from messaging.models import Notice, UpdateRecipient
from tests.cast import permit
from tests.messaging.delivering import letters, sweep
from tests.messaging.writing import (
    SUBSTANCE,
    answer,
    bytes_of,
    content,
    row,
    send,
    signed_in,
    take,
    words,
)

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "letters")]
LATER = timedelta(days=5)


def asked(cast):
    day = (cast.at + timedelta(days=2)).date()
    return send(cast, "jon", "bram", said=content(answer_by_date=day))


def decide(cast, update, labels=SUBSTANCE):
    take(cast, update, "bram", "decided", text="CNRYdecision", labels=labels)


def reply(cast, update, labels=SUBSTANCE):
    answer(cast, update, "bram", decision="CNRYdecision", labels=labels)


def promise_and_reply(cast, update, labels=SUBSTANCE):
    day = (cast.at + timedelta(days=1)).date()
    take(cast, update, "bram", "call_by", plan_date=day)
    answer(cast, update, "bram", text="CNRYdecision", labels=labels)


def decide_and_close(cast, update, labels=SUBSTANCE):
    decide(cast, update, labels)
    replies.close(update=update, party=cast.bram, by=cast.user("bram"), at=cast.at)


ANSWERS = [decide, reply, promise_and_reply, decide_and_close]
# The pages of one of them; the others are read on PostgreSQL only.
SLOWER = (pytest.param(act, marks=pytest.mark.slow) for act in ANSWERS[1:3])
READ = [decide, *SLOWER, decide_and_close]


def page_of(update) -> str:
    return f"/patients/{update.patient_id}/updates/{update.pk}/"


def read_by(cast, update, who) -> list[bytes]:
    client = signed_in(cast, who)
    pages = (page_of(update), "/worklist/", "/notices/")
    return [bytes_of(client.get(page)) for page in pages]


def seen_by_jon(cast, update, act) -> tuple[list[bytes], list[bytes]]:
    if act is promise_and_reply:
        day = (cast.at + timedelta(days=1)).date()
        take(cast, update, "bram", "call_by", plan_date=day)
    sweep(cast.at)
    read_by(cast, update, "jon")
    before = read_by(cast, update, "jon")
    if act is promise_and_reply:
        answer(cast, update, "bram", text="CNRYdecision", labels=SUBSTANCE)
    else:
        act(cast, update)
    sweep(cast.at + timedelta(seconds=2))
    return before, read_by(cast, update, "jon")


@pytest.mark.security("T26")
@pytest.mark.parametrize("act", READ)
def test_whoever_asked_reads_the_same_as_without_it(cast, act, letters):
    before, after = seen_by_jon(cast, asked(cast), act)
    for one, other in zip(before, after, strict=True):
        assert one.decode().splitlines() == other.decode().splitlines()


@pytest.mark.security("T26")
def test_words_that_are_hidden_cost_whoever_asked_no_query_more(cast):
    """Found: to know whether they complete it, the update was read once more."""
    update, jon, counted = asked(cast), signed_in(cast, "jon"), []
    jon.get(page_of(update))
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            jon.get(page_of(update))
        counted.append(len(queries))
        answer(cast, update, "bram", text="CNRYwords", labels=SUBSTANCE)
    assert counted[0] == counted[1]


@pytest.mark.security("T26")
@pytest.mark.parametrize("act", ANSWERS)
def test_no_notice_and_no_mail_tell_of_it(cast, act, letters):
    act(cast, asked(cast))
    mine = Notice.objects.filter(user=cast.user("jon"), kind="answer")
    promised = 2 if act is promise_and_reply else 0  # the promise itself is told
    sweep(cast.at)
    assert mine.count() == promised


@pytest.mark.parametrize("act", ANSWERS)
def test_what_they_may_see_is_told_and_shown(cast, act):
    update = asked(cast)
    act(cast, update, labels=0)
    sweep(cast.at)
    jon = signed_in(cast, "jon")
    page = words(jon.get(page_of(update)))
    said = "Closed" if act is decide_and_close else "Replied"
    assert "CNRYdecision" in page and said in page
    assert Notice.objects.filter(user=cast.user("jon"), kind="answer").exists()


@pytest.mark.parametrize("act", ANSWERS)
def test_once_its_day_has_passed_it_is_late_to_whoever_asked_alone(cast, act):
    update = asked(cast)
    act(cast, update)
    late = row(update, cast, "bram")
    at = cast.at + LATER
    assert routing.is_late_to(cast.user("jon").pk, late, at=at)
    assert not routing.is_late_to(cast.user("bram").pk, late, at=at)
    overdue.remind_of_overdue(at=at)
    told = Notice.objects.filter(kind="overdue", channel="in_app")
    assert [each.user for each in told] == [cast.user("jon")]


def test_whoever_answered_and_the_patient_read_how_it_is(cast):
    update = asked(cast)
    decide(cast, update)
    own = words(signed_in(cast, "bram").get(page_of(update)))
    assert "CNRYdecision" in own and "NOT SENT" in own
    patient = words(signed_in(cast, "amina").get(page_of(update)))
    assert "CNRYdecision" in patient and "Replied" in patient


def test_nothing_of_it_is_stored(cast):
    update = asked(cast)
    decide(cast, update)
    read_by(cast, update, "jon")
    assert row(update, cast, "bram").status == "replied"
    assert UpdateRecipient.objects.get().plan == "decided"


def test_what_they_may_not_know_to_be_closed_its_author_closes(cast):
    update = asked(cast)
    decide_and_close(cast, update)
    jon = signed_in(cast, "jon")
    assert "nothing more is needed" in words(jon.get(page_of(update)))
    page = words(jon.post(page_of(update) + "close/", follow=True))
    assert "Closed" in page
    assert row(update, cast, "bram").closed_by == cast.user("jon")


def test_nor_is_it_late_to_them_once_it_was_corrected(cast):
    update = asked(cast)
    decide_and_close(cast, update)
    send(cast, "jon", "bram", corrects=update, said=content(what_changed="Right."))
    late, jon = row(update, cast, "bram"), cast.user("jon").pk
    assert late.closed_by_id == jon
    assert not routing.is_late_to(jon, late, at=cast.at + LATER)


@pytest.mark.security("T26")
def test_a_row_that_tells_by_being_closed_is_found(cast, monkeypatch):
    monkeypatch.setattr(answers_known, "_by_asked", lambda row: False)
    before, after = seen_by_jon(cast, asked(cast), decide_and_close)
    assert before != after


@pytest.mark.slow
@pytest.mark.security("T26")
def test_rows_shown_as_they_are_stored_are_found(cast, monkeypatch):
    monkeypatch.setattr(answers_known, "_known", lambda row, answers, seen: row)
    before, after = seen_by_jon(cast, asked(cast), decide)
    assert before != after


def only_jon_may_tell(cast) -> None:
    """Jon reads what Jon tells, by a permission to the place where he works.

    An answer by Bram has no label and is not told by Jon.
    """
    by = {"by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(patient=cast.amina, recipient=cast.jon, **by)
    permit(cast.amina, cast.harbor.party, at=cast.at, disclosers=(cast.jon,))


@pytest.mark.security("T26")
@pytest.mark.parametrize("act", ANSWERS)
def test_one_that_is_hidden_without_a_topic_is_late_to_them_as_well(cast, act):
    update = asked(cast)
    act(cast, update, labels=0)
    overdue.remind_of_overdue(at=cast.at + LATER)
    assert not Notice.objects.filter(kind="overdue").exists()
    only_jon_may_tell(cast)
    overdue.remind_of_overdue(at=cast.at + LATER)
    told = Notice.objects.filter(kind="overdue", channel="in_app")
    assert [each.user for each in told] == [cast.user("jon")]


def test_and_its_author_closes_it(cast):
    update = asked(cast)
    decide_and_close(cast, update, labels=0)
    only_jon_may_tell(cast)
    jon = signed_in(cast, "jon")
    assert "nothing more is needed" in words(jon.get(page_of(update)))
    jon.post(page_of(update) + "close/")
    assert row(update, cast, "bram").closed_by == cast.user("jon")


def test_what_its_author_knows_to_be_closed_stays_as_it_was_closed(cast):
    update = send(cast, "jon", "bram", "dana", said=content())
    decide_and_close(cast, update, labels=0)
    replies.close(update=update, party=cast.jon, by=cast.user("jon"), at=cast.at)
    assert row(update, cast, "bram").closed_by == cast.user("bram")


def test_answers_looked_for_by_their_topics_alone_are_found(cast, monkeypatch):
    """The twin: whoever asked heard nothing, which tells that something is hidden."""
    monkeypatch.setattr(overdue, "_answered_unknown", lambda rows, at: [])
    with pytest.raises(AssertionError, match=r"\[\] == "):
        test_one_that_is_hidden_without_a_topic_is_late_to_them_as_well(cast, decide)
