"""An allergy against what is taken: the ingredient, its family, its relatives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from patients.interactions.codes import Kind, Severity
from patients.interactions.flags import Flag, Intolerance, Taken
from patients.interactions.knowledge import Family, knowledge
from patients.interactions.naming import ingredients_of

BY_REACTION = {True: Severity.TAKE_CARE, False: Severity.AVOID}


def flags(
    index: Mapping[str, list[Taken]], intolerant: Iterable[Intolerance]
) -> Iterator[Flag]:
    for allergy in intolerant:
        itself, family, related = meant_by(allergy.name)
        for ingredient in sorted(index.keys() & (itself | family | related)):
            for taken in index[ingredient]:
                if ingredient in itself:
                    yield _itself(allergy, taken)
                elif ingredient in family:
                    yield _family(allergy, taken)
                else:
                    yield _related(allergy, taken)


def meant_by(name: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Ingredients the allergy names, those of the same family, and relatives.

    An allergy that names a family ("sulfa antibiotics") names every member.
    """
    said = name.casefold()
    itself = set(ingredients_of(name))
    family: set[str] = set()
    related: set[str] = set()
    for each in knowledge().families:
        if _names(each, said):
            itself |= each.members
            related |= each.related
        elif itself & each.members:
            family |= each.members
            related |= each.related
    return frozenset(itself), frozenset(family - itself), frozenset(related)


def _names(family: Family, said: str) -> bool:
    begun = [rf"(?<!\w){re.escape(word)}" for word in family.words]
    whole = [rf"(?<!\w){re.escape(word)}(?!\w)" for word in family.whole_words]
    return any(re.search(pattern, said) for pattern in (*begun, *whole))


def _itself(allergy: Intolerance, taken: Taken) -> Flag:
    said = _("{b} is on the allergy list, and {a} is it or contains it.")
    return _flag(
        "allergy-itself",
        allergy,
        taken,
        severity=BY_REACTION[allergy.is_mild],
        sentence=said,
        what_to_do=_("Ask a pharmacist or your prescriber before the next dose."),
    )


def _family(allergy: Intolerance, taken: Taken) -> Flag:
    said = _("{a} is of the same family as {b}, which is on the allergy list.")
    return _flag(
        "allergy-family",
        allergy,
        taken,
        severity=Severity.TAKE_CARE if allergy.is_mild else Severity.USUALLY_NOT,
        sentence=said,
        what_to_do=_("Ask a pharmacist or your prescriber before the next dose."),
    )


def _related(allergy: Intolerance, taken: Taken) -> Flag:
    said = _("{a} is distantly related to {b}, which is on the allergy list.")
    return _flag(
        "allergy-related",
        allergy,
        taken,
        severity=Severity.KNOW_ABOUT,
        sentence=said,
        what_to_do=_("Most people can take it. Mention it to a pharmacist."),
    )


def _flag(
    rule: str,
    allergy: Intolerance,
    taken: Taken,
    *,
    severity: Severity,
    sentence: str,
    what_to_do: str,
) -> Flag:
    source, date = knowledge().allergy_source
    return Flag(
        rule=rule,
        kind=Kind.ALLERGY,
        severity=severity,
        a=taken,
        b=allergy,
        sentence=sentence.format(a=taken.name, b=allergy.name),
        what_to_do=what_to_do,
        source=source,
        source_date=date,
    )
