"""T81, ASVS 7.5.3: before signing, a session older than five minutes says who it is."""

from __future__ import annotations

import pytest
from django.test import Client

from carecoord import transactions
from consents.models import Consent
from consents.views.proving import prove
from tests.cast import PASSWORD, Cast
from tests.consents.views.pages import Pages, sign_in, text_of


@pytest.fixture
def stale(client: Client, cast: Cast) -> Pages:
    pages = Pages(client, cast.user("amina"), cast.amina)
    sign_in(client, cast.user("amina"), minutes_ago=6)
    return pages


def prove_and_sign(pages: Pages, password: str):
    """The button of the page, which sends the form by way of the proof."""
    address = pages.page.request["PATH_INFO"] + "prove/"
    assert f'formaction="{address}"' in text_of(pages.page)
    check = pages.page
    answer = pages.sign(to=address, password=password)
    assert answer.status_code == 307
    # A browser sends the same form once more.
    pages.page = check
    return pages.sign(to=answer["Location"], password=password)


def given_to(cast: Cast, who: str):
    return Consent.objects.filter(recipient=getattr(cast, who), revoked_at=None)


def test_a_fresh_session_is_not_asked(client: Client, cast: Cast):
    pages = Pages(client, cast.user("amina"), cast.amina)
    page = text_of(pages.to_check(cast.chidi))
    assert 'type="password"' not in page
    assert "prove/" not in page
    assert pages.sign().status_code == 302
    assert given_to(cast, "chidi").exists()


def test_an_old_one_signs_with_the_password_on_the_same_page(stale: Pages, cast: Cast):
    page = text_of(stale.to_check(cast.chidi))
    assert 'type="password"' in page
    assert prove_and_sign(stale, PASSWORD).status_code == 302
    assert given_to(cast, "chidi").get().signed_how == "password"


@pytest.mark.parametrize("typed", ["not the password", ""])
def test_a_wrong_one_signs_nothing_and_keeps_what_was_typed(
    stale: Pages, cast: Cast, typed: str
):
    stale.to_check(cast.chidi)
    page = text_of(prove_and_sign(stale, typed))
    assert ("This is not your password" if typed else "Enter your password") in page
    assert 'value="Amina Diallo"' in page
    assert "not the password" not in page
    assert not given_to(cast, "chidi").exists()


@pytest.mark.security("T81")
def test_the_proof_cannot_be_stepped_over(stale: Pages, cast: Cast):
    stale.to_check(cast.chidi)
    stale.sign(password=PASSWORD)
    assert not given_to(cast, "chidi").exists()


def test_a_change_that_adds_is_signed_the_same_way(stale: Pages, cast: Cast):
    stale.get("change", cast.amina_to_bram.pk)
    stale.send(preset="papers")
    assert prove_and_sign(stale, PASSWORD).status_code == 302
    assert given_to(cast, "bram").get().supersedes == cast.amina_to_bram


def test_saying_no_sharing_less_and_stopping_never_wait_for_it(
    stale: Pages, cast: Cast
):
    stale.to_check(cast.chidi)
    assert stale.send(answer="refuse").status_code == 302
    stale.get("change", cast.amina_to_bram.pk)
    stale.send(preset="medicines")
    assert 'type="password"' not in text_of(stale.page)
    assert stale.send().status_code == 302
    stale.get("revoke", cast.jon.pk)
    assert 'type="password"' not in text_of(stale.page)
    assert stale.send().status_code == 302
    assert not given_to(cast, "jon").exists()


def test_no_password_is_hashed_inside_a_clinical_transaction():
    assert transactions.transaction_of(prove, "x") == transactions.OWN


def test_nobody_else_proves_anything_there(client: Client, cast: Cast, settings):
    settings.DEMO = True
    for who in ("bram", "gus", "edo"):
        client.force_login(cast.user(who))
        address = f"/patients/{cast.amina.pk}/sharing/grant/prove/"
        assert client.post(address, {"password": PASSWORD}).status_code == 404
