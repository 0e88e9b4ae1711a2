"""What the browser prints is complete: what is folded on screen too (SCREENS I9)."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest

from tests.browser.people import House, Person

# Each piece of text of the main part with everything open, as on paper; not what is
# only heard, and not what a rule of the style sheet adds.
OPEN = """() => {
  document.querySelectorAll("main details").forEach((e) => { e.open = true; });
  document.querySelectorAll(".vh").forEach((e) => e.remove());
  const texts = document.createTreeWalker(
    document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.checkVisibility({checkVisibilityCSS: true}))
      found.push(text.data);
  }
  return found.join(" ");
}"""
FOLDED = "[...document.querySelectorAll('main details:not([open])')].length"
# The one rule of the style sheet that opens what is folded.
FORGET = """() => {
  for (const rule of document.styleSheets[0].cssRules) {
    if (rule.media?.mediaText !== "print") continue;
    const at = [...rule.cssRules].findIndex(
      (one) => one.selectorText?.includes("details-content"));
    if (at >= 0) rule.deleteRule(at);
  }
}"""


def test_the_list_prints_with_what_was_stopped(house: House) -> None:
    patient = house.sign_in("patient")
    patient.go(f"/patients/{house.jordan}/medicines/")
    assert patient.page.evaluate(FOLDED), "something is folded on this page"
    assert _missing(patient) == set()


@pytest.mark.parametrize("who", ["patient", "pcp"])
def test_the_summary_prints_whole(house: House, who: str) -> None:
    person = house.sign_in(who)
    person.go(f"/patients/{house.jordan}/summary/")
    assert _missing(person) == set()


def test_a_receipt_prints_whole(house: House) -> None:
    patient = house.sign_in("patient")
    patient.go(f"/patients/{house.jordan}/sharing/receipts/")
    patient.page.locator("main a[href*='/receipts/']").first.click()
    patient.reads("Receipt number")
    assert _missing(patient) == set()
    # What is longer than a page begins under its heading, not on the next page.
    assert "Receipt number" in _pages(patient)[0]


def test_no_button_and_no_way_around_is_printed(house: House) -> None:
    patient = house.sign_in("patient")
    patient.go(f"/patients/{house.jordan}/medicines/")
    said = _printed(patient)
    for words in ("Sign out", "Add a medicine", "Change dose", "Skip to the main"):
        assert words not in said


def test_a_style_sheet_that_leaves_it_folded_is_found(house: House) -> None:
    patient = house.sign_in("patient")
    patient.go(f"/patients/{house.jordan}/medicines/")
    patient.page.evaluate(FORGET)
    assert _missing(patient)


def _missing(person: Person) -> set[str]:
    """The words that stand on the page and not on the paper."""
    printed = _bare(_printed(person))
    person.page.emulate_media(media="print")
    wanted = person.page.evaluate(OPEN).split()
    assert len(wanted) > 50, "the page has something to print"
    return {word for word in wanted if _bare(word) not in printed}


def _printed(person: Person) -> str:
    return "\n".join(_pages(person))


def _pages(person: Person) -> list[str]:
    pdf = pypdfium2.PdfDocument(io.BytesIO(person.page.pdf(format="Letter")))
    return [page.get_textpage().get_text_bounded() for page in pdf]


def _bare(text: str) -> str:
    """Without white space and hyphens: a line may break at either."""
    return re.sub(r"[\s\-\u00ad\ufffe\x02]", "", text)
