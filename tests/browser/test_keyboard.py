"""With the keyboard alone: every stop is seen, in order, and leads on (SCREENS I5)."""

from __future__ import annotations

import pytest

from tests.browser.keyboard import walk
from tests.browser.people import PHONE, House, Person

CHART = "/patients/{jordan}/"
PAGES = {
    "patient": [
        "/",
        f"{CHART}medicines/",
        f"{CHART}medicines/add/",
        f"{CHART}sharing/",
        f"{CHART}sharing/grant/",
        f"{CHART}summary/",
        f"{CHART}details/",
    ],
    "therapist": ["/worklist/", CHART, f"{CHART}updates/new/"],
}


@pytest.mark.parametrize("width", [PHONE, 1280])
@pytest.mark.parametrize("who", PAGES)
def test_every_stop_is_seen_and_leads_on(house: House, who: str, width: int) -> None:
    person = house.sign_in(who, width=width)
    found = []
    for address in PAGES[who]:
        person.go(address.format(jordan=house.jordan))
        if person.page.get_by_role("button", name="I understand, go on").count():
            person.press("I understand, go on")
        stops, problems = walk(person.page)
        assert len(stops) > 5, person.here
        found += [f"{person.path}: {problem}" for problem in problems]
    assert not found, "\n".join(found)


def test_the_warning_before_the_time_is_up_closes_with_escape(house: House) -> None:
    person = house.visit()
    person.page.clock.install()
    person.sign_in("patient")
    dialog = person.page.locator("#timeout")
    person.page.clock.fast_forward("25:00")
    assert not dialog.is_visible()
    person.page.clock.fast_forward("02:30")
    dialog.wait_for(state="visible")
    for _ in range(4):
        person.page.keyboard.press("Tab")
        assert not _is_behind(person), "the page behind the dialog has the focus"
    person.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    person.page.clock.fast_forward("05:00")
    assert not dialog.is_visible(), "the half hour begins again"
    assert person.path != "/signed-out/"


def _is_behind(person: Person) -> bool:
    return person.page.evaluate(
        "document.activeElement !== document.body"
        " && !document.activeElement.closest('#timeout')"
    )


# Each fault, and the words that say that it was found.
DEFECTS = {
    "a ring of": "document.querySelectorAll('main a, main button').forEach("
    "(e) => { e.style.outline = 'none'; })",
    "out of sight": "document.querySelector('main button').style.opacity = '0'",
    "covered": "const lid = document.createElement('div'); document.body.append(lid);"
    "Object.assign(lid.style, {position: 'fixed', inset: '0 0 300px 0',"
    "background: 'white', zIndex: 9})",
    "upwards or backwards": "document.querySelector('footer a').tabIndex = 1",
    "trapped": "document.querySelector('main input:not([type=hidden])')"
    ".addEventListener('keydown', (e) => e.preventDefault())",
    "are reached": "document.querySelector('main button').tabIndex = -1",
}


@pytest.mark.parametrize("said", DEFECTS)
def test_each_kind_of_fault_is_found(house: House, said: str) -> None:
    person = house.visit(width=PHONE)
    person.go("/accounts/login/")
    assert walk(person.page)[1] == []
    person.go("/accounts/login/")
    person.page.evaluate(DEFECTS[said])
    found = walk(person.page)[1]
    assert [line for line in found if said in line], found
