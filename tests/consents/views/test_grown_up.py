"""T93, X1: after an 18th birthday: what is to decide, and a parent let in anew."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consents import actions
from consents.actions import permissions
from consents.codes import CATEGORIES
from consents.models import Consent
from messaging import ending
from messaging.actions.causes import remind_of_endings
from messaging.models import Notice
from patients.actions import invitations, team
from tests.cast import CARE
from tests.consents.acting import child, record, relative
from tests.consents.guests import signature_of
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, text_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def noor(cast, settings):
    """She was 18 this morning. Her mother had signed for Bram."""
    settings.DEMO = True
    noor = child(cast, born=(cast.at - 17 * 366 * DAY).date())
    rosa = relative(noor, "Rosa Haddad")
    held = record(cast, noor, rosa, "parent")
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=rosa.user, at=cast.at
    )
    actions.grant(
        patient=noor,
        terms=actions.Terms(
            cast.bram, CATEGORIES["goals"], CARE, cast.at, cast.at + 900 * DAY
        ),
        signature=signature_of(held),
        by=rosa.user,
        at=cast.at,
    )
    for user in (noor.user, rosa.user):
        limits = settings.JURISDICTION.limits
        actions.acknowledge_limits(limits=limits, by=user, at=cast.at)
    condition(cast, patient=noor, name="CNRYnoor")
    return noor


@pytest.fixture
def day(noor):
    """From nine o'clock on that day."""
    with time_machine.travel(noor.majority_at + 9 * HOUR, tick=False) as hands:
        yield hands


def rosa_of(noor):
    return noor.representatives.get().party


def chart_of(noor, user):
    client = Client()
    client.force_login(user)
    return client.get(reverse("patients:chart", args=[noor.pk]))


def let_see(noor, party) -> Pages:
    pages = Pages(Client(), noor.user, noor)
    pages.to_check(party, purposes=["FAMRQT"])
    return pages


@pytest.mark.capability("X1")
def test_what_is_to_decide_stands_on_the_home_until_it_is_decided(noor, day):
    pages = Pages(Client(), noor.user, noor)
    words = "Keep, change or stop what your parents signed for you"
    assert words in text_of(chart_of(noor, noor.user))
    pages.get("revoke", Consent.objects.get(patient=noor).pk)
    pages.send()
    assert words not in text_of(chart_of(noor, noor.user))


@pytest.mark.capability("X1")
def test_nothing_is_to_decide_before_the_day_or_once_it_ended_by_itself(noor):
    words = "what your parents signed for you"
    for at in (noor.majority_at - HOUR, noor.carried_until + HOUR):
        with time_machine.travel(at, tick=False):
            assert words not in text_of(chart_of(noor, noor.user))


@pytest.mark.security("T93")
@pytest.mark.capability("X1")
def test_a_parent_is_let_in_anew_by_a_signature_alone(noor, day):
    """It was signed, said "they can see it from now on", and opened nothing."""
    rosa = rosa_of(noor)
    assert chart_of(noor, rosa.user).status_code == 404
    first = Pages(Client(), noor.user, noor)
    link = f"{first.address('grant')}?to={rosa.pk}"
    assert link in text_of(first.get("grown_up"))
    pages = let_see(noor, rosa)
    text = text_of(pages.page)
    assert "comes onto it too, as family" in text and "sees nothing" not in text
    # The page itself lets nobody in.
    assert chart_of(noor, rosa.user).status_code == 404
    pages.sign()
    assert "They can see it from now on" in text_of(pages.client.get(pages.page.url))
    assert "CNRYnoor" in text_of(chart_of(noor, rosa.user))
    assert link not in text_of(first.get("grown_up"))
    pages.get("revoke", rosa.pk)
    pages.send()
    assert "CNRYnoor" not in text_of(chart_of(noor, rosa.user))


@pytest.mark.security("T93")
def test_a_twin_that_signs_alone_is_caught(noor, day, monkeypatch):
    monkeypatch.setattr(permissions, "let_in", lambda **_: None)
    rosa = rosa_of(noor)
    let_see(noor, rosa).sign()
    assert Consent.objects.in_force(noor.majority_at + DAY).filter(recipient=rosa)
    assert chart_of(noor, rosa.user).status_code == 404


@pytest.mark.security("T93", "T90")
def test_whoever_was_blocked_comes_back_by_an_invitation_only(cast, noor, day):
    rosa = rosa_of(noor)
    at = noor.majority_at + HOUR
    member = actions.join(
        patient=noor, party=rosa, role="caregiver", by=noor.user, at=at
    )
    team.remove(participant=member, block=True, by=noor.user, at=at)
    let_see(noor, rosa).sign()
    assert chart_of(noor, rosa.user).status_code == 404


@pytest.mark.security("T93")
def test_nobody_comes_along_by_another_hand_or_before_the_day(cast, noor):
    rosa, over = rosa_of(noor), noor.majority_at
    aunt = relative(noor, "Hind Haddad")

    def comes(party, by, at) -> bool:
        return actions.comes_along(patient=noor, party=party, by=by, at=at)

    assert comes(rosa, noor.user, over)
    assert not comes(rosa, noor.user, over - HOUR)
    assert not comes(rosa, cast.ines, over)
    assert not comes(aunt, noor.user, over)
    assert not comes(cast.bram, noor.user, over)


@pytest.mark.security("T93")
def test_a_parent_who_is_the_guardian_now_is_never_said_to_see_nothing(cast, noor, day):
    rosa, at = rosa_of(noor), noor.majority_at + HOUR
    record(cast, noor, rosa, "guardian", at=at, document="Order of the court")
    text = text_of(Pages(Client(), noor.user, noor).get("grown_up"))
    assert "Rosa Haddad acts for you by a paper" in text
    assert "You alone decide" not in text and "They see nothing" not in text


@pytest.mark.security("T93")
def test_no_link_that_a_parent_sent_is_said_to_work_after_the_day(noor):
    rosa, over = rosa_of(noor).user, noor.majority_at
    invitations.invite(
        role="caregiver",
        invitee=invitations.Invitee(name="Hind Haddad"),
        categories=0,
        by=rosa,
        at=over - HOUR,
        key=uuid.uuid4(),
        patient=noor,
    )
    said = []
    for at in (over - HOUR, over):
        with time_machine.travel(at, tick=False):
            client = Client()
            client.force_login(noor.user)
            team = client.get(reverse("patients:team", args=[noor.pk]))
            said.append("The link works until" in text_of(team))
    assert said == [True, False]
    assert "The link has ended" in text_of(team)


def reminded(noor, at) -> int:
    remind_of_endings(at=at)
    told = Notice.objects.filter(kind="sharing_ends", channel="in_app", patient=noor)
    return told.count()


@pytest.mark.security("T93")
def test_the_end_that_a_birthday_makes_is_reminded_of_as_any_other(noor):
    """Bram's is signed for years and ends thirty days after the birthday."""
    over = noor.carried_until
    days = [over - each * DAY for each in (15, 14, 3, 2, 1)]
    assert [reminded(noor, at) for at in days] == [0, 1, 1, 2, 2]


@pytest.mark.security("T93")
def test_a_twin_that_asks_the_paper_alone_is_caught(noor, monkeypatch):
    monkeypatch.setattr(ending, "BY_A_PARENT", Q(pk__in=[]))
    assert reminded(noor, noor.carried_until - DAY) == 0
