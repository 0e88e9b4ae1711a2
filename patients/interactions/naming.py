"""From a name on a list to ingredients: generic, brand, salt, everyday word.

The starter list of medicines knows brands; the rules add the ingredients they speak
about. A name that neither knows has no ingredient: it is said to be not recognised.
"""

from __future__ import annotations

import re
from functools import cache

from patients.interactions.knowledge import knowledge
from patients.medicine_knowledge import all_medicines
from patients.medicine_knowledge.directions import plain
from patients.medicine_knowledge.keys import SALTS

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
# What is used and not prescribed, whatever list it was written on.
SUBSTANCES = frozenset(
    [
        "alcohol",
        "ayahuasca",
        "cannabis",
        "cocaine",
        "heroin",
        "ketamine",
        "kratom",
        "lsd",
        "mdma",
        "nicotine",
        "psilocybin",
    ]
)
SUPPLEMENTS = ("mineral", "vitamin", "herb", "supplement")
# Alcohol that nobody drinks.
_NOT_DRUNK = re.compile(
    r"\b(?:rubbing|isopropyl) alcohol\b|\balcohol[- ](?:swab|wipe|pad|prep|free)s?\b"
    r"|\bnon-?alcoholic(?: (?:beer|wine))?\b",
    re.I,
)
# Nicotine that helps to stop smoking is a medicine, and has none of smoke's effects.
NOT_SMOKED = re.compile(r"patch|gum|lozenge|inhaler|spray|nicoderm|nicorette", re.I)

# What does not reach the blood in an amount that matters, and where it is put. Not
# diclofenac, timolol, doxepin, metronidazole, miconazole: their labels warn of these.
_ON_THE_SKIN = re.compile(
    r"\b(?:shampoo|cream|ointment|lotion|foam|gel|wash|topical|eye|ear|otic|ophth\w*"
    r"|(?:ear|eye)?drops?)\b",
    re.I,
)
_VAGINAL = re.compile(r"\bvagin", re.I)
STAYS_OUTSIDE = {
    "azithromycin": _ON_THE_SKIN,
    "ciprofloxacin": _ON_THE_SKIN,
    "clindamycin": _ON_THE_SKIN,
    "erythromycin": _ON_THE_SKIN,
    "estradiol": _VAGINAL,
    "ketoconazole": _ON_THE_SKIN,
    "levofloxacin": _ON_THE_SKIN,
    "moxifloxacin": _ON_THE_SKIN,
    "ofloxacin": _ON_THE_SKIN,
    "tacrolimus": _ON_THE_SKIN,
}


def stays_outside(said: str) -> frozenset[str]:
    """The ingredients that a name with its form puts only on skin, in eye or ear."""
    put = {name for name, where in STAYS_OUTSIDE.items() if where.search(said)}
    return ingredients_of(said) & put if put else frozenset()


def ingredients_of(name: str) -> frozenset[str]:
    """Every ingredient that this name stands for; empty where none is known."""
    return _by_words(name)


def is_recognised(name: str) -> bool:
    return bool(ingredients_of(name))


def is_substance(name: str) -> bool:
    """Whether the name is of something used, like alcohol, and of nothing else."""
    found = ingredients_of(name)
    return bool(found) and found <= SUBSTANCES and not NOT_SMOKED.search(name)


def _by_words(name: str) -> frozenset[str]:
    """The longest known phrases in the name: "valproic acid", "st. john's wort"."""
    said = _NOT_DRUNK.sub(" ", plain(name))
    words, glued = _words(said), _glued(said)
    phrases, longest = _phrases()
    found: set[str] = set()
    start = 0
    while start < len(words):
        for length in range(min(longest, len(words) - start), 0, -1):
            known = phrases.get(" ".join(words[start : start + length]))
            if known:
                found |= known
                start += length
                start += _is_its_salt(words, glued, start, known)
                break
        else:
            start += 1
    return frozenset(found)


def _is_its_salt(
    words: list[str], glued: list[bool], start: int, known: frozenset[str]
) -> bool:
    """`losartan potassium` holds no potassium that counts; `iron zinc` holds both."""
    if start >= len(words) or not glued[start]:
        return False
    return words[start] in SALTS and not known & _supplements()


@cache
def _supplements() -> frozenset[str]:
    """The ingredients of what is no medicine: minerals, vitamins, herbs."""
    found = (one for one in all_medicines() if one.group in SUPPLEMENTS)
    return frozenset(_as_ruled(name) for one in found for name in one.ingredients)


def _glued(name: str) -> list[bool]:
    """Of each word whether only a space stands before it."""
    flat, end, found = _flat(name), 0, []
    for match in WORD.finditer(flat):
        found.append(flat[end : match.start()].isspace())
        end = match.end()
    return found


def _words(name: str) -> list[str]:
    return WORD.findall(_flat(name))


def _flat(name: str) -> str:
    """`Tylenol #3` holds codeine, and is not three of `Tylenol`."""
    return name.lower().replace("’", "'").replace("#", " number ")


@cache
def _phrases() -> tuple[dict[str, frozenset[str]], int]:
    """Phrase to ingredients, and how many words the longest phrase has.

    The rules' own names come last: they are spelled as the rules need them.
    """
    known = knowledge()
    found: dict[str, frozenset[str]] = {}
    for medicine in all_medicines():
        has = frozenset(map(_as_ruled, medicine.ingredients))
        named = (medicine.name, *medicine.also, *medicine.brands)
        found |= {name.lower(): has for name in named}
    found |= {name: frozenset({name}) for name in known.ingredients | SUBSTANCES}
    found |= {said: frozenset({name}) for said, name in known.synonyms.items()}
    found |= {brand: frozenset(has) for brand, has in known.brands.items()}
    by_words = {" ".join(_words(said)): has for said, has in found.items()}
    return by_words, max(len(said.split()) for said in by_words)


def _as_ruled(ingredient: str) -> str:
    """An ingredient of the starter list, spelled as in the rules."""
    said = " ".join(WORD.findall(ingredient.lower()))
    return knowledge().synonyms.get(said) or _ruled().get(said, said)


@cache
def _ruled() -> dict[str, str]:
    return {" ".join(WORD.findall(name)): name for name in knowledge().ingredients}
