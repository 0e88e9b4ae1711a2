"""A parent signs: for whom, with whose birth date, and never past the 18th birthday."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from carecoord import pdf, zones
from consents import actions, windows
from consents.access import guests
from consents.models import Consent, GuestCode
from consents.windows import State
from tests.cast import Cast
from tests.consents.guests import make, use
from tests.consents.test_minors import family  # noqa: F401
from tests.consents.views.pages import Pages, text_of

pytestmark = pytest.mark.usefixtures("demo")

MONTH = {"page": "summary", "window": "all", "ends": "29", "visits": "3"}


@pytest.fixture
def rosa(family) -> Pages:  # noqa: F811
    noor, party = family
    return Pages(Client(), party.user, noor)


def day(instant, zone: str) -> str:
    return zones.day_words(zones.last_day(instant, zone))


def test_the_pages_of_a_code_say_whose_it_is(rosa):
    for page in (rosa.get("codes"), rosa.get("code_make"), rosa.send(**MONTH)):
        text = text_of(page)
        assert "You act for Noor Haddad" in text or "You sign this for Noor" in text
        assert "our birth date" not in text and "our team" not in text
    text = text_of(rosa.page)
    assert "the code and the birth date of Noor can read it" in text
    assert "May stand on the page Medicines" in " ".join(
        re.sub("<[^>]+>", " ", text).split()
    )
    made = text_of(rosa.send(signed_name="Rosa Haddad", agree="on"))
    assert "They also need the birth date of Noor" in made
    assert "who treats Noor" in made and "who treats you" not in made
    assert GuestCode.objects.get().consent.recipient.name == "A clinician with the code"


def test_a_code_is_not_promised_past_the_birthday(rosa):
    noor = rosa.patient
    rosa.get("code_make")
    text = text_of(rosa.send(**MONTH))
    assert f"{day(noor.majority_at, noor.time_zone)}, the whole day." in text
    assert "Not longer, because Noor turns 18." in text
    rosa.send(signed_name="Rosa Haddad", agree="on")
    assert GuestCode.objects.get().consent.ends_at == noor.majority_at


def test_a_permission_is_not_promised_past_the_month_after_it(rosa, cast: Cast):
    noor, mother = rosa.patient, rosa.patient.representatives.get().party.user
    actions.join(
        patient=noor, party=cast.bram, role="psychiatrist", by=mother, at=cast.at
    )
    text = text_of(rosa.to_check(cast.bram))
    assert "You act for Noor Haddad" in text
    assert f"{day(noor.carried_until, noor.time_zone)}, the whole day." in text
    assert "Not longer, because Noor turns 18." in text
    rosa.sign(signed_name="Rosa Haddad")
    assert Consent.objects.get(patient=noor).ends_at == noor.carried_until


def test_the_twin_that_signs_the_day_that_was_chosen(rosa, monkeypatch):
    monkeypatch.setattr(windows, "no_later", lambda terms, **who: terms)
    rosa.get("code_make")
    rosa.send(**MONTH)
    rosa.send(signed_name="Rosa Haddad", agree="on")
    assert GuestCode.objects.get().consent.ends_at > rosa.patient.majority_at


# A printer that is busy -----------------------------------------------------------


@pytest.fixture
def busy(monkeypatch) -> None:
    def late(*args: object, **kwargs: object):
        raise pdf.RenderTimeout("Printing took too long.")

    monkeypatch.setattr(pdf, "lay_out", late)


def test_a_receipt_that_cannot_be_printed_says_so(amina, cast: Cast, busy):
    consent = Consent.objects.filter(patient=cast.amina).first()
    page = amina.get("receipt_pdf", consent.pk)
    assert page.status_code == 503
    assert "This was not printed" in text_of(page) and "wait a minute" in text_of(page)


def test_a_code_whose_slip_cannot_be_printed_stays_on_the_page(amina, busy):
    amina.get("code_make")
    amina.send(**MONTH)
    page = amina.send(signed_name="Amina Diallo", agree="on")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", text_of(page)).group()
    address = amina.address("code_slip", GuestCode.objects.get().pk)
    page = amina.client.post(address, {"code": code})
    assert page.status_code == 503
    assert code in text_of(page) and "The slip was not printed." in text_of(page)


def test_a_code_that_is_used_up_works_no_more_once_its_last_page_is_closed(amina, cast):
    made = make(cast.amina, at=cast.at, visits=1)
    visit = use(made.code, at=cast.at, birth_date=cast.amina.birth_date)
    assert "(1 works now)" in text_of(amina.get("sharing")), "it may be on a screen"
    stands = State("sharing")
    over = visit.at + guests.VISIT_LASTS
    last = guests.Code(made.guest_code, stands, [visit], over - timedelta(seconds=1))
    assert last.works
    assert not guests.Code(made.guest_code, stands, [visit], over).works
    assert guests.Code(made.guest_code, stands, [], over).works
