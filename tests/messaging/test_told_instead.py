"""Who keeps the record of a patient without a sign-in is told in their place."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES
from messaging import routing, waiting, words
from messaging.access import notices_of_sharing
from messaging.actions import post
from messaging.models import Notice
from messaging.sweeping import Sweep
from tests import cast as people
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import sign_in, text_of
from tests.messaging.delivering import letters
from tests.patients.test_acting import add

__all__ = ["letters"]

LOOKED = "Dr. Bram Visser looked at the record for the first time"
OPENED = "Dr. Bram Visser opened the emergency page"
JOINED = "Dr. Bram Visser is now on the care team"
ASKED = "Dr. Bram Visser asks you to share something"


@pytest.fixture
def mia(cast, settings):
    """6, without a sign-in."""
    settings.DEMO = True
    return small_child(cast, 6)


@pytest.fixture
def parents(cast, mia):
    """One who keeps everything, one who keeps it too, one who may look only."""
    rosa, amal, lina = (
        relative(mia, f"{name} Haddad") for name in ("Rosa", "Amal", "Lina")
    )
    for party in (rosa, amal):
        record(cast, mia, party, "parent")
    record(cast, mia, lina, "parent", may_sign=False)
    return rosa, amal, lina


def happens(cast, mia, by):
    """`by` takes Bram on; he states an emergency and reads the page."""
    add(mia, "methylphenidate", by, cast.at)
    member = consents.join(
        patient=mia, party=cast.bram, role="psychiatrist", by=by, at=cast.at
    )
    bram = cast.user("bram")
    consents.state_emergency(
        member=member, statement=people.statement(), by=bram, at=cast.at
    )
    read = page(bram, "patients:emergency_page", mia)
    assert "methylphenidate" in text_of(read)
    Sweep(now=lambda: cast.at + timedelta(minutes=1)).run()


def page(user, name, patient=None):
    client = Client()
    sign_in(client, user)
    return client.get(reverse(name, args=[patient.pk] if patient else []))


def hears(user) -> str:
    return text_of(page(user, "messaging:notices"))


@pytest.mark.capability("S58", "X1")
def test_the_parents_of_a_young_child_are_told_at_once(cast, mia, parents):
    rosa, amal, lina = parents
    happens(cast, mia, by=rosa.user)
    for party in (rosa, amal):
        told = hears(party.user)
        assert LOOKED in told
        assert OPENED in told
    assert JOINED in hears(amal.user)
    assert JOINED not in hears(rosa.user), "she did it herself"
    assert not Notice.objects.filter(user=lina.user).exists(), "she may look only"


def test_the_notice_leads_to_why_and_what_the_officer_found(cast, mia, parents):
    rosa, _amal, lina = parents
    happens(cast, mia, by=rosa.user)
    said = text_of(page(rosa.user, "consents:emergency_opened", mia))
    assert people.statement().reason in said
    assert "The privacy officer has not checked it yet." in said
    assert "Keep my answer" not in said
    assert page(lina.user, "consents:emergency_opened", mia).status_code == 404
    sharing = reverse("consents:emergency_opened", args=[mia.pk])
    assert sharing in text_of(page(rosa.user, "consents:sharing", mia))
    assert page(rosa.user, "consents:emergency_choice", mia).status_code == 404


def test_what_was_looked_at_is_named_as_far_as_the_document_goes(cast, mia, parents):
    rosa = parents[0]
    noa = relative(mia, "Noa Haddad")
    record(cast, mia, noa, "parent", categories=CATEGORIES["care_team"])
    happens(cast, mia, by=rosa.user)
    whole = text_of(page(rosa.user, "consents:emergency_opened", mia))
    part = text_of(page(noa.user, "consents:emergency_opened", mia))
    medicines = CATEGORIES.words(CATEGORIES["medications"])[0]
    assert medicines in whole
    assert "Looked" in part and medicines not in part


def _what_the_paper_leaves_out_is_asked(cast, mia, parents) -> list[Notice]:
    noa = relative(mia, "Noa Haddad")
    record(cast, mia, noa, "parent", categories=CATEGORIES["care_team"])
    consents.join(
        patient=mia,
        party=cast.bram,
        role="psychiatrist",
        by=mother_of(parents),
        at=cast.at,
    )
    people.asks(mia, cast.bram, at=cast.at, categories=CATEGORIES["medications"])
    at = cast.at + timedelta(minutes=1)
    Sweep(now=lambda: at).run()
    assert ASKED in hears(mother_of(parents)) and "asks" in sharing_of(
        mother_of(parents), mia
    )
    assert "asks" not in sharing_of(noa.user, mia)
    asks = Notice.objects.filter(user=noa.user, kind="consent_request")
    told = [each for each in asks if routing.still_stands(each, at=at)]
    return [*told, *([ASKED] if ASKED in hears(noa.user) else [])]


def mother_of(parents) -> User:
    return parents[0].user


def sharing_of(user, mia) -> str:
    return text_of(page(user, "consents:sharing", mia))


@pytest.mark.security("T93")
def test_a_request_is_told_to_those_who_can_answer_it(cast, mia, parents):
    """Found: a notice named who asks for what the paper leaves out; no page did."""
    assert _what_the_paper_leaves_out_is_asked(cast, mia, parents) == []


def test_the_test_of_requests_fails_where_each_keeper_is_told(
    cast, mia, parents, monkeypatch
):
    for module in (routing, notices_of_sharing):
        monkeypatch.setattr(module, "answered_by", lambda user_id, at: Q())
    assert len(_what_the_paper_leaves_out_is_asked(cast, mia, parents)) > 1


def _subject_for_who_keeps_the_team(cast, mia, parents, letters) -> str:
    _what_the_paper_leaves_out_is_asked(cast, mia, parents)
    (mail,) = [letter for letter in letters if letter.to == ["noa@cast.example"]]
    return mail.subject


def test_the_words_of_a_mail_are_those_of_what_its_reader_is_told(
    cast, mia, parents, letters
):
    """Found: a hidden question made it say that several things had happened."""
    subject = _subject_for_who_keeps_the_team(cast, mia, parents, letters)
    assert subject == words.notice("joined", site="").subject


def test_the_test_of_words_fails_where_they_stay_as_they_were_gathered(
    cast, mia, parents, letters, monkeypatch
):
    monkeypatch.setattr(post, "_say", lambda mail, notices: None)
    subject = _subject_for_who_keeps_the_team(cast, mia, parents, letters)
    assert subject == words.notice("gathered", site="").subject


def test_of_a_child_who_signs_in_the_child_alone_is_told(cast, mia, parents):
    mia.user = User.objects.create_user("mia@example.org", name="Mia Haddad")
    mia.save(update_fields=["user"])
    happens(cast, mia, by=mia.user)
    assert OPENED in hears(mia.user)
    for party in parents:
        assert not Notice.objects.filter(user=party.user).exists()
        assert page(party.user, "consents:emergency_opened", mia).status_code == 404


def test_what_was_told_is_decided_again_when_it_is_read(cast, mia, parents):
    rosa, amal, _lina = parents
    happens(cast, mia, by=rosa.user)
    consents.end_representative(
        representative=mia.representatives.get(party=amal),
        by=cast.ines,
        at=cast.at + timedelta(seconds=1),
    )
    told = hears(amal.user)
    assert LOOKED not in told
    assert OPENED not in told


def test_once_the_child_signs_in_the_parents_read_and_get_nothing_more(
    cast, mia, parents
):
    rosa = parents[0]
    happens(cast, mia, by=rosa.user)
    at = cast.at + timedelta(minutes=1)
    told = list(Notice.objects.filter(user=rosa.user).select_related("user"))
    assert OPENED in hears(rosa.user)
    assert any(routing.still_stands(notice, at=at) for notice in told)
    mia.user = User.objects.create_user("mia@example.org", name="Mia Haddad")
    mia.save(update_fields=["user"])
    said = hears(rosa.user)
    assert OPENED not in said and LOOKED not in said
    assert not any(routing.still_stands(notice, at=at) for notice in told)


def test_nothing_waits_for_ever_that_has_nobody_to_hear_it(cast, mia):
    """A record that nobody keeps, and a parent who did it alone, cost no sweep."""
    at = cast.at + timedelta(minutes=1)
    lone = relative(mia, "Rosa Haddad")
    record(cast, mia, lone, "parent")
    consents.join(
        patient=mia, party=cast.bram, role="psychiatrist", by=lone.user, at=cast.at
    )
    assert not waiting.joined_to_tell(at).filter(patient=mia).exists()
    consents.end_representative(
        representative=mia.representatives.get(), by=cast.ines, at=cast.at
    )
    assert not waiting.logs_to_follow(at).filter(patient=mia).exists()
