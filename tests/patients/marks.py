"""The page that asks whether to mark something, answered as a browser does it."""

from __future__ import annotations

import html
import re
from typing import Any

QUESTION = "This name tells something private"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_RADIO = re.compile(r'<input type="radio" name="([^"]+)" value="yes"')


def asks(response: Any) -> bool:
    """Whether the page is the question, and calm: no problem is said."""
    page = response.content.decode()
    return f"{QUESTION} - " in page and "There is a problem" not in page


def carried(response: Any) -> dict[str, list[str]]:
    """What goes along unseen."""
    sent: dict[str, list[str]] = {}
    main = response.content.decode().partition("<main")[2].partition("</main")[0]
    for name, value in _HIDDEN.findall(main):
        if name != "csrfmiddlewaretoken":
            sent.setdefault(name, []).append(html.unescape(value))
    return sent


def answered(
    client: Any, place: str, response: Any, answer: str | None, *, origin: str = "no"
) -> Any:
    """Sends the question page: with yes, no, or without an answer."""
    sent = carried(response)
    found = _RADIO.search(response.content.decode())
    assert found
    if answer:
        sent[found[1]] = [answer]
        sent[found[1].replace("mark", "origin")] = [origin]
    return client.post(place, sent)


def changed(client: Any, place: str, response: Any) -> Any:
    """The way back to what was typed."""
    return client.post(place, carried(response) | {"change_words": "yes"})
