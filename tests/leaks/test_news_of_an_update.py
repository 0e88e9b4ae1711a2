"""News of an update is told to whom the update itself is open (ADR 13).

Found: an answer is newer than its update, and of fewer kinds. Whoever had the update
and may read it no more was told that its author had added an answer; and the way to it
was the 404, which the patient then read of as a request in vain.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse

from consents import actions as consents
from consents.access import still
from consents.codes import CATEGORIES
from messaging import access
from messaging.models import Notice
from messaging.sweeping import Sweep
from tests.cast import COORDINATION, permit
from tests.consents.tabs import GONE, STILL, asked, carried
from tests.messaging.writing import answer, send, signed_in, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
LATER = timedelta(minutes=30)
NEWS = "Answer from Dr. Bram Visser"
# What Jon may read from now on: no update of last week, or none with numbers.
LESS = {
    "window": lambda cast: {"items_from": cast.at - timedelta(days=1)},
    "kinds": lambda cast: {"categories": COORDINATION & ~CATEGORIES["measures"]},
}


@pytest.fixture
def update(cast):
    """Bram's, to both of them, last week; both were told of it then."""
    then = cast.at - timedelta(days=5)
    sent = send(cast, "bram", "jon", "chidi", at=then)
    Sweep(now=lambda: then + LATER).run()
    return sent


def narrowed(cast, less: str) -> None:
    by = {"by": cast.amina.user, "at": cast.at}
    consents.revoke(consent=cast.amina_to_jon, **by)
    permit(cast.amina, cast.jon, at=cast.at, **LESS[less](cast))


def answered(cast, update) -> None:
    answer(cast, update, "bram", text="CNRYanswer")
    Sweep(now=lambda: cast.at + LATER).run()


def told(cast) -> str:
    jon = signed_in(cast, "jon")
    places = ("messaging:notices", "messaging:worklist")
    return " ".join(words(jon.get(reverse(place))) for place in places)


@pytest.mark.security("T17", "T26")
@pytest.mark.parametrize("less", LESS)
def test_whoever_lost_an_update_is_told_of_no_answer_to_it(cast, update, less):
    narrowed(cast, less)
    answered(cast, update)
    assert NEWS not in told(cast)
    theirs = Notice.objects.filter(user=cast.jon.user, created_at__gt=cast.at)
    assert not theirs.exists()


@pytest.mark.parametrize("less", LESS)
def test_what_was_told_before_is_read_by_the_same_rule(cast, update, less):
    answered(cast, update)
    assert NEWS in told(cast)
    narrowed(cast, less)
    assert NEWS not in told(cast)


@pytest.mark.parametrize("less", LESS)
def test_a_twin_that_asks_for_the_news_alone_is_caught(cast, update, less, monkeypatch):
    monkeypatch.setattr(access, "leads_to_update", lambda user_id, at: Q())
    narrowed(cast, less)
    answered(cast, update)
    assert NEWS in told(cast)
    place = reverse("messaging:update", args=[cast.amina.pk, update.pk])
    assert signed_in(cast, "jon").get(place).status_code == 404


# An open tab --------------------------------------------------------------------


def tab_of_news(cast, update, less: str) -> int:
    """What Jon's open notices are answered, once he lost the update.

    Of the update itself he was told so long ago that it is not on the page.
    """
    Notice.objects.filter(user=cast.jon.user).delete()
    answered(cast, update)
    jon = signed_in(cast, "jon")
    page = jon.get(reverse("messaging:notices")).content.decode()
    assert NEWS in page
    shown = carried(page)
    assert asked(jon, shown) == STILL
    narrowed(cast, less)
    return asked(jon, shown)


@pytest.mark.security("T23")
@pytest.mark.parametrize("less", LESS)
def test_an_open_tab_loses_the_news_with_its_update(cast, update, less):
    assert tab_of_news(cast, update, less) == GONE


def test_a_twin_whose_tabs_ask_for_the_news_alone_is_caught(cast, update, monkeypatch):
    monkeypatch.setattr(still, "_LEADS", [])
    assert tab_of_news(cast, update, "window") == STILL
