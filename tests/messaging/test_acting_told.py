"""A patient is told when somebody begins and when somebody ends to act for them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from carecoord import zones
from carecoord.models import OutgoingMail
from consents import actions as consents
from consents.codes import CATEGORIES, Talking
from messaging import routing
from messaging.codes import NoticeKind
from messaging.models import Notice
from messaging.sweeping import Sweep
from patients.actions import patients as patient_actions
from tests.cast import never
from tests.consents.acting import (
    child,
    record,
    relative,
    signature_of,
    signs,
    small_child,
)
from tests.consents.views.pages import sign_in, text_of

DAY = timedelta(days=1)
BEGAN, ENDED = "Rosa Diallo can act for you now", "Rosa Diallo no longer acts for you"


def sweeps(cast, after=timedelta(minutes=1)):
    Sweep(now=lambda: cast.at + after).run()


def hears(user) -> str:
    client = Client()
    sign_in(client, user)
    return text_of(client.get(reverse("messaging:notices")))


def kinds(user) -> list[str]:
    return sorted(set(Notice.objects.filter(user=user).values_list("kind", flat=True)))


@pytest.fixture
def acts(cast, settings):
    """Rosa is Amina's agent; Amina was told so."""
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    held = record(cast, cast.amina, rosa, "agent")
    sweeps(cast)
    return held


@pytest.mark.capability("S31", "X1")
def test_the_beginning_and_the_end_are_told_to_the_patient_alone(cast, acts):
    amina, rosa = cast.amina.user, acts.party.user
    assert BEGAN in hears(amina)
    at = cast.at + timedelta(minutes=5)
    consents.end_representative(representative=acts, by=cast.ines, at=at)
    assert BEGAN not in hears(amina)
    sweeps(cast, timedelta(minutes=6))
    sweeps(cast, timedelta(minutes=7))
    day = zones.day_words(zones.today(at, cast.amina.time_zone))
    assert f"{ENDED}, since {day}" in hears(amina)
    told = Notice.objects.filter(kind=NoticeKind.STOPPED_ACTING)
    assert told.count() == 2, "one in the app, one by e-mail, however often"
    assert set(told.values_list("user", flat=True)) == {amina.pk}
    assert NoticeKind.STOPPED_ACTING not in kinds(rosa)
    sent = [row.body for row in OutgoingMail.objects.all()]
    sent += [one.body for one in mail.outbox]
    assert [body for body in sent if "Rosa" in body or "Amina" in body] == []


@pytest.mark.capability("X1")
@pytest.mark.security("T92")
def test_what_somebody_signs_or_stops_for_the_patient_is_told_by_mail(cast, acts):
    """By name inside, by nobody's name outside; once, and to the patient alone."""
    at = cast.at + timedelta(minutes=5)
    signs(acts, cast.jon, at=at, categories=CATEGORIES["allergies"], purposes=1)
    consents.revoke(consent=cast.amina_to_bram, by=acts.party.user, at=at)
    consents.revoke(consent=cast.amina_to_jon, by=cast.amina.user, at=at)
    for minutes in (6, 20):
        sweeps(cast, timedelta(minutes=minutes))
    page = hears(cast.amina.user)
    assert "Rosa Diallo signed a permission for Dr. Jon Ortiz, for you" in page
    assert "Rosa Diallo stopped sharing with Dr. Bram Visser, for you" in page
    assert "stopped sharing with Dr. Jon Ortiz" not in page
    told = Notice.objects.filter(kind=NoticeKind.DECIDED_FOR)
    assert told.filter(channel="email").count() == told.count() / 2 == 2
    assert set(told.values_list("user", flat=True)) == {cast.amina.user_id}
    sent = [one.body + one.subject for one in OutgoingMail.objects.all()]
    sent += [one.body + one.subject for one in mail.outbox]
    named = ("Rosa", "Amina", "Bram", "Visser", "Jon", "Ortiz")
    assert not [text for text in sent for name in named if name in text]


def test_a_patient_without_a_sign_in_has_nobody_to_tell_what_was_signed(cast, settings):
    settings.DEMO = True
    mia = small_child(cast, 9)
    rosa = relative(mia, "Rosa Haddad")
    held = record(cast, mia, rosa, "parent")
    signs(held, cast.jon, at=cast.at, categories=CATEGORIES["allergies"], purposes=1)
    sweeps(cast)
    assert NoticeKind.DECIDED_FOR not in kinds(rosa.user)


def test_what_the_patient_ended_is_no_news_to_them(cast, acts):
    at = cast.at + timedelta(minutes=5)
    consents.stop_acting(representative=acts, by=cast.amina.user, at=at)
    sweeps(cast, timedelta(minutes=6))
    assert NoticeKind.STOPPED_ACTING not in kinds(cast.amina.user)
    # Rosa's own hand is news.
    lina = relative(cast.amina, "Lina Diallo")
    held = record(cast, cast.amina, lina, "agent", at=at)
    later = at + timedelta(minutes=2)
    consents.stop_acting(representative=held, by=lina.user, at=later)
    sweeps(cast, timedelta(minutes=9))
    assert "Lina Diallo no longer acts for you" in hears(cast.amina.user)


def test_the_last_day_of_a_paper_is_told_and_a_renewed_one_is_not(cast, settings):
    settings.DEMO = True
    ends = cast.at + timedelta(minutes=10)
    rosa = relative(cast.amina, "Rosa Diallo")
    record(cast, cast.amina, rosa, "guardian", ends_at=ends)
    sweeps(cast, timedelta(minutes=9))
    assert NoticeKind.STOPPED_ACTING not in kinds(cast.amina.user)
    sweeps(cast, timedelta(minutes=11))
    assert NoticeKind.STOPPED_ACTING in kinds(cast.amina.user)
    renewed = {"at": cast.at + timedelta(minutes=12), "starts_at": cast.at}
    record(cast, cast.amina, rosa, "guardian", **renewed)
    sweeps(cast, timedelta(minutes=13))
    said = hears(cast.amina.user)
    assert ENDED not in said, "she acts on, by another paper"


@pytest.mark.security("T92")
def test_neither_a_death_nor_a_birthday_is_told_as_an_end(cast, acts, settings):
    grown = child(cast, born=zones.today(cast.at, "UTC") - 17 * 365 * DAY)
    mother = relative(grown, "Lina Haddad")
    record(cast, grown, mother, "parent")
    sweeps(cast, timedelta(minutes=2))
    years = zones.today(cast.at, "UTC") - 19 * 366 * DAY
    patient_actions.change_details(patient=grown, by=cast.ines, birth_date=years)
    consents.record_death(
        patient=cast.amina,
        died_at=cast.at,
        by=cast.ines,
        at=cast.at,
        document="Death certificate",
    )
    sweeps(cast, timedelta(minutes=4))
    told = Notice.objects.filter(kind=NoticeKind.STOPPED_ACTING)
    assert list(told) == []


def _all_that_she_decides(cast, held, at) -> None:
    """Rosa says no to Chidi, signs a "never", takes another back, limits the talk."""
    by = {"by": held.party.user, "at": at}
    terms = consents.Terms(
        recipient=cast.chidi,
        categories=CATEGORIES["goals"],
        purposes=1,
        starts_at=at,
        ends_at=at + DAY,
    )
    consents.refuse(patient=cast.amina, terms=terms, representative=held, **by)
    nevers = replace(terms, recipient=cast.bram)
    consents.deny(patient=cast.amina, terms=nevers, signature=signature_of(held), **by)
    consents.revoke(consent=cast.never, **by)
    consents.choose_talking(
        patient=cast.amina, level=Talking.EMERGENCY, representative=held, **by
    )


@pytest.mark.capability("X1")
@pytest.mark.security("T92")
def test_every_other_decision_for_the_patient_is_told_by_mail_as_well(cast, acts):
    cast.never = never(cast.amina, cast.jon, at=cast.at)
    _all_that_she_decides(cast, acts, cast.at + timedelta(minutes=5))
    for minutes in (6, 20):
        sweeps(cast, timedelta(minutes=minutes))
    page = hears(cast.amina.user)
    for said in (
        "said no to sharing with Chidi Okafor, for you",
        "signed a “never” for Dr. Bram Visser, for you",
        "took back the “never” for Dr. Jon Ortiz, for you",
        "changed how much your care team talks, for you",
    ):
        assert f"Rosa Diallo {said}" in page
    told = Notice.objects.filter(kind=NoticeKind.DECIDED_FOR)
    assert told.filter(channel="email").count() == told.count() / 2 == 4
    assert set(told.values_list("user", flat=True)) == {cast.amina.user_id}
    assert all(routing.still_stands(each, at=cast.at + DAY) for each in told)


def test_what_the_patient_decides_is_no_news_to_them(cast, acts):
    never(cast.amina, cast.jon, at=cast.at)
    by = {"by": cast.amina.user, "at": cast.at}
    consents.choose_talking(patient=cast.amina, level=Talking.EMERGENCY, **by)
    sweeps(cast, timedelta(minutes=6))
    assert NoticeKind.DECIDED_FOR not in kinds(cast.amina.user)
