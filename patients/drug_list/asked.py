"""The names that a command was asked about, from its line or from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator


def names_given(given: Iterable[str]) -> Iterator[str]:
    """Each name; `-` stands for those of standard input, one a line."""
    for name in given:
        if name == "-":
            yield from (line.rstrip("\n") for line in sys.stdin if line.strip())
        else:
            yield name
