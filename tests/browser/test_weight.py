"""How heavy the pages are for somebody with a slow line (SCREENS I8, B1)."""

from __future__ import annotations

import gzip
from typing import Any

from tests.browser.people import PHONE, House

FIRST_LOAD = 120_000
LATER_PAGE = 25_000
# Static files leave the server compressed (WhiteNoise); pages leave it as they are.
PRESSED = ("text/css", "javascript", "svg")


def test_the_first_load_is_light(house: House) -> None:
    loaded = _first_load(house)
    for part in ("text/html", "text/css", "javascript", "font/woff2"):
        assert any(part in kind for kind in loaded), f"no {part} was loaded"
    assert sum(loaded.values()) <= FIRST_LOAD, loaded


def test_two_fonts_too_many_are_noticed(house: House) -> None:
    loaded = _first_load(house, more=_load_the_fonts_of_the_paper)
    assert sum(loaded.values()) > FIRST_LOAD


def test_the_home_is_light_once_the_font_is_there(house: House) -> None:
    patient = house.sign_in("patient", width=PHONE)
    page = patient.go("/").body()
    styles = patient.page.request.get(_href_of_styles(patient.page)).body()
    assert len(gzip.compress(page)) + len(gzip.compress(styles)) <= LATER_PAGE


def test_every_later_page_is_light(house: House) -> None:
    chart = f"/patients/{house.jordan}/"
    nouns = {
        "patient": ("medicines/", "sharing/", "sharing/log/", "summary/", "updates/"),
        "therapist": ("", "medicines/", "updates/", "updates/new/", "summary/"),
        "psychiatrist": ("", "../../worklist/"),
    }
    heavy = {}
    for who, pages in nouns.items():
        person = house.sign_in(who, width=PHONE)
        for noun in pages:
            answer = person.page.request.get(chart + noun)
            assert answer.ok, noun
            size = len(gzip.compress(answer.body()))
            if size > LATER_PAGE:
                heavy[f"{who} {noun}"] = size
    assert not heavy


def _first_load(house: House, more: Any = None) -> dict[str, int]:
    """Bytes by kind, in a browser that has never been here."""
    person = house.visit(width=PHONE)
    answers: list[Any] = []
    person.page.on("response", lambda answer: answers.append(answer))
    person.page.goto("/accounts/login/", wait_until="networkidle")
    if more:
        more(person.page)
    loaded: dict[str, int] = {}
    for answer in answers:
        kind = answer.headers.get("content-type", "")
        loaded[kind] = loaded.get(kind, 0) + _transferred(kind, answer)
    return loaded


def _transferred(kind: str, answer: Any) -> int:
    if any(part in kind for part in PRESSED):
        return len(gzip.compress(answer.body()))
    return answer.request.sizes()["responseBodySize"]


def _load_the_fonts_of_the_paper(page: Any) -> None:
    for weight in (400, 700):
        address = f"/static/fonts/atkinson-hyperlegible-next-pdf-{weight}.ttf"
        page.evaluate("(address) => fetch(address).then((a) => a.blob())", address)


def _href_of_styles(page: Any) -> str:
    return page.locator("link[rel=stylesheet]").first.get_attribute("href")
