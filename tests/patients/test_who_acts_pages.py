"""The patient reads on the first pages who acts for them, and no link leads nowhere."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from tests.consents.acting import record, relative
from tests.consents.views.pages import text_of
from tests.messaging.writing import signed_in
from tests.patients.test_acting import WITHOUT_TEAM, begins

HOME, SHARING = "patients:chart", "consents:sharing"


def at_page(client, name, patient):
    return text_of(client.get(reverse(name, args=[patient.pk])))


def by_the_mother(cast, noor, mother):
    return consents.grant(
        patient=noor,
        terms=consents.Terms(
            recipient=cast.jon,
            categories=CATEGORIES.mask("medications", "allergies"),
            labels=0,
            purposes=PURPOSES["TREAT"],
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=90),
        ),
        signature=consents.Signature(
            name=mother.name,
            how="password",
            text="I agree.",
            text_version="test",
            representative=noor.representatives.get(),
        ),
        by=mother.user,
        at=cast.at,
    )


@pytest.mark.capability("X1")
def test_home_and_sharing_name_who_acts_and_say_so_no_longer_when_it_is_over(cast):
    rosa = relative(cast.amina, "Rosa Diallo")
    amina = signed_in(cast, "amina")
    for page in (HOME, SHARING):
        assert "Acts for you" not in at_page(amina, page, cast.amina)
    held = record(cast, cast.amina, rosa, "guardian")
    for page in (HOME, SHARING):
        said = at_page(amina, page, cast.amina)
        assert "Rosa Diallo" in said and "Acts for you" in said, page
    consents.end_representative(representative=held, by=cast.ines, at=cast.at)
    for page in (HOME, SHARING):
        assert "Acts for you" not in at_page(amina, page, cast.amina)


@pytest.mark.capability("X1")
def test_what_a_parent_signed_offers_no_change_that_leads_nowhere(
    cast, noor, mother, client
):
    begins(cast, noor, mother)
    signed = by_the_mother(cast, noor, mother)
    client.force_login(noor.user)
    change = reverse("consents:change", args=[noor.pk, signed.pk])
    assert client.get(change).status_code == 404
    card = reverse("consents:person", args=[noor.pk, cast.jon.pk])
    for page in (reverse(SHARING, args=[noor.pk]), card):
        said = text_of(client.get(page))
        assert change not in said
        for href in re.findall(r'href="(/patients/[^"#]*)"', said):
            assert client.get(href).status_code in (200, 302), href
    assert f"{mother.name} signed it for you." in said


@pytest.mark.capability("X1")
def test_an_agent_is_not_sent_to_an_invitation_that_is_not_theirs(cast, noor, mother):
    client = begins(cast, noor, mother, "guardian", categories=WITHOUT_TEAM)
    said = at_page(client, "consents:grant", noor)
    assert reverse("patients:invite", args=[noor.pk]) not in said
    assert f"{mother.name}, your " not in said
