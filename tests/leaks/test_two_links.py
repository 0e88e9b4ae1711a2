"""T100: two invitations in one browser. A yes belongs to the page on which it was said.

Found: the page of the first was answered, and the second was accepted: with the name of
one clinician before the eyes, another one joined the care team.
"""

import re

import pytest
from django.test import Client

from carecoord.models import OutgoingMail
from consents.models import Invitation
from patients.models import SignInOffer
from patients.views import which_page
from providers.models import CareTeamParticipant
from tests.consents import acting
from tests.consents.views.pages import hidden, sign_in, text_of
from tests.patients.test_invitations import form_key, link_in, sent_link

pytestmark = pytest.mark.usefixtures("demo")
ACCEPT, NOT_ME = "/invitation/accept/", "/invitation/not-me/"


def invited_by(cast, who: str) -> str:
    """The link of an invitation that a clinician sends to Gus."""
    client = Client()
    sign_in(client, cast.user(who))
    said = {"form_key": form_key(), "name": "Gus", "address": "g@example.org"}
    client.post("/patients/invite/", said | {"share": "later"})
    sent = Invitation.objects.get(sent_by=cast.user(who))
    return link_in(OutgoingMail.objects.get(key=f"invitation:{sent.pk}"))


@pytest.fixture
def form(cast, client):
    """What the page about Chidi sends, after the link of Dana was opened too."""
    sign_in(client, cast.user("gus"))
    client.get(invited_by(cast, "chidi"))
    page = client.get(ACCEPT)
    assert "Chidi Okafor" in text_of(page)
    client.get(invited_by(cast, "dana"))
    return hidden(page.content.decode())


def team(cast) -> set[str]:
    return {
        each.party.name
        for each in CareTeamParticipant.objects.current().filter(patient=cast.gus)
    }


@pytest.mark.security("T100")
def test_the_yes_of_the_first_page_accepts_nobody_else(cast, client, form):
    before = team(cast)
    answer = client.post(ACCEPT, form | {"answer": "yes"})
    assert answer.status_code == 409 and team(cast) == before
    assert "Nothing was accepted." in text_of(answer)
    assert "Dr. Dana Levy" in text_of(client.get(ACCEPT)), "it can be read now"
    assert client.post(NOT_ME, form).url == "/invitation/"
    assert not Invitation.objects.exclude(not_me_at=None).exists()
    mine = hidden(client.get(ACCEPT).content.decode())
    client.post(ACCEPT, mine | {"answer": "yes"})
    assert team(cast) == before | {"Dr. Dana Levy"}


def test_the_test_of_it_fails_where_the_page_is_not_asked_for(
    cast, client, form, monkeypatch
):
    monkeypatch.setattr(
        which_page, "is_of_another", lambda request, found, field: False
    )
    client.post(ACCEPT, form | {"answer": "yes"})
    assert "Dr. Dana Levy" in team(cast), "the page said Chidi Okafor"


def born(cast) -> str:
    """The birth date of a child of 13 or 14."""
    day = cast.today.replace(year=cast.today.year - 14, month=1, day=3)
    return f"{day:%b %d, %Y}"


def children(cast, *names: str) -> tuple[Client, list[str]]:
    """The browser of the first of them, and the links to the sign-ins of all."""
    rosa, links = acting.relative(cast.gus, "Rosa Haddad").user, []
    parent = Client()
    sign_in(parent, rosa)
    for name in names:
        said = {"name": name, "birth_date": born(cast), "state": "WA"}
        chart = parent.post("/welcome/child/", said | {"parent": "on"}).url
        own = {"email": f"{name.split()[0].lower()}@own.example"}
        parent.post(f"{chart}sign-in/", own)
        sent = OutgoingMail.objects.filter(key__startswith="sign-in-offer:")
        body = sent.latest("created_at").body
        links.append(re.search(r"/own-sign-in/[\w-]+/", body).group(0))
    child = Client()
    sign_in(child, acting.people.user(names[0]))
    return child, links


@pytest.mark.security("T100")
def test_a_twin_takes_no_record_of_the_other(cast):
    """Both were born on one day, and open their links on one computer."""
    mia, links = children(cast, "Mia Haddad", "Noa Haddad")
    form = hidden(mia.get(links[0], follow=True).content.decode())
    mia.get(links[1])
    answer = mia.post("/own-sign-in/", form | {"birth_date": born(cast)})
    assert answer.status_code == 409
    assert not SignInOffer.objects.exclude(taken_at=None).exists()


# A form that does not say of which page it is -------------------------------------

REFUSED = "This form did not say which link it is for, so nothing was done."
DETAILS = {"profession": "psychiatrist", "licence_state": "NY", "licence_number": "77"}


def new_clinician(cast, client):
    """Somebody new, behind the link that Amina sent to a colleague of hers."""
    link = sent_link(client, cast)
    sign_in(client, acting.people.user("Dr. Pat Lee"))
    client.get(link)
    return client


@pytest.mark.security("T100")
@pytest.mark.parametrize("said", [{}, {"invitation": ""}])
def test_a_yes_to_no_page_accepts_nothing_and_keeps_what_was_typed(cast, client, said):
    new_clinician(cast, client)
    answer = client.post(ACCEPT, DETAILS | said)
    assert answer.status_code == 409 and REFUSED in text_of(answer)
    assert 'value="77"' in text_of(answer)
    assert Invitation.objects.get().accepted_at is None
    again = hidden(answer.content.decode()) | DETAILS
    assert client.post(ACCEPT, again).status_code == 302, "read, and sent again"


@pytest.mark.security("T100")
def test_no_page_adds_a_clinician_for_a_patient_or_closes_a_link(cast, client):
    sign_in(client, cast.user("gus"))
    client.get(invited_by(cast, "dana"))
    before = team(cast)
    for address in (ACCEPT, NOT_ME):
        answer = client.post(address, {"answer": "yes"})
        assert answer.status_code == 409 and REFUSED in text_of(answer)
    assert team(cast) == before
    assert not Invitation.objects.exclude(not_me_at=None).exists()
    form = hidden(answer.content.decode())
    assert client.post(NOT_ME, form).url == "/invitation/closed/"


@pytest.mark.security("T100")
def test_no_page_takes_the_sign_in_of_a_child(cast):
    mia, links = children(cast, "Mia Haddad")
    mia.get(links[0])
    answer = mia.post("/own-sign-in/", {"birth_date": born(cast)})
    assert answer.status_code == 409 and REFUSED in text_of(answer)
    assert f'value="{born(cast)}"' in text_of(answer)
    assert not SignInOffer.objects.exclude(taken_at=None).exists()


def test_the_test_of_it_fails_where_silence_is_taken_for_yes(cast, client, monkeypatch):
    monkeypatch.setattr(which_page, "is_unsaid", lambda request, field: False)
    new_clinician(cast, client)
    assert client.post(ACCEPT, DETAILS).status_code == 302
