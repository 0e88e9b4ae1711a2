"""T93: an adult nobody signs in for: a clinician is offered no question to nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from consents import actions
from consents.codes import CATEGORIES, PURPOSES
from consents.models import ConsentRequest
from tests.consents.acting import record, relative, small_child
from tests.consents.views.pages import Pages, text_of
from tests.consents.views.test_requests import ASK
from tests.messaging.writing import send

pytestmark = pytest.mark.usefixtures("demo")

CALM = "A request to share cannot be answered here now. You can ask in person."
OFFERED = "Ask the patient to share"
DAY = timedelta(days=1)


@pytest.fixture
def mia(cast):
    """Seventeen, without a sign-in; Bram treats her and nothing is shared with him."""
    mia = small_child(cast, 17)
    rosa = relative(mia, "Rosa Haddad")
    record(cast, mia, rosa, "parent")
    actions.join(
        patient=mia, party=cast.bram, role="psychiatrist", by=rosa.user, at=cast.at
    )
    return mia


@pytest.fixture
def grown(mia):
    with time_machine.travel(mia.majority_at + DAY, tick=False):
        yield mia.majority_at + DAY


def bram(cast, mia) -> Pages:
    return Pages(Client(), cast.user("bram"), mia)


def chart(pages) -> str:
    return text_of(pages.client.get(reverse("patients:chart", args=[pages.patient.pk])))


def ask(cast, mia, at):
    return actions.ask(
        patient=mia,
        recipient=cast.bram,
        asked_by=cast.bram,
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        at=at,
    )


@pytest.mark.security("T93")
def test_what_nobody_can_answer_is_not_offered_and_not_kept(cast, mia, grown):
    pages = bram(cast, mia)
    home, page = chart(pages), text_of(pages.get("ask"))
    assert CALM in home and OFFERED not in home and "once in 30 days" not in home
    assert CALM in page and '<form method="post" novalidate' not in page
    sent = pages.client.post(pages.address("ask"), ASK)
    assert CALM in text_of(sent)
    with pytest.raises(actions.RuleError, match="in person"):
        ask(cast, mia, grown)
    assert not ConsentRequest.objects.exists()


def test_it_says_nothing_of_who_signs_in_or_acts(cast, mia, grown):
    said = chart(bram(cast, mia))
    assert "Rosa" not in said and "sign-in" not in said and "acts for" not in said


def test_what_was_asked_before_the_day_does_not_wait_for_anybody(cast, mia):
    ask(cast, mia, mia.majority_at - DAY)
    with time_machine.travel(mia.majority_at - DAY, tick=False):
        assert "The patient has your request" in chart(bram(cast, mia))
    with time_machine.travel(mia.majority_at + DAY, tick=False):
        said = chart(bram(cast, mia))
        assert CALM in said and "The patient has your request" not in said


@pytest.mark.parametrize(("may_sign", "offered"), [(True, True), (False, False)])
def test_whoever_may_sign_can_answer(cast, mia, may_sign, offered):
    """By the paper alone: never by what it covers."""
    rosa = mia.representatives.get().party
    record(
        cast,
        mia,
        rosa,
        "guardian",
        from_majority=True,
        may_sign=may_sign,
        categories=CATEGORIES["allergies"],
    )
    with time_machine.travel(mia.majority_at + DAY, tick=False):
        said = chart(bram(cast, mia))
    assert (OFFERED in said) is offered and (CALM in said) is not offered


def test_a_child_has_a_parent_who_answers(cast, mia):
    pages = bram(cast, mia)
    assert OFFERED in chart(pages)
    pages.get("ask")
    pages.send(**ASK)
    assert ConsentRequest.objects.get().patient == mia


def test_without_the_rule_it_was_offered_to_nobody(cast, mia, grown, monkeypatch):
    """The twin."""
    monkeypatch.setattr("consents.representing.is_answered", lambda *_: True)
    assert OFFERED in chart(bram(cast, mia))


@pytest.mark.parametrize("answered", [True, False])
def test_an_update_that_is_held_back_is_not_asked_for_either(
    cast, answered, monkeypatch
):
    held = send(cast, "bram", "chidi")
    monkeypatch.setattr("consents.representing.is_answered", lambda *_: answered)
    client = Client()
    client.force_login(cast.user("bram"))
    address = reverse("messaging:update", args=[cast.amina.pk, held.pk])
    said = text_of(client.get(address))
    assert ("Ask the patient for consent" in said) is answered
    assert (CALM in said) is not answered
