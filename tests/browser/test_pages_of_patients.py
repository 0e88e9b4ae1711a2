"""Every page that a patient can reach by links, and what is wrong with it: nothing."""

from __future__ import annotations

import pytest

from tests.browser.inspecting import Inspector, walk
from tests.browser.people import PHONE, House

# Minutes of walking: `make test-deep` runs it.
pytestmark = pytest.mark.deep

START = ["/", "/accounts/2fa/", "/accounts/email/", "/notices/"]


@pytest.mark.security("T33")
def test_the_pages_of_a_full_record(house: House) -> None:
    person = house.sign_in("patient", width=PHONE)
    inspector = Inspector(person.page)
    walk(inspector, start=START, known=set())
    assert not inspector.found, "\n".join(sorted(set(inspector.found)))
    assert not inspector.same_titles()


def test_the_pages_of_a_record_that_has_little(house: House) -> None:
    person = house.sign_in("patient2", width=PHONE)
    inspector = Inspector(person.page)
    chart = f"/patients/{house.park}/"
    for address in (
        *("", "medicines/", "allergies/", "substances/", "sharing/", "sharing/log/"),
        *(
            "sharing/log/?show=downloads",
            "sharing/receipts/",
            "sharing/from-elsewhere/",
            "sharing/talking/",
            "updates/",
            "record/",
        ),
        *("more/", "team/", "summary/", "list/", "import/"),
    ):
        inspector.open(chart + address)
    inspector.open("/notices/")
    assert not inspector.found, "\n".join(sorted(set(inspector.found)))


ACTING = (
    *("", "medicines/", "sharing/", "sharing/log/", "sharing/acting/"),
    *("sharing/talking/", "team/"),
)


@pytest.mark.parametrize("who", ["parent", "representative", "teen", "patient3"])
def test_the_pages_of_acting_and_being_acted_for(house: House, who: str) -> None:
    person = house.sign_in(who, width=PHONE)
    inspector = Inspector(person.page)
    chart = house.chart_of(who)
    for address in (*ACTING, *(("state/",) if who == "teen" else ())):
        inspector.open(chart + address)
    inspector.open("/welcome/child/")
    assert not inspector.found, "\n".join(sorted(set(inspector.found)))


def test_the_privacy_officers_pages_of_who_acts(house: House) -> None:
    person = house.sign_in("privacy", width=PHONE)
    inspector = Inspector(person.page)
    chart = house.chart_of("patient3").removeprefix("/patients/")
    one = f"/privacy/acting/patient/{chart}"
    for address in ("/privacy/acting/", one, f"{one}new/", f"{one}death/"):
        inspector.open(address)
    assert not inspector.found, "\n".join(sorted(set(inspector.found)))
