"""S40: "coordination is allowed", for one chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse

from consents import actions
from consents.codes import CATEGORIES, PURPOSES
from tests.cast import Cast, never, permit, signature
from tests.consents.acting import record, relative
from tests.consents.views.pages import text_of


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


def statement(client, cast: Cast, who: str, consent, name: str = "statement"):
    client.force_login(cast.user(who))
    return client.get(reverse(f"consents:{name}", args=[cast.amina.pk, consent.pk]))


@pytest.mark.capability("S40")
@pytest.mark.parametrize("who", ["amina", "bram"])
def test_patient_and_clinician_print_what_is_allowed(client, cast: Cast, who: str):
    text = text_of(statement(client, cast, who, cast.amina_to_bram))
    assert "Amina Diallo allows sharing with Dr. Bram Visser here." in text
    assert "anyone on the care team" in text
    assert "Not allowed: " in text
    assert cast.amina_to_bram.number in text


def test_it_says_how_far_back_and_that_it_may_end_before(client, cast: Cast):
    """The patient's own words for the event stay with the patient."""
    consent = permit(
        cast.amina,
        cast.bram,
        at=cast.at,
        items_from=cast.at - timedelta(days=30),
        ends_event="when I move out",
    )
    text = said(statement(client, cast, "bram", consent))
    assert "for updates, numbers and papers: what is dated" in text
    assert "it ends sooner if something happens that the patient named." in text
    assert "move out" not in text
    text = said(statement(client, cast, "bram", cast.amina_to_bram))
    assert "ends sooner" not in text


def test_who_signed_for_the_patient_is_said(client, cast: Cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    acts = record(cast, cast.amina, rosa, "guardian")
    consent = actions.grant(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=cast.bram,
            categories=CATEGORIES["goals"],
            purposes=PURPOSES["TREAT"],
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=9),
        ),
        signature=replace(
            signature(cast.amina), name="Rosa Diallo", representative=acts
        ),
        by=rosa.user,
        at=cast.at,
    )
    text = said(statement(client, cast, "bram", consent))
    assert "signed by rosa diallo for the patient, as court-appointed guardian." in text
    assert "signed by the patient" not in text


def test_on_paper_it_is_the_same(client, cast: Cast):
    response = statement(client, cast, "bram", cast.amina_to_bram, "statement_pdf")
    document = pypdfium2.PdfDocument(response.content)
    text = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "Amina Diallo allows sharing with Dr. Bram Visser here." in text
    assert cast.amina_to_bram.number in text
    assert "diallo" not in response["Content-Disposition"].lower()


@pytest.mark.parametrize("who", ["jon", "chidi", "hana", "dana", "edo", "gus"])
def test_it_is_for_nobody_else(client, cast: Cast, who: str):
    assert statement(client, cast, who, cast.amina_to_bram).status_code == 404


def test_who_may_tell_is_named_only_to_whom_the_team_is_shared_with(client, cast: Cast):
    actions.stop_sharing(
        patient=cast.amina, recipient=cast.bram, by=cast.amina.user, at=cast.at
    )
    kinds = cast.amina_to_bram.categories
    without = kinds & ~CATEGORIES["care_team"]
    consent = permit(
        cast.amina,
        cast.bram,
        at=cast.at,
        categories=without,
        disclosers=(cast.chidi,),
    )
    assert "Chidi Okafor" in text_of(statement(client, cast, "amina", consent))
    said = text_of(statement(client, cast, "bram", consent))
    assert "Chidi Okafor" not in said
    assert "those whom the patient named" in said


def test_after_a_stop_there_is_no_such_page(client, cast: Cast):
    actions.revoke(consent=cast.amina_to_bram, by=cast.amina.user, at=cast.at)
    for who in ("amina", "bram"):
        assert statement(client, cast, who, cast.amina_to_bram).status_code == 404


def test_an_organizations_page_is_for_who_works_there(client, cast: Cast):
    consent = permit(cast.amina, cast.harbor.party, at=cast.at)
    assert statement(client, cast, "jon", consent).status_code == 200
    assert statement(client, cast, "chidi", consent).status_code == 404


@pytest.mark.parametrize("who", ["amina", "bram"])
def test_what_is_never_shared_is_not_said_to_be_allowed(client, cast: Cast, who: str):
    """The permit stands beside the deny, and the deny beats it: on this page too."""
    before = said(statement(client, cast, who, cast.amina_to_bram))
    never(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES["goals"])
    after = said(statement(client, cast, who, cast.amina_to_bram))
    assert "goals" in before and "goals" not in after
    never(cast.amina, cast.bram, at=cast.at, categories=CATEGORIES.all)
    assert statement(client, cast, who, cast.amina_to_bram).status_code == 404


def said(response) -> str:
    return response.context["statement"].text.plain.lower()


def test_after_a_death_there_is_no_such_page(client, cast: Cast):
    actions.record_death(
        patient=cast.amina,
        died_at=cast.at,
        document="Paper",
        by=cast.ines,
        at=cast.at,
    )
    assert statement(client, cast, "bram", cast.amina_to_bram).status_code == 404
