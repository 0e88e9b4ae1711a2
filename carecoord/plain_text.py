"""A page as plain text that can be pasted into any chart: no tables, no marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carecoord.zones import NO_BREAK

WIDEST_RULE = 60


@dataclass(frozen=True)
class Section:
    """A heading and its lines; a line may itself have line breaks."""

    heading: str
    lines: list[str]


def as_plain_text(
    *,
    title: str,
    sections: Iterable[Section],
    head: Iterable[str] = (),
    foot: Iterable[str] = (),
) -> str:
    """Title, head, sections, foot; one blank line between blocks, "\\n" line ends.

    Line breaks of the text stay; spaces at line ends and runs of blank lines go, and
    every space is one that any chart knows.
    """
    blocks = [
        [title, "=" * min(len(title), WIDEST_RULE), *head],
        *([section.heading, *section.lines] for section in sections),
        list(foot),
    ]
    text = "\n\n".join("\n".join(block) for block in blocks if block)
    lines = [line.replace(NO_BREAK, " ").rstrip() for line in text.splitlines()]
    return "\n".join(_without_gaps(lines)) + "\n"


def _without_gaps(lines: list[str]) -> list[str]:
    return [
        line
        for before, line in zip(["x", *lines], lines, strict=False)
        if line or before
    ]
