"""T37, L19: after signing out nothing of what was seen is left in the browser.

That no page asks another origin and none breaks the content policy is held by the house
itself, in every journey (tests/browser/people.py).
"""

from __future__ import annotations

import pytest

from tests.browser.people import House

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


@pytest.mark.security("T37", "L19")
def test_a_request_to_another_origin_is_noticed(house: House) -> None:
    """The watch over every journey bites."""
    person = house.visit()
    person.go("/crisis/")
    person.page.evaluate("fetch('http://tracker.invalid/x').catch(() => 0)")
    person.wait_until(lambda: any("tracker.invalid" in said for said in house.trouble))
    house.trouble = []
