"""What an open page asks by itself is nobody's doing, however long it slept."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consents import actions
from consents.access import open_page, refusal_bounds
from consents.models import AccessRefusal
from tests.cast import COORDINATION, Cast, permit
from tests.consents.views.pages import sign_in, text_of

SAID = "A page not shared with Dr. Jon Ortiz was requested."


@pytest.fixture
def tab(cast: Cast, settings):
    """Jon's browser, with Amina's medicines open; then she stops sharing with him."""
    settings.DEMO = True
    client = Client()
    client.force_login(cast.jon.user)
    client.get("/healthz")
    client.shown = shown_on(client.get(medicines(cast)))
    actions.stop_sharing(
        patient=cast.amina, recipient=cast.jon, by=cast.amina.user, at=cast.at
    )
    return client


def medicines(cast: Cast) -> str:
    # A page that a stop takes away whole.
    return f"/patients/{cast.amina.pk}/summary/"


def shown_on(response) -> str:
    return re.search(r'data-shown="([^"]+)"', text_of(response)).group(1)


def polls(client: Client, shown: str) -> int:
    headers = {"X-Poll": "1"}
    return client.get(f"/still/?shown={shown}", headers=headers).status_code


def told(cast: Cast) -> bool:
    amina = Client()
    sign_in(amina, cast.amina.user)
    return SAID in text_of(amina.get(reverse("consents:log", args=[cast.amina.pk])))


@pytest.mark.security("T23")
def test_it_is_not_told_to_the_patient_and_stays_in_the_log(cast, tab):
    assert polls(tab, tab.shown) == 286
    assert tab.get(medicines(cast)).status_code == 404
    row = AccessRefusal.objects.get()
    assert row.open_page and row.user == cast.jon.user
    assert not told(cast)
    officer = Client()
    sign_in(officer, cast.ines)
    page = text_of(officer.get(reverse("consents:privacy_refused")))
    assert "Dr. Jon Ortiz" in page
    assert "An open page asked by itself after the reader lost it." in page


@pytest.mark.security("T23")
def test_each_open_page_asks_once(cast, tab):
    """Whoever asks again, with a new mark for the same page, asked."""
    for _twice in range(2):
        polls(tab, tab.shown)
        tab.get(medicines(cast))
    assert AccessRefusal.objects.filter(open_page=None).count() == 1
    assert told(cast)


@pytest.mark.security("T23")
@pytest.mark.parametrize("how", ["no mark", "another page", "made up", "old", "lent"])
def test_a_request_of_somebody_is_told(cast, tab, how, monkeypatch):
    page = medicines(cast)
    if how != "no mark":
        polls(tab, tab.shown)
        assert open_page.COOKIE in tab.cookies
    if how == "another page":
        page = reverse("messaging:update", args=[cast.amina.pk, uuid.uuid4()])
    if how == "made up":
        tab.cookies[open_page.COOKIE] = signing.dumps(["x"], salt="another")
    if how == "old":
        monkeypatch.setattr(open_page, "LASTS", timedelta(seconds=-1))
    if how == "lent":
        # Bram's own open page lends Jon nothing.
        bram = Client()
        bram.force_login(cast.bram.user)
        bram.get("/healthz")
        shown = shown_on(bram.get(medicines(cast)))
        actions.stop_sharing(
            patient=cast.amina, recipient=cast.bram, by=cast.amina.user, at=cast.at
        )
        polls(bram, shown)
        tab.cookies[open_page.COOKIE] = bram.cookies[open_page.COOKIE].value
    assert tab.get(page).status_code == 404
    assert AccessRefusal.objects.get().open_page is None
    assert told(cast)


def test_pages_of_an_earlier_session_excuse_nothing(cast, tab):
    """An old list of what was ever open is no store of excuses."""
    again = Client()
    again.force_login(cast.jon.user)
    again.get("/healthz")
    session = again.session
    session["started_at"] = session["started_at"] + 60
    session.save()
    assert polls(again, tab.shown) == 286
    assert open_page.COOKIE not in again.cookies


def asks_after_five_tabs(cast: Cast, tab: Client) -> None:
    """Five open tabs ask by themselves; then Jon asks, in the same quarter."""
    jon = Client()
    jon.force_login(cast.jon.user)
    jon.get("/healthz")
    renewed = permit(cast.amina, cast.jon, at=cast.at, categories=COORDINATION)
    shown = [shown_on(jon.get(medicines(cast))) for _ in range(5)]
    actions.revoke(consent=renewed, by=cast.amina.user, at=cast.at)
    for each in shown:
        polls(jon, each)
        assert jon.get(medicines(cast)).status_code == 404
    assert AccessRefusal.objects.exclude(open_page=None).count() == 5
    del jon.cookies[open_page.COOKIE]
    assert jon.get(medicines(cast)).status_code == 404


@pytest.mark.security("T05", "T23")
def test_five_open_tabs_hide_no_request_of_somebody(cast, tab):
    asks_after_five_tabs(cast, tab)
    assert told(cast)


def test_the_test_of_that_fails_where_open_pages_fill_the_bound(cast, tab, monkeypatch):
    """The twin: what asked by itself counted among what is noted five times."""
    monkeypatch.setattr(refusal_bounds, "BY_SOMEBODY", Q())
    asks_after_five_tabs(cast, tab)
    assert not told(cast)


def test_nobody_gets_a_mark_for_what_stands_or_was_never_shown(cast, tab):
    assert polls(tab, uuid.uuid4().hex) == 286
    assert open_page.COOKIE not in tab.cookies
    bram = Client()
    bram.force_login(cast.bram.user)
    assert polls(bram, shown_on(bram.get(medicines(cast)))) == 204
    assert open_page.COOKIE not in bram.cookies


def test_the_test_of_that_fails_where_any_open_page_excuses(cast, tab, monkeypatch):
    """The twin: a mark that is not spent hides every request after the first."""
    monkeypatch.setattr(
        open_page, "asking", lambda refusal, rows: uuid.uuid4() if rows else None
    )
    for _twice in range(2):
        polls(tab, tab.shown)
        tab.get(medicines(cast))
    assert not told(cast)
