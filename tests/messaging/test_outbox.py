"""An event, its notices, one mail: delivered from the database, once."""

from datetime import timedelta
from itertools import pairwise

import pytest

from carecoord.models import OutgoingMail
from consents import actions as consents
from consents.codes import CATEGORIES
from messaging import routing
from messaging.actions import notices
from messaging.models import Notice
from patients.actions import timeline
from patients.models import TimelineEvent
from tests.cast import permit
from tests.messaging.delivering import (
    TEN_MINUTES,
    change,
    letters,
    sweep,
    to_whom,
    told,
)

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]
A_SECOND = timedelta(seconds=1)


@pytest.mark.capability("S6")
def test_nobody_is_told_before_the_ten_minutes_are_over(cast, letters):
    event = change(cast.amina, at=cast.at)
    sweep(cast.at + TEN_MINUTES - A_SECOND)
    assert told(event) == []
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["bram", "jon"]
    assert to_whom(letters) == ["bram", "jon"]


def test_a_second_sweep_tells_nobody_again(cast, letters):
    event = change(cast.amina, at=cast.at)
    for seconds in range(5):
        sweep(cast.at + TEN_MINUTES + timedelta(seconds=seconds))
    assert len(told(event)) == 2
    assert len(letters) == 2
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


def test_what_must_be_known_at_once_does_not_wait(cast, letters):
    event = change(cast.amina, at=cast.at, at_once=True)
    sweep(cast.at)
    assert told(event) == ["bram", "jon"]
    assert len(letters) == 2


def test_undo_cancels_what_was_not_sent(cast, letters):
    event = change(cast.amina, at=cast.at)
    assert timeline.cancel_event(event=event, by=cast.amina.user, at=cast.at)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == []
    assert letters == []


def test_undo_after_the_notice_takes_the_mail_back_and_a_correction_follows(
    cast, letters
):
    first = change(cast.amina, at=cast.at, at_once=True)
    sweep(cast.at)
    assert not timeline.cancel_event(event=first, by=cast.amina.user, at=cast.at)
    second = change(cast.amina, at=cast.at + A_SECOND, corrects=first)
    sweep(cast.at + TEN_MINUTES + A_SECOND)
    assert told(second) == ["bram", "jon"]


def test_changes_within_ten_minutes_are_one_mail_and_a_notice_each(cast, letters):
    first = change(cast.amina, at=cast.at)
    second = change(cast.amina, at=cast.at + timedelta(minutes=6))
    for minute in range(30):
        sweep(cast.at + timedelta(minutes=minute))
    assert told(first) == told(second) == ["bram", "jon"]
    assert to_whom(letters) == ["bram", "jon"]


@pytest.mark.slow
def test_a_long_row_of_changes_does_not_put_the_first_mail_off_for_ever(cast, letters):
    for minute in range(0, 40, 4):
        change(cast.amina, at=cast.at + timedelta(minutes=minute))
    for minute in range(21):
        sweep(cast.at + timedelta(minutes=minute))
    assert to_whom(letters) == ["bram", "jon"]


def test_never_more_than_one_mail_in_ten_minutes_for_several_patients(cast, letters):
    permit(cast.gus, cast.bram, at=cast.at)
    for minute in range(0, 20, 2):
        patient = cast.amina if minute % 4 else cast.gus
        change(patient, at=cast.at + timedelta(minutes=minute), at_once=True)
    for minute in range(30):
        sweep(cast.at + timedelta(minutes=minute))
    assert to_whom(letters).count("bram") == 3
    written = sorted(
        OutgoingMail.objects.filter(user=cast.bram.user).values_list(
            "created_at", flat=True
        )
    )
    gaps = [later - earlier for earlier, later in pairwise(written)]
    assert min(gaps) >= TEN_MINUTES


def test_what_was_read_in_the_app_needs_no_mail(cast, letters):
    event = change(cast.amina, at=cast.at)
    change(cast.amina, at=cast.at + timedelta(minutes=5))  # the mail waits for this
    sweep(cast.at + TEN_MINUTES)
    mine = Notice.objects.get(event=event.pk, user=cast.bram.user, channel="in_app")
    notices.mark_seen(notices=[mine.pk], by=cast.bram.user, at=cast.at)
    TimelineEvent.objects.filter(patient=cast.amina, fanned_out_at=None).update(
        due_at=None, next_attempt_at=None
    )
    sweep(cast.at + 2 * TEN_MINUTES)
    assert to_whom(letters) == ["jon"]


def test_the_fan_out_and_its_acknowledgement_are_one(cast, monkeypatch):
    event = change(cast.amina, at=cast.at)
    real, calls = notices.tell, []

    def dies_at_the_second(**details):
        calls.append(details)
        if len(calls) == 2:
            raise RuntimeError("the worker dies here")
        real(**details)

    monkeypatch.setattr(notices, "tell", dies_at_the_second)
    sweep(cast.at + TEN_MINUTES)
    event.refresh_from_db()
    assert len(calls) == 2
    assert event.fanned_out_at is None
    assert not Notice.objects.exists()
    monkeypatch.setattr(notices, "tell", real)
    sweep(cast.at + TEN_MINUTES + timedelta(seconds=30))
    assert told(event) == [], "a failed row waits for its next try"
    sweep(cast.at + TEN_MINUTES + timedelta(seconds=70))
    assert told(event) == ["bram", "jon"]


def test_one_bad_event_does_not_stop_the_others(cast, monkeypatch):
    permit(cast.gus, cast.bram, at=cast.at)
    bad = change(cast.amina, at=cast.at)
    good = change(cast.gus, at=cast.at)
    real = routing.whom

    def whom(event, *, at):
        if event.pk == bad.pk:
            raise RuntimeError("a row that nobody can read")
        return real(event, at=at)

    monkeypatch.setattr(routing, "whom", whom)
    for minute in range(10, 16):
        sweep(cast.at + timedelta(minutes=minute))
    assert told(good) == ["bram"]
    bad.refresh_from_db()
    assert bad.attempts >= 2
    assert bad.next_attempt_at is not None


# Decided again -------------------------------------------------------------------


@pytest.mark.security("T17", "T18", "L27")
def test_who_is_told_is_decided_at_delivery(cast, letters):
    event = change(cast.amina, at=cast.at)
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["jon"]
    assert to_whom(letters) == ["jon"]


@pytest.mark.security("T17", "T18", "L27")
def test_the_test_of_that_fails_where_the_table_alone_decides(
    cast, letters, monkeypatch
):
    """The vulnerable twin: who would want to know is told, whatever the rule says."""
    monkeypatch.setattr(routing, "may_know", lambda *args, **at: True)
    event = change(cast.amina, at=cast.at)
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["bram", "chidi", "hana", "jon"]
    assert "bram" in to_whom(letters)


@pytest.mark.security("T16", "T18", "L18")
@pytest.mark.parametrize("how", ["revoke", "only me", "leave", "deactivate"])
def test_a_queued_mail_is_decided_again_when_it_is_handed_over(
    cast, letters, how, monkeypatch
):
    event = change(cast.amina, at=cast.at)
    after = cast.at + TEN_MINUTES
    with monkeypatch.context() as down:
        down.setattr("messaging.sweeping._open", no_server)
        sweep(after)
    assert OutgoingMail.objects.filter(sent_at=None).count() == 2
    take_away(cast, event, how=how, at=after)
    sweep(after + timedelta(minutes=2))
    assert "bram" not in to_whom(letters)
    assert told(event, "email") == ([] if how == "only me" else ["jon"])
    mail = OutgoingMail.objects.get(user=cast.bram.user)
    assert mail.cancelled_at is not None
    assert mail.sent_at is None


def no_server():
    raise ConnectionRefusedError


def take_away(cast, event, *, how, at):
    amina = cast.amina.user
    if how == "revoke":
        consents.revoke(consent=cast.amina_to_bram, by=amina, at=at)
    elif how == "only me":
        consents.keep_back(item=event, by=amina, at=at)
    elif how == "leave":
        member = cast.amina.care_team.get(party=cast.bram)
        consents.leave(participant=member, by=amina, at=at, reason="left")
    else:
        cast.bram.user.is_active = False
        cast.bram.user.save()


def test_a_gathered_mail_goes_while_one_of_its_notices_stands(
    cast, letters, monkeypatch
):
    permit(cast.gus, cast.bram, at=cast.at)
    about_amina = change(cast.amina, at=cast.at)
    about_gus = change(cast.gus, at=cast.at)
    after = cast.at + TEN_MINUTES
    with monkeypatch.context() as down:
        down.setattr("messaging.sweeping._open", no_server)
        sweep(after)
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=after)
    sweep(after + timedelta(minutes=2))
    assert to_whom(letters) == ["bram", "jon"]
    assert told(about_amina, "email") == ["jon"]
    assert told(about_gus, "email") == ["bram"]


@pytest.mark.security("T18", "L27")
def test_every_notice_of_a_mail_is_decided_and_not_one_of_them_many_times(
    cast, monkeypatch
):
    permit(cast.gus, cast.bram, at=cast.at)
    events = [
        change(patient, at=cast.at, categories=CATEGORIES[category])
        for patient in (cast.amina, cast.gus)
        for category in ("medications", "goals")
    ]
    decided = []
    real = routing.still_stands

    def still_stands(notice, *, at):
        decided.append((notice.about, notice.user_id))
        return real(notice, at=at)

    monkeypatch.setattr(routing, "still_stands", still_stands)
    sweep(cast.at + TEN_MINUTES)
    for_bram = [about for about, user in decided if user == cast.bram.user_id]
    assert sorted(for_bram) == sorted(event.pk for event in events)


def test_an_expired_consent_stops_a_queued_mail(cast, letters):
    ends = cast.at + timedelta(minutes=9)
    consents.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, ends_at=ends)
    event = change(cast.amina, at=cast.at)
    sweep(cast.at + TEN_MINUTES)
    assert told(event) == ["jon"]
