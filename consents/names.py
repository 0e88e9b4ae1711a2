"""Names compared, however they are written: capitals, accents, titles, apostrophes."""

from __future__ import annotations

import re
import unicodedata

from providers.querysets import folded

WORDS = re.compile(r"[^\W\d_]+")
APOSTROPHES = re.compile(r"(?<=\w)['\u2018\u2019\u02bc`](?=\w)")
# Letters that no accent was added to: nothing takes them apart.
WHOLE = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h"})
BEFORE_A_NAME = {"dr", "mr", "mrs", "ms", "mx", "prof", "professor", "doctor"}
# What stands after a family name and is none.
AFTER_A_NAME = {
    *("jr", "sr", "ii", "iii", "iv", "md", "phd", "psyd", "np", "rn", "dnp", "aprn"),
    *("ph", "psy"),
    *("lcsw", "lmsw", "lmft", "lmhc", "lpc", "lpcc", "msw", "pmhnp", "pharmd"),
}
# The same, and family names too: "Dr. Kim Do", "Yo-Yo Ma".
ALSO_NAMES = {"do", "pa", "ma"}
NOT_SAID = BEFORE_A_NAME | AFTER_A_NAME


def bare(text: str) -> str:
    """Without capitals, doubled spaces and accents."""
    apart = unicodedata.normalize("NFKD", folded(text))
    kept = "".join(each for each in apart if not unicodedata.combining(each))
    return kept.translate(WHOLE)


def words(text: str) -> set[str]:
    """The words of a text that is `bare`."""
    return set(WORDS.findall(text))


def is_alike(one: str, other: str) -> bool:
    """Whether two names can be one person's: one says no more than the other.

    "Dr. Novak" and "Ruth Novak", and not two sisters with one family name: nobody
    signed a "never" for the other one. Titles and initials say nothing.
    """
    first, second = _said_in(one), _said_in(other)
    return bool(first and second) and (first <= second or second <= first)


def _said_in(name: str) -> set[str]:
    """Its words without titles; "O'Brien" is one of them."""
    before, _comma, after = APOSTROPHES.sub("", bare(name)).partition(",")
    long = [
        {each for each in words(part) if len(each) > 1 or not each.isascii()}
        for part in (before, after)
    ]
    return (long[0] - NOT_SAID) | (long[1] - NOT_SAID - ALSO_NAMES)
