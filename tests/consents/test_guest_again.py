"""T70: one form with a code, sent again because its answer was lost, is one opening."""

import uuid
from datetime import timedelta

import pytest

from consents import actions
from consents.actions.guests import VISIT_LASTS
from consents.models import GuestTry, GuestVisit
from tests.consents.guests import CLAIM, make, use
from tests.consents.views.pages import hidden

pytestmark = pytest.mark.capability("S43")
KEY = uuid.UUID(int=7)


@pytest.fixture
def made(cast):
    """It opens once."""
    return make(cast.amina, at=cast.at, visits=1)


def sent(cast, made, *, key=KEY, after=timedelta(0), **how):
    how = {"birth_date": cast.amina.birth_date, "at": cast.at + after} | how
    return use(made.code, key=key, **how)


@pytest.mark.security("T70")
def test_a_code_that_opens_once_survives_an_answer_that_is_lost(cast, made):
    first = sent(cast, made)
    assert first and sent(cast, made, after=VISIT_LASTS / 2) == first
    assert GuestVisit.objects.count() == 1


def test_it_opens_nothing_for_longer_nor_for_other_words(cast, made):
    assert sent(cast, made)
    other = actions.Claim("Dr. Else", CLAIM.organization, CLAIM.reason)
    for how in (
        {"after": VISIT_LASTS},
        {"key": uuid.UUID(int=8)},
        {"key": None},
        {"claim": other},
        {"birth_date": cast.amina.birth_date + timedelta(days=1)},
    ):
        assert sent(cast, made, **how) is None, how
    assert GuestVisit.objects.count() == 1 and GuestTry.objects.count() == 5


def test_a_stop_ends_it_for_the_same_form_too(cast, made):
    assert sent(cast, made)
    consent = made.guest_code.consent
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    assert sent(cast, made) is None


def test_of_a_code_that_opens_more_often_a_later_one_is_another(cast):
    made = make(cast.amina, at=cast.at, visits=3)
    first = sent(cast, made)
    second = sent(cast, made, after=VISIT_LASTS)
    assert second and second != first and GuestVisit.objects.count() == 2


def test_two_patients_with_one_form_are_two(cast):
    """The code is part of it: no form leads into what another code opened."""
    one, other = make(cast.amina, at=cast.at), make(cast.gus, at=cast.at)
    first = sent(cast, one)
    second = sent(cast, other, birth_date=cast.gus.birth_date)
    assert (first.code, second.code) == (one.guest_code, other.guest_code)


def test_the_page_carries_a_key_of_its_own_and_sent_twice_it_opens(client, cast, made):
    form, other = (hidden(client.get("/code/").content.decode()) for _page in range(2))
    assert form["key"] != other["key"]
    said = {"code": made.code, "birth_date": f"{cast.amina.birth_date:%b %d, %Y}"}
    said |= {"name": "Dr. R. Novak", "organization": "Mercy", "reason": "A fall"}
    first, second = (client.post("/code/", form | said) for _click in range(2))
    assert first.url == second.url and client.get(second.url).status_code == 200
    assert client.post("/code/", other | said).status_code == 200, "it is used up"


@pytest.mark.security("T93")
def test_after_a_death_no_code_opens_and_none_says_that_it_was_right(cast, made):
    """As for a wrong one: nothing is opened, counted, or sent on to a page."""
    actions.record_death(
        patient=cast.amina, died_at=cast.at, by=cast.ines, at=cast.at, document="x"
    )
    assert sent(cast, made) is None
    assert not GuestVisit.objects.exists()
