"""Names that look alike, in tall man letters, as in `buPROPion` and `busPIRone`.

Sources: FDA and ISMP lists of look-alike drug names with tall man letters. The groups
after the comment below are from memory of the ISMP list of 2023. The table and the
words for what each is used for await review by a clinician.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LOOK_ALIKES: tuple[tuple[str, ...], ...] = (
    ("buPROPion", "busPIRone"),
    ("chlorproMAZINE", "chlorproPAMIDE", "chlordiazePOXIDE"),
    ("clomiPRAMINE", "clomiPHENE"),
    ("hydrALAZINE", "hydrOXYzine"),
    ("ALPRAZolam", "LORazepam", "clonazePAM"),
    ("clonazePAM", "cloNIDine", "KlonoPIN"),
    ("carBAMazepine", "OXcarbazepine"),
    ("FLUoxetine", "PARoxetine", "DULoxetine"),
    ("QUEtiapine", "OLANZapine"),
    ("guanFACINE", "guaiFENesin"),
    ("CeleXA", "CeleBREX"),
    ("PROzac", "PriLOSEC"),
    ("SEROquel", "SINEquan"),
    ("PHENobarbital", "PENTobarbital"),
    ("metFORMIN", "metroNIDAZOLE"),
    ("dimenhyDRINATE", "diphenhydrAMINE"),
    # From memory of the ISMP list of 2023.
    ("risperiDONE", "rOPINIRole"),
    ("lamoTRIgine", "lamiVUDine"),
    ("LaMICtal", "LamISIL"),
    ("ARIPiprazole", "RABEprazole"),
    ("cloZAPine", "clonazePAM"),
    ("cloBAZam", "clonazePAM"),
    ("traZODone", "traMADol"),
    ("ZyPREXA", "ZyrTEC"),
    ("diazePAM", "dilTIAZem"),
    ("levETIRAcetam",),
)
BRANDS = frozenset(
    {
        "Celebrex",
        "Celexa",
        "Klonopin",
        "Lamictal",
        "Lamisil",
        "Prilosec",
        "Prozac",
        "Seroquel",
        "Sinequan",
        "Zyprexa",
        "Zyrtec",
    }
)
USED_FOR = {
    "alprazolam": "anxiety",
    "aripiprazole": "mood or psychosis",
    "bupropion": "mood",
    "buspirone": "anxiety",
    "carbamazepine": "seizures or mood",
    "celebrex": "pain",
    "celexa": "mood",
    "chlordiazepoxide": "anxiety",
    "chlorpromazine": "psychosis",
    "chlorpropamide": "diabetes",
    "clobazam": "seizures",
    "clomiphene": "fertility",
    "clomipramine": "OCD or mood",
    "clonazepam": "anxiety or seizures",
    "clonidine": "blood pressure or attention",
    "clozapine": "psychosis",
    "diazepam": "anxiety",
    "diltiazem": "heart",
    "dimenhydrinate": "nausea",
    "diphenhydramine": "allergy or sleep",
    "duloxetine": "mood or pain",
    "fluoxetine": "mood",
    "guaifenesin": "cough",
    "guanfacine": "attention or blood pressure",
    "hydralazine": "blood pressure",
    "hydroxyzine": "anxiety or itching",
    "klonopin": "anxiety or seizures",
    "lamictal": "mood or seizures",
    "lamisil": "fungus",
    "lamivudine": "virus infection",
    "lamotrigine": "mood or seizures",
    "levetiracetam": "seizures",
    "lorazepam": "anxiety",
    "metformin": "diabetes",
    "metronidazole": "infection",
    "olanzapine": "psychosis or mood",
    "oxcarbazepine": "seizures",
    "paroxetine": "mood",
    "pentobarbital": "sedation",
    "phenobarbital": "seizures",
    "prilosec": "stomach acid",
    "prozac": "mood",
    "quetiapine": "psychosis or mood",
    "rabeprazole": "stomach acid",
    "risperidone": "psychosis or mood",
    "ropinirole": "Parkinson's or restless legs",
    "seroquel": "psychosis or mood",
    "sinequan": "mood or sleep",
    "tramadol": "pain",
    "trazodone": "mood or sleep",
    "zyprexa": "psychosis or mood",
    "zyrtec": "allergy",
}
TALL_MAN = {name.lower(): name for group in LOOK_ALIKES for name in group}
PLAIN = {brand.lower(): brand for brand in BRANDS}
KNOWN_NAMES = frozenset(TALL_MAN) | {
    "buprenorphine",
    "citalopram",
    "desvenlafaxine",
    "escitalopram",
    "gabapentin",
    "levothyroxine",
    "lisdexamfetamine",
    "lithium",
    "lurasidone",
    "methylphenidate",
    "mirtazapine",
    "naltrexone",
    "paliperidone",
    "pregabalin",
    "propranolol",
    "sertraline",
    "topiramate",
    "valproate",
    "venlafaxine",
    "zolpidem",
}
WORD = re.compile(r"[A-Za-z]+")


class NamePart(NamedTuple):
    """A piece of a name as it is seen and as it is read aloud."""

    seen: str
    heard: str

    @property
    def is_tall(self) -> bool:
        return self.seen != self.heard


def tall_man(name: str) -> str:
    """The name as clinicians see it: `bupropion XL` becomes `buPROPion XL`."""
    return WORD.sub(lambda match: _tall(match.group()), name)


def plain_name(name: str) -> str:
    """The name as patients see it, without tall man letters: `bupropion XL`."""
    return WORD.sub(lambda match: _plain(match.group()), name)


def name_parts(name: str) -> list[NamePart]:
    """The name in pieces, so that a screen reader is given the plain spelling."""
    parts, end = [], 0
    for match in WORD.finditer(name):
        if match.group().lower() not in TALL_MAN:
            continue
        if match.start() > end:
            between = name[end : match.start()]
            parts.append(NamePart(between, between))
        parts.append(NamePart(_tall(match.group()), _plain(match.group())))
        end = match.end()
    if end < len(name):
        parts.append(NamePart(name[end:], name[end:]))
    return parts


def look_alikes(name: str) -> tuple[str, ...]:
    """The names, in tall man letters, that any word of this one is mistaken for."""
    words = {match.group().lower() for match in WORD.finditer(name)}
    found: dict[str, None] = {}
    for group in LOOK_ALIKES:
        if words & {other.lower() for other in group}:
            found |= {other: None for other in group if other.lower() not in words}
    return tuple(found)


def used_for(name: str) -> str:
    """What a look-alike is mostly taken for, to tell the two apart; or nothing."""
    words = (match.group().lower() for match in WORD.finditer(name))
    return next((USED_FOR[word] for word in words if word in USED_FOR), "")


def _tall(word: str) -> str:
    return TALL_MAN.get(word.lower(), word)


def _plain(word: str) -> str:
    lower = word.lower()
    return PLAIN.get(lower, lower) if lower in TALL_MAN else word
