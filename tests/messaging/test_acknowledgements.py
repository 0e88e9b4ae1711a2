"""Whoever was asked takes it on with a plan, or passes it on; nothing is lost."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from consents import actions as consents
from consents.actions import RuleError
from messaging.actions import acknowledgements, replies
from messaging.actions.acknowledgements import AlreadyTakenError, Choice
from messaging.actions.replies import FormUsedError
from messaging.models import Reply, UpdateRecipient
from patients.models import TimelineEvent
from tests.cast import permit
from tests.messaging.writing import (
    SUBSTANCE,
    answer,
    content,
    information,
    row,
    send,
    take,
)

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("plan", "said", "status"),
    [
        ("call_by", {"plan_date": DAY}, "acknowledged"),
        ("decide_at", {"plan_date": DAY}, "acknowledged"),
        ("decided", {"text": "quetiapine 150 mg"}, "replied"),
    ],
)
def test_an_ask_is_taken_on_with_a_plan(cast, plan, said, status):
    update = send(cast, "chidi", "bram")
    taken = take(cast, update, "bram", plan, **said)
    assert (taken.status, taken.plan) == (status, plan)
    assert taken.acknowledged_by == cast.user("bram")
    assert taken.acknowledged_at == cast.at


def test_an_ask_is_never_just_seen(cast):
    update = send(cast, "chidi", "bram")
    with pytest.raises(RuleError):
        take(cast, update, "bram", "seen")


def test_information_is_seen_and_nothing_more(cast):
    update = send(cast, "chidi", "bram", said=information())
    assert take(cast, update, "bram", "seen").status == "acknowledged"
    other = send(cast, "chidi", "bram", said=information())
    with pytest.raises(RuleError):
        take(cast, other, "bram", "call_by", plan_date=DAY)


@pytest.mark.parametrize("plan", ["call_by", "decide_at", "decided", "not_mine"])
def test_a_plan_is_complete_or_refused(cast, plan):
    update = send(cast, "chidi", "bram")
    with pytest.raises(RuleError):
        take(cast, update, "bram", plan)
    assert row(update, cast, "bram").status == "sent"


def test_the_author_is_told_of_the_plan(cast):
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "call_by", plan_date=DAY)
    event = TimelineEvent.objects.get(kind="update_answered")
    assert (event.about, event.author) == (update.pk, cast.bram)
    assert event.lineage == update.lineage


def test_a_decision_is_a_text_of_its_own(cast):
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "decided", text="150 mg at bedtime", labels=SUBSTANCE)
    reply = Reply.objects.get()
    assert (reply.decision, reply.author) == ("150 mg at bedtime", cast.bram)
    assert reply.labels == SUBSTANCE


# Two at once ------------------------------------------------------------------------


def test_a_double_click_is_no_conflict(cast):
    update = send(cast, "chidi", "bram")
    key = uuid.uuid4()
    for _click in range(2):
        take(cast, update, "bram", "decided", text="No change.", form_key=key)
    assert Reply.objects.count() == 1


def test_a_second_tab_with_another_plan_is_told_what_stands(cast):
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "call_by", plan_date=DAY)
    with pytest.raises(AlreadyTakenError) as caught:
        take(cast, update, "bram", "decided", text="150 mg", form_key=uuid.uuid4())
    assert caught.value.rows[0].plan == "call_by"
    assert not Reply.objects.exists()


def test_a_second_clinician_is_told_who_has_it(cast):
    update = send(cast, "chidi", "bram", "jon")
    take(cast, update, "bram", "call_by", plan_date=DAY)
    choice = Choice("call_by", plan_date=DAY)
    jons = row(update, cast, "jon")
    with pytest.raises(AlreadyTakenError) as caught:
        acknowledgements.acknowledge(
            row=jons, choice=choice, known=set(), by=cast.user("jon"), at=cast.at
        )
    brams = row(update, cast, "bram")
    assert caught.value.rows == [brams]
    taken = acknowledgements.acknowledge(
        row=jons, choice=choice, known={brams.pk}, by=cast.user("jon"), at=cast.at
    )
    assert taken.status == "acknowledged"


# Passed on --------------------------------------------------------------------------


def pass_on(cast, update, who, to):
    return take(cast, update, who, "not_mine", to=getattr(cast, to))


def test_passing_on_gives_it_to_the_other_by_the_rule(cast):
    update = send(cast, "chidi", "bram")
    theirs = pass_on(cast, update, "bram", "jon")
    assert (theirs.party, theirs.status) == (cast.jon, "sent")
    brams = row(update, cast, "bram")
    assert (brams.plan, brams.passed_to) == ("not_mine", cast.jon)
    sent = TimelineEvent.objects.filter(kind="update_sent")
    assert sent.count() == 2


def test_what_the_other_may_not_read_stays_with_who_was_asked(cast):
    update = send(cast, "chidi", "bram")
    theirs = pass_on(cast, update, "bram", "dana")
    assert theirs.status == "held"
    assert row(update, cast, "bram").status == "sent"
    assert row(update, cast, "bram").plan == ""


def test_it_cannot_be_passed_round_in_a_circle(cast):
    update = send(cast, "chidi", "bram")
    pass_on(cast, update, "bram", "jon")
    with pytest.raises(RuleError):
        pass_on(cast, update, "jon", "bram")
    assert row(update, cast, "jon").status == "sent"


@pytest.mark.parametrize("to", ["bram", "chidi"])
def test_it_cannot_be_passed_to_oneself_or_back_to_the_author(cast, to):
    update = send(cast, "chidi", "bram")
    with pytest.raises(RuleError):
        pass_on(cast, update, "bram", to)


def test_passing_to_someone_who_has_it_already_adds_no_row(cast):
    update = send(cast, "chidi", "bram", "jon")
    pass_on(cast, update, "bram", "jon")
    assert update.recipients.count() == 2


# Replies and the end ----------------------------------------------------------------


def test_a_decision_in_a_reply_completes_what_was_asked(cast):
    update = send(cast, "chidi", "bram")
    answer(cast, update, "bram", decision="150 mg", watch_for="sleepiness")
    assert row(update, cast, "bram").status == "replied"
    assert row(update, cast, "bram").plan == "decided"


def test_words_alone_leave_the_ask_open(cast):
    update = send(cast, "chidi", "bram")
    answer(cast, update, "bram", text="I will think about it.")
    assert row(update, cast, "bram").status == "sent"


def test_words_after_a_plan_complete_it(cast):
    update = send(cast, "chidi", "bram")
    take(cast, update, "bram", "call_by", plan_date=DAY)
    answer(cast, update, "bram", text="Called. All is well.")
    brams = row(update, cast, "bram")
    assert (brams.status, brams.plan) == ("replied", "call_by")


def test_a_reply_carries_the_labels_of_the_update(cast):
    update = send(cast, "chidi", "bram", said=content(labels=SUBSTANCE))
    assert answer(cast, update, "bram", text="Yes.").labels == SUBSTANCE


def test_an_empty_reply_is_refused(cast):
    with pytest.raises(RuleError):
        answer(cast, send(cast, "chidi", "bram"), "bram", watch_for="sleepiness")


def test_the_same_reply_is_written_once(cast):
    update, key = send(cast, "chidi", "bram"), uuid.uuid4()
    for _click in range(2):
        replies.reply(
            update=update,
            author=cast.bram,
            answer=replies.Answer(text="Yes."),
            form_key=key,
            by=cast.user("bram"),
            at=cast.at,
        )
    assert Reply.objects.count() == 1
    with pytest.raises(FormUsedError):
        replies.reply(
            update=update,
            author=cast.jon,
            answer=replies.Answer(text="Yes."),
            form_key=key,
            by=cast.user("jon"),
            at=cast.at,
        )


def close(cast, update, who):
    return replies.close(
        update=update, party=getattr(cast, who), by=cast.user(who), at=cast.at
    )


def test_the_author_closes_it_for_all_but_the_held(cast):
    update = send(cast, "jon", "bram", "chidi")
    assert close(cast, update, "jon") == 1
    assert row(update, cast, "bram").status == "closed"
    assert row(update, cast, "chidi").status == "held"
    assert close(cast, update, "jon") == 0


def test_who_was_asked_cannot_close_it_without_a_plan(cast):
    update = send(cast, "chidi", "bram")
    assert close(cast, update, "bram") == 0
    take(cast, update, "bram", "call_by", plan_date=DAY)
    assert close(cast, update, "bram") == 1


def test_the_database_wants_who_when_and_plan_together(cast):
    update = send(cast, "chidi", "bram")
    with pytest.raises(IntegrityError), transaction.atomic():
        UpdateRecipient.objects.filter(update=update).update(plan="call_by")
    with pytest.raises(IntegrityError), transaction.atomic():
        UpdateRecipient.objects.filter(update=update).update(sent_at=None)


def test_after_sharing_ends_the_author_keeps_the_text_and_not_the_reply(cast):
    from consents.decisions import Reader, decide

    shared = permit(cast.amina, cast.chidi, at=cast.at)
    update = send(cast, "chidi", "bram")
    reply = answer(cast, update, "bram", decision="150 mg")
    reader = Reader(user_id=cast.chidi.user_id, purpose="COC", at=cast.at)
    assert decide(reply, reader).permitted
    consents.revoke(consent=shared, by=cast.amina.user, at=cast.at)
    assert decide(update, reader).permitted
    assert not decide(reply, reader).permitted
