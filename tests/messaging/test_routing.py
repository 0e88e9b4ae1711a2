"""Who is told of what: the table, and the rule after it."""

import uuid
from datetime import timedelta

import pytest

from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Consent
from messaging import routing
from messaging.actions import acknowledgements, replies, updates
from messaging.codes import NoticeKind
from messaging.models import Notice
from messaging.routing import Audience
from patients.codes import EventKind
from patients.models import TimelineEvent
from tests.cast import permit
from tests.messaging.delivering import change, letters, sweep

__all__ = ["letters"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("letters")]


def names(event, at):
    ids = {told.user_id: told.kind for told in routing.whom(event, at=at)}
    users = User.objects.filter(pk__in=ids)
    return {user.email.partition("@")[0]: ids[user.pk] for user in users}


def send(cast, *, to, join=False, author=None, **content):
    """An update by Chidi about Amina. `join`: puts the recipients on the team."""
    author = author or cast.chidi
    for party in to if join else []:
        consents.join(
            patient=cast.amina,
            party=party,
            role="psychiatrist",
            by=cast.amina.user,
            at=cast.at,
        )
    content = {
        "urgency": "two_days",
        "suicidal_thoughts": "none",
        "ask": "review_dose",
        "labels": 0,
        "what_changed": "Sleep is down to 4 hours.",
    } | content
    return updates.send(
        patient=cast.amina,
        author=author,
        content=updates.Content(**content),
        recipients=to,
        form_key=uuid.uuid4(),
        by=author.user,
        at=cast.at,
    )


# The table -------------------------------------------------------------------------


def test_every_kind_of_event_has_a_line():
    assert set(routing.ROUTES) == set(EventKind)


def test_every_kind_of_notice_is_decided_again():
    assert set(routing._STANDING) == set(NoticeKind)


def test_every_event_for_addressees_says_what_they_are_told():
    addressed = {
        kind for kind, who in routing.ROUTES.items() if Audience.ADDRESSEES in who
    }
    assert addressed == set(routing.FOR_ADDRESSEES)


@pytest.mark.parametrize("kind", sorted(EventKind))
def test_the_one_who_did_it_is_never_told(cast, kind):
    for who in ("amina", "bram"):
        event = change(cast.amina, at=cast.at, by=cast.user(who), kind=kind)
        assert who not in names(event, cast.at)


def test_a_list_that_was_checked_is_no_news(cast):
    event = change(cast.amina, at=cast.at, kind=EventKind.LIST_CONFIRMED)
    assert names(event, cast.at) == {}


# The rule --------------------------------------------------------------------------


def test_a_change_by_the_patient_is_told_to_whom_consent_covers(cast):
    event = change(cast.amina, at=cast.at)
    assert names(event, cast.at) == {"bram": "event", "jon": "event"}


def test_a_change_by_a_clinician_is_told_to_the_patient_too(cast):
    event = change(cast.amina, at=cast.at, by=cast.bram.user, author=cast.bram)
    assert names(event, cast.at) == {"amina": "event", "jon": "event"}


@pytest.mark.parametrize("label", ["substance_use", "hiv", "private"])
def test_a_label_that_is_not_shared_is_not_told(cast, label):
    event = change(cast.amina, at=cast.at, labels=LABELS[label])
    assert names(event, cast.at) == {}
    permit(cast.amina, cast.jon, at=cast.at, labels=LABELS[label])
    assert names(event, cast.at) == {"jon": "event"}


def test_only_me_on_the_medicine_covers_its_events(cast):
    event = change(cast.amina, at=cast.at)
    consents.keep_back(item=event, by=cast.amina.user, at=cast.at, party=cast.bram)
    assert names(event, cast.at) == {"jon": "event"}


def test_family_hears_only_what_is_shared_with_family(cast):
    event = change(cast.amina, at=cast.at)
    permit(cast.amina, cast.hana, at=cast.at, purposes=PURPOSES["TREAT"])
    assert "hana" not in names(event, cast.at)
    permit(cast.amina, cast.hana, at=cast.at, purposes=PURPOSES["FAMRQT"])
    assert "hana" in names(event, cast.at)


@pytest.mark.parametrize("by", ["amina", "bram", "chidi"])
def test_a_change_is_told_for_treatment_whoever_made_it(cast, by):
    """It stands in the chart, and coordination alone opens none (ADR 13)."""
    author = None if by == "amina" else getattr(cast, by)
    changed = change(cast.amina, at=cast.at, by=cast.user(by), author=author)
    only(cast, "COC")
    assert "jon" not in names(changed, cast.at)
    only(cast, "TREAT")
    assert "jon" in names(changed, cast.at)


def test_a_colleagues_update_is_for_treatment_and_anothers_for_coordination(cast):
    only(cast, "TREAT")
    by_bram = event_of(send(cast, to=[cast.jon], author=cast.bram))
    assert "jon" in names(by_bram, cast.at), "Harbor Clinic, both of them"
    only(cast, "COC")
    assert "jon" not in names(by_bram, cast.at)
    by_chidi = event_of(send(cast, to=[cast.jon]))
    assert "jon" in names(by_chidi, cast.at)
    only(cast, "TREAT")
    assert "jon" not in names(by_chidi, cast.at)


def only(cast, purpose: str) -> None:
    """Jon has a permission for this purpose and no other."""
    for consent in Consent.objects.filter(recipient=cast.jon, revoked_at=None):
        consents.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    permit(cast.amina, cast.jon, at=cast.at, purposes=PURPOSES[purpose])


@pytest.mark.parametrize("who", ["dana", "fatou", "edo", "ines", "gus"])
def test_nobody_else_is_ever_told(cast, who):
    if who in ("dana", "fatou"):
        permit(cast.amina, getattr(cast, who), at=cast.at)
    for kind in EventKind:
        event = change(cast.amina, at=cast.at, kind=kind)
        assert who not in names(event, cast.at)


def test_what_was_entered_in_error_or_taken_back_is_told_to_nobody(cast):
    event = change(cast.amina, at=cast.at)
    event.entered_in_error_at, event.entered_in_error_by = cast.at, cast.amina.user
    event.save()
    assert names(event, cast.at) == {}


# Updates ---------------------------------------------------------------------------


def event_of(update, kind=EventKind.UPDATE_SENT):
    return TimelineEvent.objects.filter(about=update.pk, kind=kind).latest(
        "recorded_at"
    )


def test_an_update_is_told_to_those_it_was_sent_to_and_the_patient(cast):
    update = send(cast, to=[cast.bram])
    assert names(event_of(update), cast.at) == {"bram": "update", "amina": "event"}


def test_a_held_update_is_told_to_nobody_until_it_is_released(cast):
    update = send(cast, to=[cast.bram, cast.dana], join=False)
    assert set(names(event_of(update), cast.at)) == {"bram", "amina"}
    later = cast.at + timedelta(hours=1)
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=later,
    )
    permit(cast.amina, cast.dana, at=later)
    if update.recipients.filter(status="held").exists():
        updates.release_covered(patient_id=cast.amina.pk, at=later)
    assert set(names(event_of(update), later)) == {"dana", "amina"}


def test_an_author_hears_of_the_answer_where_consent_covers_the_author(cast):
    update = send(cast, to=[cast.bram])
    answer(cast, update)
    heard = names(event_of(update, EventKind.UPDATE_ANSWERED), cast.at)
    assert heard == {"amina": "event"}, "own text, without replies and receipts"
    permit(cast.amina, cast.chidi, at=cast.at)
    heard = names(event_of(update, EventKind.UPDATE_ANSWERED), cast.at)
    assert heard == {"amina": "event", "chidi": "answer"}


def answer(cast, update):
    return replies.reply(
        update=update,
        author=cast.bram,
        answer=replies.Answer(decision="Less in the morning."),
        form_key=uuid.uuid4(),
        by=cast.bram.user,
        at=cast.at,
    )


def test_taking_it_on_is_told_to_the_author(cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    update = send(cast, to=[cast.bram])
    acknowledgements.acknowledge(
        row=update.recipients.get(),
        choice=acknowledgements.Choice(plan="call_by", plan_date=cast.at.date()),
        by=cast.bram.user,
        at=cast.at,
    )
    heard = names(event_of(update, EventKind.UPDATE_ANSWERED), cast.at)
    assert heard["chidi"] == "answer"


def test_an_update_with_a_label_that_is_not_shared_is_not_told(cast):
    update = send(cast, to=[cast.bram], labels=LABELS["hiv"])
    assert update.recipients.get().status == "held"
    sweep(cast.at)
    assert not Notice.objects.filter(user=cast.bram.user).exists()


def test_the_categories_of_an_event_count_whole(cast):
    both = CATEGORIES.mask("medications", "substances")
    assert names(change(cast.amina, at=cast.at, categories=both), cast.at) == {}
