"""Flesch-Kincaid grade of a text: an alarm for wording, not a proof of it.

Syllables come from pyphen's hyphenation patterns, so it needs no download. Source:
Kincaid and others 1975, 0.39 words per sentence + 11.8 syllables per word - 15.59.
"""

import re
from functools import cache

import pyphen

_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_VOWELS = re.compile(r"[aeiouy]+")
_PATTERNS = pyphen.Pyphen(lang="en_US", left=1, right=1)


@cache
def syllables(word: str) -> int:
    """Hyphenation points miss short words ("over"), vowel groups miss "idea"."""
    word = word.lower()
    by_pattern = len(_PATTERNS.positions(word)) + 1
    return max(by_pattern, _vowel_groups(word))


def _vowel_groups(word: str) -> int:
    silent_e = word.endswith("e") and not word.endswith("le")
    count = len(_VOWELS.findall(word))
    return max(count - 1 if silent_e and count > 1 else count, 1)


def sentences(text: str) -> list[str]:
    """Each stretch between full stops, colons or line breaks that has a word."""
    parts = _SENTENCE_END.split(text)
    return [part for part in parts if _WORD.search(part)]


def words(text: str) -> list[str]:
    """The words of a text; numbers do not count."""
    return _WORD.findall(text)


def grade(text: str) -> float:
    """US school grade. Raises ValueError for a text without words."""
    all_words = words(text)
    if not all_words:
        raise ValueError("A text without words has no grade.")
    per_sentence = len(all_words) / len(sentences(text))
    per_word = sum(map(syllables, all_words)) / len(all_words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def longest_sentence(text: str) -> int:
    """Words in the longest sentence."""
    return max(len(words(sentence)) for sentence in sentences(text))
