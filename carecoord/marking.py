"""Words in the top margin of everything printed now: a preview, not the paper itself.

In the margin, so that the page itself stays what it is without them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_words: ContextVar[str] = ContextVar("marking", default="")
# Every kind of page that carecoord/static/css/pdf.css names.
PAGES = ("", ":nth(n + 2)", "spread", "spread:first", "large", "large:first")
BOX = (
    '@top-center { content: "%s"; font: 700 9pt Sheet, sans-serif; '
    "white-space: nowrap; vertical-align: top; padding-top: 6pt }"
)


@contextmanager
def marked(words: str) -> Iterator[None]:
    """Every page printed inside has these words in its top margin."""
    token = _words.set(words)
    try:
        yield
    finally:
        _words.reset(token)


def style() -> str:
    """The style sheet of the mark; nothing where nothing is marked."""
    words = _words.get()
    if not words:
        return ""
    # Escaped letter by letter: no word can end the string that it stands in.
    quoted = "".join(
        letter if letter.isalnum() else f"\\{ord(letter):x} " for letter in words
    )
    return "\n".join(f"@page {name} {{ {BOX % quoted} }}" for name in PAGES)
