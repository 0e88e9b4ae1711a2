"""The words and shapes that the lint and the rewriting both look for."""

from __future__ import annotations

import re

MEASURE = (
    r"(?:mcg|MCG|[Mm][Gg]|[µμ]g|ug|ng|kg|mEq|meq|mmol|m[Ll]|ML|gm|g"
    r"|[Uu]nits?|UNITS?|IU|unidades|miligramos)"
)
FORM = (
    r"(?:[Tt]ablets?|[Tt]abs?|[Pp]ills?|[Cc]apsules?|[Cc]aps?|[Pp]atch(?:es)?"
    r"|[Dd]rops?|[Pp]uffs?|[Ss]prays?|[Ff]ilms?|[Ll]ozenges?|gumm(?:y|ies)"
    r"|[Ii]njections?|[Dd]oses?|suppositor(?:y|ies)|packets?"
    r"|tabletas?|pastillas?|cápsulas?|gotas?|parches?|dosis)"
)
DOSE = rf"(?:{MEASURE}|{FORM})"
# A number that is not the tail of a date, a phone number, a code or a longer number.
WHOLE = r"(?<![\w.,/:-])\d+(?:,\d{3})*"
AMOUNT = rf"(?<![\d.,])\d[\d.,]{{0,15}}\s?{MEASURE}"
NUMBER = rf"{WHOLE}(?:\.\d+)?"
SPACE = r"[ \t\u00a0\u202f]"

# Abbreviations for "when" and "how", with their words. The first group is never
# anything else; the second is also ordinary English, so it needs a dose before it.
CERTAIN = {
    "A03": {
        r"q\.d\.|q\.?1\.?d\b\.?|qday": "daily",
    },
    "A04": {r"q\.?o\.?d\b\.?|QOD": "every other day"},
    "A05": {
        r"q\.?h\.?s\b\.?|QHS|h\.s\.": "at bedtime",
        r"qn": "at bedtime",
    },
    "A06": {
        r"b\.i\.d\b\.?": "twice a day",
        r"t\.?i\.?d\b\.?|TID": "three times a day",
        r"q\.?i\.?d\b\.?|QID": "four times a day",
        r"p\.?r\.?n\b\.?|PRN": "as needed",
        r"p\.o\.|per os": "by mouth",
        r"t\.?i\.?w\b\.?|TIW": "3 times a week",
        r"q\.?[Aa]\.?[Mm]\b\.?": "every morning",
        r"q\.?[Pp]\.?[Mm]\b\.?": "every evening",
    },
    "A07": {r"[Ss]ub[- ]?[Qq]": "under the skin"},
}
BESIDE_A_DOSE = {
    "A03": {r"QD|qd|Q\.D\.": "daily"},
    "A05": {r"HS|hs|BT": "at bedtime"},
    "A06": {
        r"BID|bid": "twice a day",
        r"BIW|biw": "twice a week",
        r"PO|po|P\.O\.": "by mouth",
        r"AC|ac|a\.c\.": "before meals",
        r"PC|pc|p\.c\.": "after meals",
        r"UD|ud": "as directed",
    },
    "A07": {r"SC|SQ|sq": "under the skin"},
}
# Capitals that the lint names wherever they stand, but nobody may rewrite unseen.
SUSPECT = {"A03": r"QD|qd|o\.d\.", "A06": r"BID"}
# After an amount OD means daily, or an overdose: it is named and left alone.
SUSPECT_BESIDE_A_DOSE = {"A03": r"OD|od"}
EYES_AND_EARS = {
    "AD": "right ear",
    "AS": "left ear",
    "AU": "both ears",
    "OD": "right eye",
    "OS": "left eye",
    "OU": "both eyes",
}
EVERY = re.compile(
    rf"\b[qQ]\.?{SPACE}?(\d{{1,2}}){SPACE}?"
    r"(°|h(?:rs?|ours?)?\b|am\b|pm\b|AM\b|PM\b|d(?:ays?)?\b|w(?:ee)?ks?\b)\.?"
)


def _alternatives() -> str:
    words = {"daily", "once a day", "nightly", "once", "one", "two"}
    patterns: set[str] = set()
    for table in (*CERTAIN.values(), *BESIDE_A_DOSE.values()):
        patterns |= set(table)
        words |= set(table.values())
    escaped = sorted(map(re.escape, words), key=len, reverse=True)
    return "|".join([*escaped, *sorted(patterns), EVERY.pattern.lstrip(r"\b")])


# What may stand between an amount and an abbreviation: other abbreviations, or words.
_CHAIN = rf"(?:,?\s+(?:{_alternatives()}))*,?\s+$"
AFTER_DOSE = re.compile(rf"\d\s?{DOSE}\b\)?{_CHAIN}")
AFTER_TAKE = re.compile(rf"\b[Tt]ak(?:e|es|en|ing)(?:\s+(?:\d|it|one|two))?{_CHAIN}")
WINDOW = 80

PROTECTED = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}"
    r"|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\ufffc"
)
STAND_IN = "\ufffc"


def is_beside_a_dose(text: str, match: re.Match[str]) -> bool:
    """True where the text just before the match says how much: "25 mg PO "."""
    before = text[max(0, match.start() - WINDOW) : match.start()]
    return bool(AFTER_DOSE.search(before) or AFTER_TAKE.search(before))


def word(pattern: str) -> str:
    """The pattern as a whole word, also where it ends with a full stop."""
    return rf"(?<![\w./-])(?:{pattern})(?![\w/-])"
