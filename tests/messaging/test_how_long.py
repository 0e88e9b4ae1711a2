"""How long each thing of talking lasts: a second before its end, at it, and after it.

Each names its number: one that is read from the code would follow whatever it says.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from consents import actions as consents
from consents.access import Reading, open_for
from consents.codes import CATEGORIES, PURPOSES
from messaging import waiting
from messaging.access.updates import must_read_safety_notice
from messaging.actions import causes, drafts
from messaging.models import UpdateRecipient
from patients.actions import invitations
from tests.cast import permit
from tests.consents import cases, guests
from tests.consents.acting import record, relative
from tests.consents.test_emergency import state
from tests.messaging.test_outbox_causes import join_harbor
from tests.messaging.writing import content, row, send, take

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def around(bar: datetime) -> tuple[datetime, datetime, datetime]:
    return bar - SECOND, bar, bar + SECOND


@pytest.mark.django_db
def test_the_safety_notice_is_read_again_after_ninety_days(cast):
    chidi = cast.user("chidi")
    drafts.note_safety_notice(by=chidi, at=cast.at)
    for at, again in zip(around(cast.at + 90 * DAY), (False, True, True), strict=True):
        reading = Reading(user=chidi, entrance="messaging:update_new")
        reading.at = at
        opened = open_for(reading, cast.amina.pk, writes=False)
        assert must_read_safety_notice(opened) == again


@pytest.mark.django_db
@pytest.mark.parametrize("days", [14, 2])
def test_an_end_is_told_from_so_many_days_before_it_until_it(cast, days):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    ends = cast.amina_to_bram.ends_at

    def told(at: datetime) -> bool:
        return waiting.consents_ending(at, days=days).exists()

    assert [told(at) for at in around(ends - days * DAY)] == [False, True, True]
    assert [told(at) for at in around(ends)] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [14, 2])
def test_what_was_signed_for_less_than_that_is_not_told(cast, days):
    for consent in (cast.amina_to_bram, cast.amina_to_jon):
        consents.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    for ends in around(cast.at + days * DAY):
        permit(cast.amina, cast.chidi, at=cast.at, ends_at=ends)
    told = waiting.consents_ending(cast.at + 2 * SECOND, days=days)
    found = sorted(told.values_list("ends_at", flat=True))
    assert found == [*around(cast.at + days * DAY)[1:]]


# What nobody could be told of, for thirty days --------------------------------------


def asks(cast):
    consents.ask(
        patient=cast.amina,
        recipient=cast.chidi,
        asked_by=cast.chidi,
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        at=cast.at,
    )
    return waiting.requests_to_tell


def joins(cast):
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.dana.user,
        at=cast.at,
    )
    return waiting.joined_to_tell


def begins_to_act(cast):
    record(cast, cast.amina, relative(cast.amina, "Rosa Diallo"), "guardian")
    return waiting.representatives_to_tell


def ends_to_act(cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, rosa, "guardian", at=cast.at - DAY)
    consents.end_representative(representative=held, by=cast.ines, at=cast.at)
    return waiting.stopped_acting_to_tell


def runs_out(cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    given = {"at": cast.at - DAY, "ends_at": cast.at}
    record(cast, cast.amina, rosa, "guardian", **given)
    return waiting.stopped_acting_to_tell


def uses_a_code(cast):
    made = guests.make(cast.amina, at=cast.at)
    guests.use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    return waiting.visits_to_tell


def writes_a_note(cast):
    made = guests.make(cast.amina, at=cast.at)
    visit = guests.use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    consents.write_note(visit=visit, text="x", at=cast.at)
    return waiting.notes_to_tell


def opens_a_case(cast):
    cases.opened(cast)
    return waiting.cases_to_tell


def states_an_emergency(cast):
    state(cast)
    return waiting.emergencies_to_tell


def works_there_now(cast):
    permit(cast.amina, cast.harbor.party, at=cast.at - DAY)
    join_harbor(cast.chidi, at=cast.at)
    return waiting.new_staff


def accepts(cast):
    sent = invitations.invite(
        role="psychiatrist",
        invitee=invitations.Invitee("Dana"),
        categories=0,
        by=cast.amina.user,
        at=cast.at,
        key=uuid.uuid4(),
        patient=cast.amina,
    )
    invitations.accept(invitation=sent.invitation, by=cast.user("dana"), at=cast.at)
    return waiting.acceptances_to_tell


def is_answered(cast):
    said = consents.Said(kind="look", reason="unknown", about=cast.bram)
    given = {"patient": cast.amina, "said": said, "key": uuid.uuid4()}
    report = consents.report(by=cast.amina.user, at=cast.at - DAY, **given)
    answer = {"outcome": "stopped", "words": "Done.", "by": cast.ines, "at": cast.at}
    consents.answer_report(report=report, **answer)
    return waiting.report_answers_to_tell


def waits_for_a_word(cast):
    consents.choose_talking(
        patient=cast.amina,
        level="read_first",
        party=cast.bram,
        by=cast.amina.user,
        at=cast.at - DAY,
    )
    send(cast, "chidi", "bram")
    return waiting.words_to_wait_for


CAUSES = (
    accepts,
    is_answered,
    waits_for_a_word,
    asks,
    joins,
    begins_to_act,
    ends_to_act,
    runs_out,
    uses_a_code,
    writes_a_note,
    opens_a_case,
    states_an_emergency,
    works_there_now,
)


@pytest.mark.django_db
@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_what_nobody_could_be_told_of_waits_for_thirty_days(cast, cause):
    waits = cause(cast)
    bar = cast.at + 30 * DAY
    assert [waits(at).exists() for at in around(bar)] == [True, False, False]


@pytest.mark.django_db
def test_who_began_in_the_second_of_the_signature_was_there_already(cast):
    join_harbor(cast.chidi, at=cast.at)
    told = []
    for signed_at in around(cast.at):
        with consents.taken_back():
            permit(cast.amina, cast.harbor.party, at=signed_at)
            told.append(waiting.new_staff(cast.at + 9 * SECOND).exists())
    assert told == [True, False, False]


# What waits for a start or an end, and what is late ----------------------------------


@pytest.mark.django_db
def test_what_is_held_is_decided_again_in_the_second_of_a_start(cast):
    update = send(cast, "bram", "chidi")
    assert row(update, cast, "chidi").status == "held"
    begins = cast.at + 5 * DAY
    permit(cast.amina, cast.chidi, at=cast.at, starts_at=begins)
    waiting_before = waiting.held_to_decide_again(cast.at + SECOND)
    assert waiting_before == [cast.amina.pk], "something was signed"
    causes.release(patient_id=cast.amina.pk, at=cast.at + SECOND)
    again = [bool(waiting.held_to_decide_again(at)) for at in around(begins)]
    assert again == [False, True, True]


@pytest.mark.django_db
def test_a_late_answer_is_said_for_two_weeks(cast):
    """By the day; which day it is where somebody lives is decided after it."""
    day = cast.at.date()
    asked = send(cast, "chidi", "bram", said=content(answer_by_date=day))
    promised = send(cast, "chidi", "jon")
    take(cast, promised, "jon", "call_by", plan_date=day)
    rows = UpdateRecipient.objects.filter(update__in=[asked, promised])
    assert rows.count() == 2
    for days, said in ((-2, 0), (-1, 2), (14, 2), (15, 0)):
        assert waiting.maybe_overdue(cast.at + days * DAY).count() == said, days
