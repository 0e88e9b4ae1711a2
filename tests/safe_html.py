"""Reads a page as people do, and checks every piece of it for unsafe medicine text."""

from __future__ import annotations

from collections.abc import Collection
from html.parser import HTMLParser

from patients.safe_text import Finding, problems

# fmt: off
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em",
    "i", "kbd", "label", "mark", "q", "s", "samp", "small",
    "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img",
    "input", "link", "meta", "source", "wbr",
})
# fmt: on
# What is not shown, and what people are just typing.
SKIPPED = frozenset({"script", "style", "template", "textarea"})
SHOWN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder")


class _Reader(HTMLParser):
    """Collects the text twice: as it is seen, and as a screen reader says it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.heard: list[str] = []
        self.open: list[tuple[str, frozenset[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._break(tag)
        for name in SHOWN_ATTRIBUTES:
            if given.get(name):
                self.seen.append(f"\n\n{given[name]}\n\n")
        hides = set()
        if tag in SKIPPED:
            hides = {"seen", "heard"}
        elif "vh" in (given.get("class") or "").split():
            hides = {"seen"}
        elif given.get("aria-hidden") == "true":
            hides = {"heard"}
        if tag not in VOID:
            self.open.append((tag, frozenset(hides)))

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)
        if any(tag == name for name, _hides in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, text: str) -> None:
        hidden = {way for _tag, hides in self.open for way in hides}
        if "seen" not in hidden:
            self.seen.append(text)
        if "heard" not in hidden:
            self.heard.append(text)

    def _break(self, tag: str) -> None:
        if tag not in INLINE:
            self.seen.append("\n")
            self.heard.append("\n")


def visible_text(html: str) -> str:
    """The text of a page as it is seen, with shown attributes, one block a line."""
    return _read(html)[0]


def _read(html: str) -> tuple[str, str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.seen), "".join(reader.heard)


def unsafe_text(html: str, *, allow: Collection[str] = ()) -> list[Finding]:
    """Every finding in what is seen or heard, without the rows that are allowed."""
    found = [finding for text in _read(html) for finding in problems(text)]
    return [finding for finding in found if finding.id not in allow]


def assert_safe_html(html: str | bytes, *, allow: Collection[str] = ()) -> None:
    """Fails with every unsafe piece of medicine text that the page shows."""
    if isinstance(html, bytes):
        html = html.decode()
    found = unsafe_text(html, allow=allow)
    lines = [f"{item.id} {item.match!r}: write {item.advice}" for item in found]
    assert not found, "unsafe medicine text:\n" + "\n".join(lines)


def assert_safe_text(text: str, *, allow: Collection[str] = ()) -> None:
    """The same for plain text: a PDF's words, an e-mail."""
    found = [finding for finding in problems(text) if finding.id not in allow]
    assert not found, f"unsafe medicine text: {found}"
