"""T90, T93: a parent learns on no page whom a child who signs in took onto the team."""

import re
from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consents import actions, representing
from consents.codes import CATEGORIES
from patients.actions.team import name_list_owner
from tests.consents.acting import child, record, relative
from tests.consents.views.pages import bare, sign_in, text_of

PAGES = ("sharing", "grant", "talking", "codes", "log", "representatives")
RECORD = ("team", "medicines", "tests")
YEAR = timedelta(days=365)


@pytest.fixture
def noor(cast, settings):
    settings.DEMO = True
    return child(cast, born=(cast.at - 15 * YEAR).date())


@pytest.fixture
def mother(cast, noor):
    """Rosa, with a paper for everything, and Jon, whom she took onto the team."""
    rosa = relative(noor, "Rosa Haddad")
    record(cast, noor, rosa, "parent")
    join(cast, noor, "jon", "primary_care", by=rosa.user)
    client = Client()
    sign_in(client, rosa.user)
    return client


def join(cast, noor, who, role, *, by):
    party = getattr(cast, who)
    return actions.join(patient=noor, party=party, role=role, by=by, at=cast.at)


def shown(client, noor) -> list[str]:
    """Without the draft of a form, which is a random key and a signature."""
    pages = [reverse(f"consents:{name}", args=[noor.pk]) for name in PAGES]
    pages += [reverse(f"patients:{name}", args=[noor.pk]) for name in RECORD]
    draft = r'name="draft" value="[^"]*"'
    return [re.sub(draft, "", bare(client.get(page))) for page in pages]


def _she_learns_of_chidi(cast, noor, mother) -> bool:
    before = shown(mother, noor)
    join(cast, noor, "chidi", "therapist", by=noor.user)
    name_list_owner(patient=noor, party=cast.chidi, by=noor.user)
    return shown(mother, noor) != before


@pytest.mark.security("T93", "T90")
def test_no_page_changes_by_a_byte(cast, noor, mother):
    assert not _she_learns_of_chidi(cast, noor, mother)
    assert any(cast.jon.name in page for page in shown(mother, noor))


@pytest.mark.slow
def test_the_test_of_that_fails_where_the_paper_alone_is_asked(
    cast, noor, mother, monkeypatch
):
    """The twin: sharing, granting and how much the team talks named the therapist."""
    monkeypatch.setattr(representing, "known_members", lambda opened: Q())
    assert _she_learns_of_chidi(cast, noor, mother)


def test_the_ids_of_whom_she_does_not_know_lead_nowhere(cast, noor, mother):
    join(cast, noor, "chidi", "therapist", by=noor.user)
    for name in ("talking_one", "person", "revoke"):
        for party, status in ((cast.jon, 200), (cast.chidi, 404), (cast.dana, 404)):
            page = reverse(f"consents:{name}", args=[noor.pk, party.pk])
            if name == "person" and party == cast.jon:
                continue
            assert mother.get(page).status_code == status, (name, party)
    page = reverse("consents:talking_one", args=[noor.pk, cast.chidi.pk])
    assert mother.post(page, {"level": "emergency"}).status_code == 404
    assert not noor.talking_choices.exists()


def test_the_child_and_a_guardian_know_everybody(cast, noor, mother, client):
    join(cast, noor, "chidi", "therapist", by=noor.user)
    sign_in(client, noor.user)
    page = reverse("consents:talking", args=[noor.pk])
    own = text_of(client.get(page))
    assert cast.chidi.name in own and "your team talk about you?" in own
    aunt = relative(noor, "Lina Haddad")
    record(cast, noor, aunt, "guardian")
    sign_in(client, aunt.user)
    hers = text_of(client.get(page))
    assert cast.chidi.name in hers
    assert "How much may the care team talk about Noor?" in hers
    one = reverse("consents:talking_one", args=[noor.pk, cast.chidi.pk])
    hers += text_of(client.get(one))
    assert "How much may they talk with Chidi Okafor about Noor?" in hers
    for word in ("your team", "about you", "your permissions", "Your permissions"):
        assert word not in hers, word


def test_a_paper_without_the_team_names_nobody_on_how_much_it_talks(cast, settings):
    """An agent's paper that leaves out the care team: not even the page of talking."""
    settings.DEMO = True
    rosa = relative(cast.amina, "Rosa Diallo")
    categories = CATEGORIES["medications"]
    record(cast, cast.amina, rosa, "guardian", categories=categories)
    client = Client()
    sign_in(client, rosa.user)
    page = text_of(client.get(reverse("consents:talking", args=[cast.amina.pk])))
    assert cast.chidi.name not in page, "on the team, with no permission"
    assert cast.bram.name in page, "who has one"
