"""Every page that the others can reach by links; and proof that a fault is found."""

from __future__ import annotations

import pytest

from tests.browser.inspecting import Inspector, walk
from tests.browser.people import PHONE, House

# Minutes of walking: `make test-deep` runs it.
pytestmark = pytest.mark.deep

# Looked at once, with the patient's pages.
SHARED = {
    *("crisis", "help", "help_roles", "signed_out", "mfa_index", "account_email"),
    *("account_change_password", "account_reauthenticate", "account_reset_password"),
}


@pytest.mark.security("T33")
@pytest.mark.parametrize("who", ["therapist", "psychiatrist", "pcp"])
def test_the_pages_of_a_clinician(house: House, who: str) -> None:
    person = house.sign_in(who, width=PHONE)
    inspector = Inspector(person.page, is_provider=True)
    chart = f"/patients/{house.jordan}/"
    start = ["/", "/notices/", chart]
    start += [f"{chart}{noun}/" for noun in ("medicines", "list", "allergies", "team")]
    start += [f"/patients/{house.park}/"] if who == "therapist" else []
    walk(inspector, start=start, known=set(SHARED))
    _nothing_is_wrong(inspector)


@pytest.mark.parametrize("who", ["caregiver", "supervisor", "privacy", "admin"])
def test_the_pages_of_everyone_else(house: House, who: str) -> None:
    person = house.sign_in(who, width=PHONE)
    inspector = Inspector(person.page, is_provider=True)
    walk(inspector, start=["/", "/notices/"], known=set(SHARED))
    _nothing_is_wrong(inspector)


def test_the_pages_without_an_account(house: House) -> None:
    inspector = Inspector(house.visit(width=PHONE).page)
    walk(inspector, start=["/accounts/login/", "/signed-out/"], known=set())
    inspector.open("/no/such/page/")
    inspector.open("/invitation/link/nothing-of-the-kind/")
    _nothing_is_wrong(inspector)


def _nothing_is_wrong(inspector: Inspector) -> None:
    assert not inspector.found, "\n".join(sorted(set(inspector.found)))
    assert not inspector.same_titles()


DEFECTS = {
    "label": (
        "document.querySelectorAll('label').forEach((e) => e.removeAttribute('for'))"
    ),
    "axe light: color-contrast": (
        "document.querySelector('h1').style.color = 'rgb(230, 230, 230)'"
    ),
    "2 h1": "document.querySelector('main').append(document.createElement('h1'))",
    "small": "document.querySelector('button[type=submit].btn').style.minHeight = '0';"
    "document.querySelector('button[type=submit].btn').style.height = '20px'",
    "scrolls sideways": "document.querySelector('h1').style.width = '900px'",
    "inline": "document.querySelector('h1').setAttribute('style', 'color: black')",
    "unsendable": "document.querySelector('[name=csrfmiddlewaretoken]').remove()",
    "torn": "document.querySelector('button[type=submit].btn').innerHTML ="
    " 'Since <b>buPROPion</b>: how it has been'",
    "no language": "document.documentElement.removeAttribute('lang')",
    "no way to crisis help": (
        "document.querySelectorAll(\"a[href='/crisis/']\").forEach((e) => e.remove())"
    ),
    "banned": "document.querySelector('h1').textContent = 'Discontinued'",
    "unsafe": "document.querySelector('h1').textContent = 'Take 5.0 mg QD'",
}


@pytest.mark.security("T33")
def test_each_kind_of_fault_is_found(house: House) -> None:
    person = house.visit(width=PHONE)
    for expected, defect in DEFECTS.items():
        person.go("/accounts/login/")
        person.page.evaluate(defect)
        inspector = Inspector(person.page)
        inspector.look()
        assert [line for line in inspector.found if expected in line], expected
    reports = [line for line in house.trouble if "Content Security Policy" in line]
    assert reports, "the inline style was reported"
    house.trouble.clear()
