"""T37, L19: after signing out nothing of what was seen is left in the browser.

That no page asks another origin and none breaks the content policy is held by the house
itself, in every journey (tests/browser/people.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from tests.browser.people import House, Person

TEN_SECONDS = 10_000
GONE = "() => !document.body.innerText.toLowerCase().includes('quetiapine')"

# Everything in which a page can keep something.
KEPT = """async () => {
  const databases = indexedDB.databases ? await indexedDB.databases() : [];
  const workers = await navigator.serviceWorker.getRegistrations();
  const caches_ = window.caches ? await caches.keys() : [];
  return {
    local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage),
    databases: databases.length, workers: workers.length, caches: caches_.length,
  };
}"""


@pytest.mark.security("T37", "L19")
def test_after_signing_out_nothing_is_left(house: House) -> None:
    doctor = house.sign_in("psychiatrist")
    doctor.go(f"/patients/{house.jordan}/")
    assert "quetiapine" in doctor.page.content().lower()
    kept = doctor.page.evaluate(KEPT)
    assert (kept["databases"], kept["workers"], kept["caches"]) == (0, 0, 0)
    assert not any(word in repr(kept) for word in ("quetiapine", "Jordan", "Rivera"))

    with doctor.page.expect_response(lambda one: one.request.method == "POST") as sent:
        doctor.press("Sign out")
    assert sent.value.all_headers()["clear-site-data"] == '"cache", "storage"'
    doctor.page.wait_for_load_state("networkidle")
    assert doctor.page.evaluate(KEPT)["local"] == "{}"

    doctor.page.go_back()
    doctor.page.wait_for_load_state("networkidle")
    said = doctor.page.content().lower()
    assert "quetiapine" not in said and "rivera" not in said
    assert "/accounts/login/" in doctor.page.url or "sign in" in said


def two_tabs(house: House, *, script: str = "") -> tuple[Person, Any]:
    """Somebody with their own medicines in a second tab; other words of still.js."""
    jordan = house.sign_in("patient")
    if script:
        jordan.page.context.route(
            "**/js/still*.js",
            lambda route: route.fulfill(body=script, content_type="text/javascript"),
        )
    other = jordan.page.context.new_page()
    other.goto(f"/patients/{house.jordan}/medicines/")
    assert not other.locator("body").get_attribute("data-shown")
    assert "quetiapine" in other.locator("body").inner_text().lower()
    return jordan, other


@pytest.mark.security("T37", "T23")
def test_signing_out_in_one_tab_empties_the_others(house: House) -> None:
    """Also where somebody else signs in at once: the tab is not theirs."""
    jordan, other = two_tabs(house)
    jordan.press("Sign out")
    jordan.sign_in("teen")
    other.wait_for_function(GONE, timeout=TEN_SECONDS)
    # The page that comes instead is asked for by the other one, and is not theirs.
    other.get_by_role("heading", level=1).wait_for()
    assert "Jordan" not in other.locator("body").inner_text()


@pytest.mark.security("T37", "T23")
def test_the_twin_that_asks_only_for_others_goes_on_showing_it(house: House) -> None:
    script = Path(finders.find("js/still.js")).read_text()
    old = script.replace(": body.dataset.hereUrl", ': ""')
    assert old != script
    jordan, other = two_tabs(house, script=old)
    jordan.press("Sign out")
    other.wait_for_timeout(TEN_SECONDS)
    assert "quetiapine" in other.locator("body").inner_text().lower()


@pytest.mark.security("T37", "L19")
def test_a_request_to_another_origin_is_noticed(house: House) -> None:
    """The watch over every journey bites."""
    person = house.visit()
    person.go("/crisis/")
    person.page.evaluate("fetch('http://tracker.invalid/x').catch(() => 0)")
    person.wait_until(lambda: any("tracker.invalid" in said for said in house.trouble))
    house.trouble = []
