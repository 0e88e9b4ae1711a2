"""Changing what somebody sees."""

from datetime import timedelta

import pytest
import time_machine

from consents import presets
from consents.codes import CATEGORIES, LABELS
from consents.models import Consent
from tests.cast import permit
from tests.consents.test_decisions import condition
from tests.consents.views.pages import Pages, sign_in, text_of

pytestmark = pytest.mark.usefixtures("demo")


def newest() -> Consent:
    return Consent.objects.latest("signed_at")


def test_the_page_is_filled_in_with_what_stands(amina, cast):
    html = text_of(amina.get("change", cast.amina_to_bram.pk))
    assert 'value="coordination"' in html.split("checked")[0].rsplit("<input", 1)[1]


def test_taking_something_away_needs_no_signature(amina, cast):
    item = condition(cast)
    amina.get("change", cast.amina_to_bram.pk)
    page = amina.send(preset="medicines")
    html = text_of(page)
    assert "will no longer see" in html and "Diagnoses: 1 diagnosis" in html
    assert "needs no signature" in html and "signed_name" not in html
    amina.send()
    consent = newest()
    assert consent.supersedes == cast.amina_to_bram
    assert consent.categories == CATEGORIES.mask("medications", "allergies")
    assert consent.ends_at == cast.amina_to_bram.ends_at
    assert cast.amina_to_bram.number in consent.signed_how
    assert "Health conditions" not in consent.text
    assert item.pk


def test_taking_every_kind_with_dates_away_needs_no_signature(amina, cast):
    """Without dates there is no window, which once read as a longer one."""
    old = permit(
        cast.amina,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES.mask("goals", "measures"),
        items_from=cast.at - timedelta(days=30),
    )
    amina.get("change", old.pk)
    html = text_of(amina.send(preset="own", kinds=["goals"]))
    assert "needs no signature" in html and "signed_name" not in html
    amina.send()
    assert (newest().supersedes, newest().categories) == (old, CATEGORIES["goals"])


@pytest.mark.capability("S60")
def test_a_list_can_be_chosen_in_place_of_the_kinds_that_stood_ticked(amina, cast):
    """The ticks of before are in a closed part of the page: nobody ticked them now."""
    names = ["goals", "measures"]
    mask = CATEGORIES.mask(*names)
    old = permit(cast.amina, cast.chidi, at=cast.at, categories=mask)
    amina.get("change", old.pk)
    page = text_of(amina.send(preset="coordination", kinds=[*names, "documents"]))
    assert "You chose a list and ticked kinds too." in page
    amina.get("change", old.pk)
    assert "will newly see" in text_of(amina.send(preset="coordination", kinds=names))
    amina.sign()
    wanted = CATEGORIES.mask(*presets.COORDINATION.categories)
    assert (newest().supersedes, newest().categories) == (old, wanted)


@pytest.mark.capability("S60")
def test_adding_something_takes_a_signature(amina, cast):
    amina.get("change", cast.amina_to_bram.pk)
    page = amina.send(preset="coordination", apart=["substance_use"])
    assert "will newly see" in text_of(page) and "Substance use" in text_of(page)
    page = amina.send()
    assert "Type your full name to sign." in text_of(page)
    amina.sign()
    assert newest().labels == LABELS["substance_use"]
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_how == "superseded"


def test_the_first_kind_with_dates_asks_how_far_back(amina, cast):
    small = permit(cast.amina, cast.chidi, at=cast.at, categories=CATEGORIES["goals"])
    amina.get("change", small.pk)
    page = amina.send(preset="own", kinds=["goals", "measures"])
    assert "How far back" in text_of(page)
    assert "Choose how far back" in text_of(amina.send())
    amina.send(window="from_today")
    amina.sign()
    assert newest().items_from is not None


def test_no_change_is_said(amina, cast):
    amina.get("change", cast.amina_to_bram.pk)
    assert "Nothing is different" in text_of(amina.send(preset="coordination"))


def test_a_change_on_top_of_another_is_shown_again(amina, cast):
    amina.get("change", cast.amina_to_bram.pk)
    amina.send(preset="medicines")
    permit(cast.amina, cast.chidi, at=cast.at)
    page = amina.send()
    assert "Something changed since this page was made." in text_of(page)
    amina.send()
    assert newest().supersedes == cast.amina_to_bram


def test_saving_twice_makes_one_new_version(amina, cast):
    amina.get("change", cast.amina_to_bram.pk)
    page = amina.send(preset="medicines")
    places = []
    for _ in range(2):
        amina.page = page
        places.append(amina.send()["Location"])
    assert places[0] == places[1]
    assert Consent.objects.filter(supersedes=cast.amina_to_bram).count() == 1


def test_a_permission_that_ended_cannot_be_changed(amina, cast, client):
    gus = Pages(client, cast.user("gus"), cast.gus)
    answer = gus.client.get(gus.address("change", cast.gus_to_bram.pk), follow=True)
    assert "changed or stopped in another window" in text_of(answer)
    assert gus.get("change", cast.amina_to_bram.pk).status_code == 404


def test_a_permission_that_ran_out_meanwhile_leads_to_its_receipt(amina, cast):
    """The page was open over its end: no error, and no permission that is over."""
    standing = permit(cast.amina, cast.chidi, at=cast.at)
    with time_machine.travel(standing.ends_at - timedelta(minutes=1), tick=False):
        sign_in(amina.client, cast.user("amina"))
        amina.get("change", standing.pk)
        open_page = amina.page
    with time_machine.travel(standing.ends_at, tick=False):
        sign_in(amina.client, cast.user("amina"))
        amina.page = open_page
        late = amina.send(preset="medicines")
        assert late["Location"] == amina.address("receipt", standing.pk)
        assert amina.get("change", standing.pk).status_code == 302
    assert Consent.objects.filter(supersedes=standing).count() == 0
