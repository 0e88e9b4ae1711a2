"""An open tab with what clinicians told each other: also what stands beside the text.

Found: a tab asked whether the text may still be read, and about nothing beside it. It
kept "Answer from Dr. Visser" when reader and writer shared no place any more, the value
that a number was compared with, what became of an own update when the permission of its
author ended, and the names of the team when that was shared no longer (T23). And the
worklist of an author who works nowhere took each change behind the gate for a loss.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.urls import reverse

from consents import actions as consents
from consents.access import still
from consents.codes import CATEGORIES
from messaging.access import updates as loaders
from messaging.access import worklist
from patients.models import Observation, TimelineEvent
from tests.cast import Cast, never, permit
from tests.consents.tabs import GONE, STILL, asked, carried
from tests.leaks.test_tab_of_a_colleague import leave, only_for
from tests.messaging.delivering import TEN_MINUTES, sweep
from tests.messaging.test_compose import post, slept
from tests.messaging.writing import answer, send, signed_in, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


class Tab:
    """What somebody has open, and what it still shows."""

    def __init__(self, cast: Cast, who: str, place: str) -> None:
        self.client, self.place = signed_in(cast, who), place
        page = self.client.get(place)
        self.said, self.shown = words(page), carried(page.content.decode())

    def asked(self) -> int:
        return asked(self.client, self.shown)

    def now(self) -> str:
        return words(self.client.get(self.place))


def page_of(cast: Cast, update) -> str:
    return reverse("messaging:update", args=[cast.amina.pk, update.pk])


def stop(cast: Cast, who: str) -> None:
    party, by = getattr(cast, who), {"by": cast.amina.user, "at": cast.at}
    consents.stop_sharing(patient=cast.amina, recipient=party, **by)


def acknowledged(cast: Cast, author: str = "chidi"):
    update = send(cast, author, "bram")
    take(cast, update, "bram", "call_by", plan_date=cast.at.date())
    return update


# The news of it -----------------------------------------------------------------------


@pytest.mark.security("T23")
@pytest.mark.parametrize("page", ["notices", "worklist"])
def test_the_news_of_an_answer_goes_with_the_place(cast: Cast, page):
    only_for(cast, "TREAT")
    answer(cast, send(cast, "jon", "bram"), "bram", text="Less of it.")
    sweep(cast.at + TEN_MINUTES)
    tab = Tab(cast, "jon", reverse(f"messaging:{page}"))
    assert "Answer from Dr. Bram Visser" in tab.said
    assert tab.asked() == STILL
    leave("bram@cast.example")
    assert "Answer from" not in tab.now()
    assert tab.asked() == GONE


@pytest.mark.parametrize("page", ["notices", "worklist"])
def test_where_the_rule_alone_is_asked_of_news_it_stays(cast, page, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(TimelineEvent, "TALK", None)
    with pytest.raises(AssertionError, match="204 == 286"):
        test_the_news_of_an_answer_goes_with_the_place(cast, page)


# The value before ---------------------------------------------------------------------


def _compared(cast: Cast, purpose: str) -> Tab:
    """Jon before an update of Chidi or Bram that compares with what Fatou measured."""
    author = {"TREAT": "bram", "COC": "chidi"}[purpose]
    permit(cast.amina, getattr(cast, author), at=cast.at)
    only_for(cast, purpose)
    if purpose == "TREAT":
        call_command("join_organization", "fatou@cast.example", "Harbor Clinic")
    slept(cast, 7, author=cast.fatou)
    sent = post(signed_in(cast, author), cast, "send", "jon")
    tab = Tab(cast, "jon", sent["Location"])
    assert "down from 7" in tab.said
    assert tab.asked() == STILL
    return tab


@pytest.mark.security("T23")
@pytest.mark.parametrize("purpose", ["TREAT", "COC"])
def test_the_value_before_goes_with_the_place_of_who_measured_it(cast: Cast, purpose):
    tab = _compared(cast, purpose)
    if purpose == "TREAT":
        leave("fatou@cast.example")
    else:
        call_command("join_organization", "fatou@cast.example", "Harbor Clinic")
    assert "down from 7" not in tab.now() and "Sleep has dropped" in tab.now()
    assert tab.asked() == GONE


@pytest.mark.parametrize("purpose", ["TREAT", "COC"])
def test_where_the_rule_alone_is_asked_of_a_value_it_stays(cast, purpose, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(Observation, "COMPARED", False)
    with pytest.raises(AssertionError, match="204 == 286"):
        test_the_value_before_goes_with_the_place_of_who_measured_it(cast, purpose)


# What became of it --------------------------------------------------------------------


@pytest.mark.security("T23", "T17")
def test_what_became_of_an_own_update_goes_with_the_permission(cast: Cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    tab = Tab(cast, "chidi", page_of(cast, acknowledged(cast)))
    assert "will call by" in tab.said
    assert tab.asked() == STILL
    stop(cast, "chidi")
    assert "will call by" not in tab.now() and "Sleep has dropped" in tab.now()
    assert tab.asked() == GONE


def test_where_only_the_text_is_logged_it_stays(cast: Cast, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(loaders, "note_receipts", lambda reading, rows: None)
    with pytest.raises(AssertionError, match="204 == 286"):
        test_what_became_of_an_own_update_goes_with_the_permission(cast)


@pytest.mark.security("T23")
def test_an_author_without_a_permission_loses_nothing(cast: Cast):
    """Nor learns that something else changed."""
    tab = Tab(cast, "chidi", page_of(cast, acknowledged(cast)))
    consents.keep_back(item=slept(cast, 5), by=cast.amina.user, at=cast.at)
    assert tab.asked() == STILL


# Who is on the team -------------------------------------------------------------------


@pytest.mark.security("T23")
def test_to_whom_it_went_goes_with_the_team(cast: Cast):
    permit(cast.amina, cast.chidi, at=cast.at)
    whole = CATEGORIES.all
    stop(cast, "jon")
    permit(cast.amina, cast.jon, at=cast.at, categories=whole)
    tab = Tab(cast, "jon", page_of(cast, send(cast, "bram", "jon", "chidi")))
    assert "Chidi Okafor" in tab.said
    assert tab.asked() == STILL
    never(cast.amina, cast.jon, at=cast.at, categories=CATEGORIES["care_team"])
    assert "Chidi Okafor" not in tab.now() and "Sleep has dropped" in tab.now()
    assert tab.asked() == GONE


def test_where_no_name_is_logged_it_stays(cast: Cast, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(loaders, "note_named", lambda opened, parties: None)
    with pytest.raises(AssertionError, match="204 == 286"):
        test_to_whom_it_went_goes_with_the_team(cast)


# An author who works nowhere ----------------------------------------------------------


@pytest.mark.security("T23", "T26")
def test_the_worklist_of_who_works_nowhere_tells_of_no_hidden_change(cast: Cast):
    call = ("leave_organization", "chidi@cast.example", "Oak Practice")
    call_command(*call, by="edo@cast.example")
    permit(cast.amina, cast.chidi, at=cast.at)
    answer(cast, acknowledged(cast), "bram", decision="Less of it from Monday.")
    tab = Tab(cast, "chidi", reverse("messaging:worklist"))
    assert "Less of it from Monday." in tab.said
    consents.keep_back(item=slept(cast, 5), by=cast.amina.user, at=cast.at)
    assert tab.asked() == STILL


def test_read_as_a_colleagues_it_would(cast: Cast, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(worklist.access, "purpose_between", lambda *pair: "TREAT")
    with pytest.raises(AssertionError, match="286 == 204"):
        test_the_worklist_of_who_works_nowhere_tells_of_no_hidden_change(cast)


def test_a_chart_keeps_a_value_whoever_measured_it(cast: Cast):
    """A chart opens each value for treatment: nothing beside an update is in it."""
    reader = still.Reader(user_id=cast.user("jon").pk, purpose="TREAT", at=cast.at)
    assert still._beside(Observation, reader, "patients:chart") == Q()
