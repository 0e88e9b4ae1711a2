"""The table of unsafe medicine text, as a check over what is printed.

Sources: ISMP list of error-prone abbreviations, symbols and dose designations; Joint
Commission "Do Not Use" list. Awaiting review by a clinician. The check prefers to
leave ordinary prose alone: most rules need an amount or a unit beside the match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from patients.medicine_names import KNOWN_NAMES
from patients.safe_text.vocabulary import (
    AMOUNT,
    BESIDE_A_DOSE,
    CERTAIN,
    DOSE,
    EVERY,
    EYES_AND_EARS,
    FORM,
    MEASURE,
    NUMBER,
    PROTECTED,
    SPACE,
    STAND_IN,
    SUSPECT,
    SUSPECT_BESIDE_A_DOSE,
    WHOLE,
    is_beside_a_dose,
    word,
)

Check = Callable[[str, re.Match[str]], bool]

SHORT_NAMES = r"HCTZ|MTX|MSO4|MgSO4|ZnSO4|APAP|VPA|LTG|CBZ|OXC|AZT|CPZ|OLZ|QTP|NTG|PTU"
SHORT_NAMES_BESIDE_A_NUMBER = r"(?:MS|ASA|HCT|TPM|DPH|LEV|Li)"
TIMES = r"(?:[AaPp][Mm]|morning|noon|evening|bedtime|night|mañana|noche)"
INTO_EYE_OR_EAR = re.compile(
    r"(?:drops?|gtts?|sprays?|applications?|ointment)(?:\s+(?:in|to|into))?\s+$"
)
LAB = r"(?!dL|L\b|m2|m²)"


class Finding(NamedTuple):
    """One unsafe piece of text: the row of the table, what and where, what instead."""

    id: str
    match: str
    position: int
    advice: str


class Rule(NamedTuple):
    id: str
    pattern: re.Pattern[str]
    advice: str
    applies: Check | None = None


def _is_in_eye_or_ear(text: str, match: re.Match[str]) -> bool:
    return bool(INTO_EYE_OR_EAR.search(text[: match.start()][-40:]))


def _is_daily(text: str, match: re.Match[str]) -> bool:
    return is_beside_a_dose(text, match) and not _is_in_eye_or_ear(text, match)


def _is_no_year_of_forms(text: str, match: re.Match[str]) -> bool:
    number = match.group(1)
    is_year = len(number) == 4 and number[:2] in {"19", "20"}
    return not (is_year and re.fullmatch(FORM, match.group(2)))


def _is_cut_name(text: str, match: re.Match[str]) -> bool:
    stem = match.group(1).lower()
    return any(name.startswith(stem) and name != stem for name in KNOWN_NAMES)


def _rule(id: str, pattern: str, advice: str, applies: Check | None = None) -> Rule:
    return Rule(id, re.compile(pattern), advice, applies)


RULES: tuple[Rule, ...] = (
    _rule(
        "D01",
        rf"{WHOLE}\.\d*0(?=\s?{DOSE}\b)",
        "No zero at the end: 1 mg, 0.5 mg.",
    ),
    _rule(
        "D02",
        rf"(?<![\w.,])\.\d+(?=\s?{DOSE}\b)",
        "A zero before the point: 0.5 mg.",
    ),
    _rule(
        "D03",
        rf"(?<![\w-])\d+(?:[.,]\d+){{0,4}}{MEASURE}\b",
        "A space between number and unit: 10 mg.",
    ),
    _rule(
        "D04",
        rf"(?<![\w-])[A-Za-z]{{3,}}\d+(?:\.\d+)?(?=\s?{MEASURE}\b)",
        "A space between name and number: Tegretol 300 mg.",
    ),
    _rule(
        "D05",
        rf"(?<![\w.,/:-])(\d{{4,}})(?:\.\d+)?\s?({DOSE})\b",
        "A comma from 1,000 on: 1,000 units.",
        _is_no_year_of_forms,
    ),
    _rule(
        "D06",
        rf"{AMOUNT}\.(?=[,;]|\s+[a-z])",
        "No full stop after a unit: mg.",
    ),
    _rule(
        "D07",
        rf"\b{DOSE}\s?/\s?{LAB}(?:\d[\d.,]{{0,15}}\s?)?"
        rf"(?:{DOSE}|days?|d|h|hrs?|hours?|weeks?|24|día|dia|hora|semana)\b",
        "A word for the slash: 25 mg per day.",
    ),
    _rule(
        "D07",
        rf"{NUMBER}/(?!(?<=1/)[248]\b)(?!(?<=3/)[48]\b)\d+(?:\.\d+)?\s?{MEASURE}\b",
        "Each strength with its unit, joined by a word.",
    ),
    _rule(
        "D08",
        rf"(?<![\w.,/:-])(?:1/[2348]|[23]/[348])\s?(?:of an? )?{DOSE}\b",
        "Words for the fraction: half tablet.",
    ),
    _rule(
        "D09",
        rf"(?<![\w.-])(?:[IVX]{{2,4}}|[VX]|ii|iii|iv|v)\s+"
        rf"(?:[Uu]nits?|{FORM})\b",
        "A number in figures: 5 units.",
    ),
    _rule(
        "D10",
        rf"(?<![\w.])[xX×]{SPACE}?\d+{SPACE}?d\b|(?<![\w.])[xX×]\d+\s+(?:days?|doses?)\b",
        "Words: for 3 days, or for 3 doses.",
    ),
    _rule(
        "D11",
        rf"(?<![\w./:-])\d[\d,]{{0,15}}(?:\.\d+)?(?:\s?{MEASURE})?\s?[-–—−]\s?"
        rf"\d[\d,]{{0,15}}(?:\.\d+)?\s?(?:{DOSE}|hours?|times|days|weeks)\b",
        "A word between two amounts: 1 to 2 tablets.",
    ),
    _rule(
        "D12",
        rf"{AMOUNT}(?:\s+(?:[xX×]\s?)?|\s*[xX×]\s?)\d{{1,2}}(?:\.\d+)?"
        r"(?=\s*$|[,;.)](?!\d)|\s*[\r\n]"
        r"|\s+(?:daily|nightly|at|in the|every|each|a day|per day|once|twice"
        r"|as needed|by mouth|when|PO|po|BID|bid|TID|tid|QD|qd|PRN|prn|qhs|QHS|HS)\b)",
        "The count with its form: 1 capsule.",
    ),
    _rule(
        "D12",
        rf"{AMOUNT}\s*\(\s*[xX×]?\s?\d{{1,2}}(?:\.\d+)?\s*\)",
        "The count with its form: 1 capsule.",
    ),
    _rule(
        "D13",
        r"(?<![\d:.])1:(?:\d{1,3}(?:,\d{3})+|\d{4,})\b",
        "The amount in each mL: 1 mg per mL.",
    ),
    _rule(
        "A01",
        r"\d\s?(?:U|IU|UI|I\.U\.)(?![\w'’-]|\.[A-Z])|\du(?!\w)|\d\d\su(?!\w)",
        "The word units.",
    ),
    _rule("A01", r"(?<!\w)(?:IU|U)\s?/\s?mL\b", "The words units per mL."),
    _rule("A02", r"[µμ]g\b|\d\s?ug\b", "mcg."),
    _rule("A06", EVERY.pattern, "Words: every 6 hours, or at 6 PM."),
    _rule("A08", r"(?<![\w-])\d[\d.,]{0,15}\s?(?:cc|CC)(?![\w'’:])", "mL."),
    _rule("A09", word(r"[Dd]/[Cc](?:['’]?e?d)?"), "stopped, or discharged."),
    _rule(
        "A10",
        word("|".join(EYES_AND_EARS)),
        "Words: right ear, left eye.",
        _is_in_eye_or_ear,
    ),
    _rule(
        "A11",
        rf"(?<![\w$-])\d[\d.,]{{0,15}}\s?(?:K|k|MM?)\s?(?:[Uu]nits?|IU|U|{FORM})\b",
        "The whole number, or the word thousand or million.",
    ),
    _rule(
        "A12",
        r"\b[Ii]nsulin\s+(?:per\s+)?SSR?I\b|\bSSR?I\s+(?:insulin|coverage)\b"
        r"|\bunits\s+per\s+SSR?I\b",
        "The words sliding scale insulin.",
    ),
    _rule(
        "S01",
        r"[<>≤≥]=?\s?\d(?!\s?of\b)",
        "Words: more than, less than.",
    ),
    _rule(
        "S01",
        rf"(?<!\w)@\s?(?:\d|{TIMES}\b|HS\b)",
        "The word at.",
    ),
    _rule(
        "S01",
        rf"(?:\b{DOSE}|\b{TIMES}|\d)\s?&\s?\w|\w\s?&\s?(?:\d|{TIMES}\b)",
        "The word and.",
    ),
    _rule("S01", r"\d\s?°(?!\s?[CF]\b)", "The word hours."),
    _rule(
        "S02",
        rf"(?<![\w+])[A-Za-z]{{3,}}\+[A-Za-z]{{3,}}|{AMOUNT}\+\s?\w",
        "The word and, with spaces.",
    ),
    _rule("N01", word(SHORT_NAMES), "The full name of the medicine."),
    _rule(
        "N01",
        rf"(?<![\w/-]){SHORT_NAMES_BESIDE_A_NUMBER}(?=\s\d[\d.,]{{0,15}}\s?{MEASURE}\b)",
        "The full name of the medicine.",
    ),
    _rule(
        "N02",
        rf"(?<![A-Za-z])[A-Za-z]{{3,}}(?:…|\.\.\.)(?=\s*\d[\d.,]{{0,15}}\s?{MEASURE}\b)"
        rf"|\d\s?(?:m|mc|un|uni|unit|{MEASURE})(?:…|\.\.\.)(?=\s*$|\s*[\r\n])",
        "The whole name and dose, never cut.",
    ),
    _rule(
        "N02",
        r"\b([A-Za-z]{4,})(?:…|\.\.\.)",
        "The whole name, never cut.",
        _is_cut_name,
    ),
)


def _abbreviation_rules() -> Iterator[Rule]:
    for id, table in CERTAIN.items():
        for pattern, meaning in table.items():
            yield _rule(id, word(pattern), f"{meaning}.")
    for id, table in BESIDE_A_DOSE.items():
        for pattern, meaning in table.items():
            yield _rule(id, word(pattern), f"{meaning}.", is_beside_a_dose)
    for id, pattern in SUSPECT_BESIDE_A_DOSE.items():
        yield _rule(id, word(pattern), "daily.", _is_daily)
    for id, pattern in SUSPECT.items():
        yield _rule(id, word(pattern), "Plain words for how often.")


ALL_RULES = (*RULES, *_abbreviation_rules())


def problems(text: str) -> list[Finding]:
    """Every unsafe piece of the text, in order. An empty list means it may be printed.

    Addresses of e-mail and web and ids are left alone.
    """
    searched = PROTECTED.sub(lambda match: STAND_IN * len(match.group()), text)
    found: dict[tuple[str, int], Finding] = {}
    for rule in ALL_RULES:
        for match in rule.pattern.finditer(searched):
            if rule.applies is None or rule.applies(searched, match):
                finding = Finding(rule.id, match.group(), match.start(), rule.advice)
                found.setdefault((rule.id, match.start()), finding)
    return sorted(found.values(), key=lambda finding: (finding.position, finding.id))
