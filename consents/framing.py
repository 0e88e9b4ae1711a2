"""Another person's page inside the patient's own: the same bytes, and no way out.

Links to pages that can be previewed lead to their preview; every other link is a
word, every form is switched off. Nothing else of the page is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser

MAIN = re.compile(
    r'<main class="wrap ?(?P<class>[^"]*)"[^>]*>(?P<body>.*)</main>', re.DOTALL
)
TITLE = re.compile(r"<title>(?P<title>.*?) - [^<]*</title>", re.DOTALL)
# Addresses and what sends something somewhere.
LEADS = ("href", "target", "download", "ping", "action", "method", "formaction", "form")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field


@dataclass(frozen=True)
class Framed:
    """What is taken from the other page."""

    title: str
    css_class: str
    body: str


def framed(html: str, *, address: Callable[[str], str], as_buttons: str = "") -> Framed:
    """The main part of a page, its links led by `address` ("" makes one inert).

    With `as_buttons`, the id of a form, a link is a button of that form: what was
    chosen so far goes along and stands in no address. Raises ValueError for a page
    without a main part.
    """
    main, title = MAIN.search(html), TITLE.search(html)
    if main is None or title is None:
        raise ValueError("A page without a main part.")
    led = _Led(address, as_buttons)
    led.feed(main["body"])
    led.close()
    return Framed(unescape(title["title"].strip()), main["class"], "".join(led.parts))


Attributes = dict[str, str | None]


class _Led(HTMLParser):
    """Copies everything as it stands, but for links and forms.

    A `use` draws an icon of our own file: it leads nowhere.
    """

    def __init__(self, address: Callable[[str], str], as_buttons: str) -> None:
        super().__init__(convert_charrefs=False)
        self.address, self.as_buttons = address, as_buttons
        self.parts: list[str] = []
        self.closes_link: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link(dict(attrs))
        elif tag == "form":
            self.parts.append(_tag("fieldset", _kept(attrs) | {"disabled": None}))
        elif tag == "input" and dict(attrs).get("name") == TOKEN:
            return
        elif tag != "use" and any(
            name in LEADS or name.startswith("hx-") for name, _value in attrs
        ):
            self.parts.append(_tag(tag, _kept(attrs)))
        else:
            self.parts.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.handle_starttag(tag, attrs)

    def _link(self, attrs: dict[str, str | None]) -> None:
        href = attrs.get("href") or ""
        kept = _kept(list(attrs.items()))
        if href.startswith("#"):
            self.closes_link.append("a")
            self.parts.append(_tag("a", kept | {"href": href}))
            return
        address = self.address(href)
        if address and self.as_buttons:
            self.closes_link.append("button")
            kept["class"] = kept.get("class") or "link"
            sends: Attributes = {
                "type": "submit",
                "form": self.as_buttons,
                "formaction": address,
            }
            self.parts.append(_tag("button", kept | sends))
            return
        self.closes_link.append("a")
        leads: Attributes = {"href": address} if address else {"data-inert": None}
        self.parts.append(_tag("a", kept | leads))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            tag = self.closes_link.pop()
        self.parts.append(f"</{'fieldset' if tag == 'form' else tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")


def _kept(attrs: list[tuple[str, str | None]]) -> Attributes:
    return {
        name: value
        for name, value in attrs
        if name not in LEADS and not name.startswith("hx-")
    }


def _tag(name: str, attrs: dict[str, str | None]) -> str:
    written = [
        key if value is None else f'{key}="{escape(value)}"'
        for key, value in attrs.items()
    ]
    return f"<{' '.join([name, *written])}>"
