"""What is told although no event says it, found by the sweep in the rows."""

import uuid
from datetime import timedelta

import pytest

from carecoord import zones
from consents import actions as consents
from consents import log
from consents.access import Reading
from consents.codes import CATEGORIES, PURPOSES
from consents.log import Entry
from messaging import waiting
from messaging.access.notices import lines_for
from messaging.actions import causes, updates
from messaging.codes import NoticeKind
from messaging.models import Notice, UpdateRecipient
from providers.models import Organization
from tests.cast import permit, signature
from tests.messaging.delivering import TEN_MINUTES, change, letters, sweep, to_whom
from tests.messaging.test_routing import send

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]
A_DAY = timedelta(days=1)


def of_kind(kind, *, who=None):
    rows = Notice.objects.filter(kind=kind, channel="in_app", cancelled_at=None)
    return rows.filter(user=who) if who else rows


# Requests, joining ----------------------------------------------------------------


def test_the_patient_hears_once_that_someone_asks(cast, letters):
    consents.ask(
        patient=cast.amina,
        recipient=cast.bram,
        asked_by=cast.chidi,
        categories=CATEGORIES["updates"],
        purposes=PURPOSES["COC"],
        at=cast.at,
    )
    for seconds in (0, 2, 4):
        sweep(cast.at + timedelta(seconds=seconds))
    assert [each.user for each in of_kind("consent_request")] == [cast.amina.user]
    assert [letter.subject for letter in letters] == ["Someone asked you a question"]


def test_an_answered_request_is_no_mail_any_more(cast, letters, monkeypatch):
    request = consents.ask(
        patient=cast.amina,
        recipient=cast.bram,
        asked_by=cast.chidi,
        categories=CATEGORIES["updates"],
        purposes=PURPOSES["COC"],
        at=cast.at,
    )
    with monkeypatch.context() as down:
        down.setattr("messaging.sweeping._open", no_server)
        sweep(cast.at)
    consent = permit(cast.amina, cast.bram, at=cast.at)
    consents.answer_request(
        request=request, consent=consent, by=cast.amina.user, at=cast.at
    )
    sweep(cast.at + timedelta(minutes=2))
    assert letters == []


def no_server():
    raise ConnectionRefusedError


def test_the_patient_hears_who_joined_by_somebody_elses_hand(cast, letters):
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.dana.user,
        at=cast.at,
    )
    sweep(cast.at)
    assert [each.user for each in of_kind("joined")] == [cast.amina.user]


def test_whom_the_patient_put_on_the_team_is_no_news_to_them(cast, letters):
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    sweep(cast.at)
    assert not of_kind("joined").exists()


# New staff, answers ---------------------------------------------------------------


def test_the_patient_hears_by_name_who_works_now_at_a_place_they_share_with(
    cast, letters
):
    permit(cast.amina, cast.harbor.party, at=cast.at - A_DAY)
    join_harbor(cast.chidi, at=cast.at)
    for minutes in (6, 12, 18):
        sweep(cast.at + timedelta(minutes=minutes))
    notice = of_kind(NoticeKind.NEW_STAFF).get()
    assert notice.user == cast.amina.user
    reading = Reading(user=cast.amina.user, entrance="messaging:notices")
    said = [line.text for line in lines_for(reading) if line.notice == notice]
    assert said == [
        "Chidi Okafor works now at a place you share with, and may see that"
    ]
    assert [letter.subject for letter in letters] == [
        "Someone can see more than before"
    ]


def test_who_works_at_a_place_that_nothing_is_shared_with_is_no_news(cast, letters):
    join_harbor(cast.chidi, at=cast.at)
    sweep(cast.at + timedelta(minutes=6))
    assert not of_kind(NoticeKind.NEW_STAFF).exists()


def test_who_worked_there_when_the_patient_signed_is_no_news(cast, letters):
    permit(cast.amina, cast.harbor.party, at=cast.at)
    sweep(cast.at + timedelta(minutes=6))
    assert not of_kind(NoticeKind.NEW_STAFF).exists()


def join_harbor(party, *, at):
    from providers import actions as providers

    providers.join_organization(
        practitioner=party.practitioner,
        organization=Organization.objects.get(party__name="Harbor Clinic"),
        by=party.user,
        at=at,
    )


@pytest.mark.parametrize("who", ["amina", "hana"])
def test_whoever_reported_hears_once_of_the_answer_and_nobody_else(cast, letters, who):
    row = consents.report(
        patient=cast.amina,
        said=consents.Said(kind="look", reason="unknown", about=cast.bram),
        by=cast.user(who),
        at=cast.at,
        key=uuid.uuid4(),
    )
    sweep(cast.at)
    letters.clear()
    consents.answer_report(
        report=row, outcome="stopped", words="Done.", by=cast.ines, at=cast.at
    )
    for seconds in (2, 4):
        sweep(cast.at + timedelta(seconds=seconds))
    assert of_kind(NoticeKind.REPORT_ANSWERED).get().user == cast.user(who)
    assert [letter.subject for letter in letters] == ["You have an answer"]


# The first look --------------------------------------------------------------------


def look(cast, who, *, relation="clinician", outcome="shown", at=None):
    return log.write(
        [
            Entry(
                patient_id=cast.amina.pk,
                at=at or cast.at,
                user_id=cast.user(who).pk,
                relation=relation,
                purpose="TREAT",
                channel="web",
                entrance="patients:chart",
                basis="consent",
                epoch=1,
            )
        ]
    )[0]


def test_the_patient_hears_of_the_first_look_of_each_person_and_of_no_second(
    cast, letters
):
    first = look(cast, "bram")
    look(cast, "bram")
    sweep(cast.at)
    look(cast, "bram")
    look(cast, "hana", relation="family")
    sweep(cast.at + TEN_MINUTES)
    found = of_kind("first_access", who=cast.amina.user).order_by("created_at")
    assert found.count() == 2
    assert found.first().about == first.pk
    assert len(letters) == 2


def test_own_reading_and_what_was_never_delivered_is_no_first_look(cast):
    look(cast, "amina", relation="patient")
    look(cast, "bram", outcome="not_delivered")
    sweep(cast.at)
    assert of_kind("first_access").count() == 1


def test_the_cursor_and_the_notices_move_together(cast, monkeypatch):
    look(cast, "bram")
    with monkeypatch.context() as broken:
        broken.setattr(causes, "tell_patient", dies)
        sweep(cast.at)
    assert waiting.logs_to_follow(cast.at).exists()
    sweep(cast.at)
    assert of_kind("first_access").count() == 1
    assert not waiting.logs_to_follow(cast.at).exists()


def dies(**_details):
    raise RuntimeError("the worker dies here")


# Reminders -------------------------------------------------------------------------


@pytest.mark.slow
def test_the_patient_is_reminded_14_and_2_days_before_sharing_ends_once_each(
    cast, letters
):
    ends = cast.amina_to_bram.ends_at
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    days = []
    for before in range(20, -2, -1):
        for hour in (0, 3):
            sweep(ends - before * A_DAY + timedelta(hours=hour, minutes=1))
        days += [before] * (of_kind("sharing_ends").count() - len(days))
    assert days == [14, 2]
    assert {letter.subject for letter in letters} == {"Some of your sharing ends soon"}
    assert set(to_whom(letters)) == {"amina"}


def test_after_an_outage_the_nearer_reminder_is_enough(cast):
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=cast.at)
    sweep(cast.amina_to_bram.ends_at - A_DAY)
    sweep(cast.amina_to_bram.ends_at - A_DAY / 2)
    assert of_kind("sharing_ends").count() == 1


def test_a_consent_for_a_week_is_not_said_to_end_in_two_weeks(cast):
    for consent in (cast.amina_to_bram, cast.amina_to_jon):
        consents.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.bram, at=cast.at, ends_at=cast.at + 7 * A_DAY)
    sweep(cast.at + A_DAY)
    assert not of_kind("sharing_ends").exists()
    sweep(cast.at + 6 * A_DAY)
    assert of_kind("sharing_ends").count() == 1


def test_a_consent_that_was_stopped_or_replaced_ends_silently(cast, letters):
    ends = cast.amina_to_bram.ends_at
    for consent in (cast.amina_to_bram, cast.amina_to_jon):
        consents.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    sweep(ends - A_DAY)
    assert not of_kind("sharing_ends").exists()


def test_a_late_answer_is_said_to_both_sides_once_a_day(cast, letters):
    permit(cast.amina, cast.chidi, at=cast.at)
    today = zones.today(cast.at, cast.chidi.user.time_zone)
    update = send(cast, to=[cast.bram], answer_by_date=today)
    row = update.recipients.get()
    for half_days in range(2, 8):
        sweep(cast.at + half_days * A_DAY / 2 + timedelta(hours=1))
    told = of_kind("overdue").filter(about=row.pk)
    assert {each.user for each in told} == {cast.bram.user, cast.chidi.user}
    assert told.filter(user=cast.bram.user).count() in (3, 4)
    days = {
        zones.today(each.created_at, each.user.time_zone)
        for each in told.filter(user=cast.bram.user)
    }
    assert len(days) == told.filter(user=cast.bram.user).count()


def test_an_author_without_consent_keeps_the_text_and_gets_no_receipts(cast):
    today = zones.today(cast.at, cast.chidi.user.time_zone)
    send(cast, to=[cast.bram], answer_by_date=today)
    sweep(cast.at + 2 * A_DAY)
    assert {each.user for each in of_kind("overdue")} == {cast.bram.user}


def test_reminders_are_looked_for_every_five_minutes_by_one_sweep(cast):
    assert causes.take_chore(name="reminders", at=cast.at)
    assert not causes.take_chore(name="reminders", at=cast.at)
    later = cast.at + causes.CHORES_EVERY
    assert causes.take_chore(name="reminders", at=later)
    assert not causes.take_chore(name="reminders", at=later)


# Held ------------------------------------------------------------------------------


@pytest.fixture
def decisions(monkeypatch):
    """How often held rows were decided again."""
    calls = []
    real = updates.release_covered

    def counted(**details):
        calls.append(details)
        return real(**details)

    monkeypatch.setattr(causes, "release_covered", counted)
    return calls


def test_a_held_update_is_released_when_a_consent_begins(cast, letters, decisions):
    update = send(cast, to=[cast.dana], join=True)
    row = update.recipients.get()
    assert row.status == "held"
    begins = cast.at + timedelta(hours=5)
    permit(cast.amina, cast.dana, at=cast.at, starts_at=begins)
    for hour in range(5):
        sweep(cast.at + timedelta(hours=hour))
    row.refresh_from_db()
    assert row.status == "held"
    assert len(decisions) == 1, "nothing changed since the first look"
    sweep(begins)
    sweep(begins + timedelta(seconds=2))
    row.refresh_from_db()
    assert row.status == "sent"
    assert len(decisions) == 2
    assert "dana" in to_whom(letters)
    assert of_kind(NoticeKind.UPDATE, who=cast.dana.user).count() == 1


def test_a_held_update_is_decided_again_when_the_gate_moved(cast, decisions):
    send(cast, to=[cast.dana], join=True)
    sweep(cast.at)
    change(cast.amina, at=cast.at)
    sweep(cast.at + timedelta(minutes=11))
    assert len(decisions) == 1
    permit(cast.amina, cast.dana, at=cast.at)
    sweep(cast.at + timedelta(minutes=12))
    assert len(decisions) == 2
    assert not UpdateRecipient.objects.filter(status="held").exists()


def test_a_held_update_is_released_when_a_deny_ends(cast, decisions):
    over = cast.at + timedelta(hours=1)
    permit(cast.amina, cast.dana, at=cast.at)
    terms = consents.Terms(
        recipient=cast.dana,
        categories=CATEGORIES["updates"],
        purposes=PURPOSES.all,
        starts_at=cast.at - A_DAY,
        ends_at=over,
    )
    consents.deny(
        patient=cast.amina,
        terms=terms,
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )
    row = send(cast, to=[cast.dana], join=True).recipients.get()
    assert row.status == "held"
    sweep(cast.at)
    sweep(over)
    row.refresh_from_db()
    assert row.status == "sent"
