"""T91: whoever presses "Leave this page now" is gone, with script and without.

The page elsewhere is this test's own: the same server by another name, which is another
origin to a browser. Nothing is asked of the world outside.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from carecoord import context_processors, middleware
from carecoord.jurisdiction import Elsewhere
from tests.browser.people import House, Person, user

WORDS = "Leave this page now"
# Everything on the screen and what the tab says, each time either changes.
WATCH = """() => {
  window.started = window.late = false;
  const note = () => {
    if (window.started && !document.body.innerText.trim() && !window.blank)
      window.blank = {late: window.late, title: document.title};
  };
  new MutationObserver(note).observe(document, {subtree: true, childList: true});
  // Before the browser turns to anything else, however busy the machine.
  const start = (e) => {
    if (!window.started) setTimeout(() => { window.late = true; });
    window.started = true;
  };
  const third = (e) => { if (e.key === "Shift" && ++window.shifts === 3) start(); };
  window.shifts = 0;
  document.querySelector(".leave-now").addEventListener("click", start, true);
  document.addEventListener("keyup", third, true);
}"""

# Where the server's answer is waited for, the page waits for it too: its one second of
# patience (leave.js) is shorter than what a busy machine needs.
ENDLESS = """() => {
  const real = window.setTimeout;
  window.setTimeout = (act, ms) => ms === 1000 ? 0 : real(act, ms);
}"""


@pytest.fixture
def elsewhere(house: House, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the button leads in this test."""
    origin = house.address.replace("127.0.0.1", "localhost")
    page = Elsewhere(f"{origin}/healthz", "a test")
    place = replace(context_processors.place(), elsewhere=page)
    monkeypatch.setattr(context_processors, "place", lambda: place)
    return page.address


def signed_in(house: House, **options: Any) -> Person:
    jordan = user("patient")
    jordan.quick_exit = True
    jordan.save()
    person = house.sign_in("patient", **options)
    person.go(f"/patients/{house.jordan}/medicines/")
    return person


def only_elsewhere(house: House, elsewhere: str) -> None:
    """The one page outside was asked for, and nothing was wrong but that."""
    assert house.trouble, "nobody went elsewhere"
    assert {line.removesuffix(elsewhere) for line in house.trouble} == {
        "another origin was asked: "
    }
    house.trouble = []


def goes_back_to_sign_in(person: Person) -> None:
    person.page.go_back(wait_until="networkidle")
    assert person.path == "/accounts/login/"
    assert "quetiapine" not in person.page.content().lower()


def press_shift(person: Person, times: int = 3) -> None:
    for _ in range(times):
        person.page.keyboard.press("Shift")


def press_the_button(person: Person) -> None:
    person.page.get_by_role("button", name=WORDS).click()


@pytest.mark.security("T91")
@pytest.mark.parametrize("leave", [press_shift, press_the_button])
def test_the_page_is_blank_at_once_and_replaced(
    house: House, elsewhere: str, leave: Any
) -> None:
    person = signed_in(house)
    person.page.evaluate(ENDLESS)
    person.page.evaluate(WATCH)
    entries = person.page.evaluate("history.length")
    # The server is slow to answer: the page is blank before that all the same.
    held: list[Any] = []
    person.page.route("**/leave/", lambda route: held.append(route))
    leave(person)
    person.page.wait_for_function("window.blank")
    blank = person.page.evaluate("window.blank")
    assert blank == {"late": False, "title": "Loading"}
    assert person.path.endswith("/medicines/"), "blank before any navigation"
    assert "quetiapine" not in person.page.content().lower()
    person.wait_until(lambda: held)
    held[0].continue_()
    person.page.wait_for_url(elsewhere)
    assert person.page.evaluate("[history.length, document.referrer]") == [entries, ""]
    goes_back_to_sign_in(person)
    only_elsewhere(house, elsewhere)


@pytest.mark.security("T91")
def test_every_other_tab_is_left_with_it(house: House, elsewhere: str) -> None:
    """At once, however slow the server is to end the session."""
    person = signed_in(house)
    other = person.page.context.new_page()
    other.goto(f"/patients/{house.jordan}/medicines/")
    assert "quetiapine" in other.content().lower()
    person.page.route("**/leave/", lambda route: None)
    press_shift(person)
    other.wait_for_url(elsewhere)
    person.page.wait_for_url(elsewhere)
    only_elsewhere(house, elsewhere)


@pytest.mark.security("T91")
def test_a_line_that_is_down_keeps_nobody_here(house: House, elsewhere: str) -> None:
    person = signed_in(house)
    person.page.route("**/leave/", lambda route: None)
    press_shift(person)
    person.page.wait_for_url(elsewhere)
    only_elsewhere(house, elsewhere)


def asks_and_leaves(house: House, script: str | None = None) -> Person:
    """A tab that was just asking whether it may go on (still.js), and is left.

    The answer, that it may not, comes when the page is blank. The way out is slow.
    """
    reader = user("psychiatrist")
    reader.quick_exit = True
    reader.save()
    person = house.sign_in("psychiatrist")
    if script is not None:
        person.page.route(
            "**/js/still*.js",
            lambda route: route.fulfill(body=script, content_type="text/javascript"),
        )
    asked: list[Any] = []
    person.page.route("**/still/?*", lambda route: asked.append(route))
    person.page.route("**/leave/", lambda route: None)
    person.go(f"/patients/{house.jordan}/medicines/")
    assert person.page.locator("body").get_attribute("data-shown")
    if script is not None:
        person.page.evaluate(ENDLESS)
    person.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    person.wait_until(lambda: asked)
    press_shift(person)
    person.page.wait_for_function("() => !document.body.innerText.trim()")
    asked[0].fulfill(status=286)
    return person


@pytest.mark.security("T91", "T23")
def test_a_tab_that_was_asking_does_not_come_back(house: House, elsewhere: str) -> None:
    person = asks_and_leaves(house)
    person.page.wait_for_url(elsewhere)
    only_elsewhere(house, elsewhere)


@pytest.mark.security("T91", "T23")
def test_without_the_guard_the_page_comes_back(house: House, elsewhere: str) -> None:
    """The twin: still.js that does not look whether somebody has left."""
    script = Path(finders.find("js/still.js")).read_text()
    person = asks_and_leaves(
        house, script.replace("dataset.left !==", "dataset.no !==")
    )
    assert "dataset.left !==" in script
    person.page.wait_for_function(
        "() => document.body.innerText.toLowerCase().includes('quetiapine')"
    )
    assert person.path.endswith("/medicines/")


@pytest.mark.security("T91")
def test_the_button_needs_no_script(house: House, elsewhere: str) -> None:
    person = signed_in(house, width=320, javascript=False)
    person.page.emulate_media(media="print")
    assert not person.page.get_by_text(WORDS).is_visible(), "on paper"
    person.page.emulate_media(media="screen")
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Tab")
    focused = person.page.locator(":focus")
    assert focused.inner_text() == WORDS, "first after the skip link"
    wide = person.page.locator("html").evaluate("(e) => e.scrollWidth")
    assert wide <= 320
    person.page.mouse.wheel(0, 2000)
    assert focused.bounding_box()["y"] >= 0, "in reach wherever one has scrolled"
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(elsewhere)
    goes_back_to_sign_in(person)
    only_elsewhere(house, elsewhere)


@pytest.mark.security("T91")
def test_without_its_line_in_the_policy_the_browser_stays(
    house: House, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the policy is what lets the form leave, and it is noticed."""
    monkeypatch.setattr(middleware.WayOut, "__call__", lambda it, r: it.get_response(r))
    person = signed_in(house, javascript=False)
    press_the_button(person)
    person.wait_until(lambda: any("form-action" in line for line in house.trouble))
    assert person.page.url != elsewhere
    house.trouble = []


@pytest.mark.security("T91")
def test_shift_while_writing_is_not_leaving(house: House, elsewhere: str) -> None:
    person = house.visit()
    person.page.clock.install()
    jordan = user("patient")
    jordan.quick_exit = True
    jordan.save()
    person.sign_in("patient")
    person.go(f"/patients/{house.jordan}/medicines/add/")
    box = person.page.locator("main input[type=text]").first
    box.focus()
    for letter in "ABCD":
        person.page.keyboard.press(f"Shift+{letter}")
    for _ in range(4):
        person.page.keyboard.press("Control+Shift")
        person.page.keyboard.press("Shift+Tab")
    press_shift(person, 2)
    said = person.page.locator("#status").text_content()
    assert said == "Press Shift once more to leave this page."
    person.page.clock.fast_forward("00:06")
    press_shift(person, 2)
    person.page.wait_for_timeout(200)
    assert person.path.endswith("/medicines/add/")
    assert re.search("ABCD", box.input_value())
    press_shift(person, 1)
    person.page.clock.fast_forward("00:02")
    person.page.wait_for_url(elsewhere)
    only_elsewhere(house, elsewhere)
