"""What stands open on a page: its words outside every `<details>` that is closed."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"input", "br", "img", "hr", "meta", "link", "path", "circle", "polyline", "use"}


class _Open(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        shut = tag == "details" and "open" not in dict(attrs)
        self.stack.append("shut" if shut else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.stack:
            closed = self.stack.pop()
            if closed == tag or (closed == "shut" and tag == "details"):
                return

    def handle_data(self, data: str) -> None:
        folded = self.stack.count("shut")
        # The summary of a closed details is read; one inside another is not.
        if not folded or (folded == 1 and "summary" in self.stack):
            self.words.append(data)


def standing_open(html: str) -> str:
    """The words a reader meets before opening anything, with single spaces.

    A summary counts; what it opens does not. Raises AssertionError for an empty page.
    """
    reader = _Open()
    reader.feed(html.partition("<main")[2].partition("</main>")[0])
    assert reader.words, "There is no page."
    return " ".join(" ".join(reader.words).split())
