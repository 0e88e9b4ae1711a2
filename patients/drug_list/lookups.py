"""Asks the starter list and the complete list together."""

from __future__ import annotations

from django.db.models import Count

from patients.drug_list.rows import digest_of
from patients.medicine_knowledge import find
from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.near import (
    LONGEST_TYPED,
    MOST,
    MOST_COMPARED,
    SHORTEST_FOR_MISSPELLING,
    Candidate,
    Near,
    Suggestion,
    begun,
    begun_in_starter,
    gathered,
    grams,
    misspelled_in_starter,
    rank,
    slips,
)
from patients.models import ListedMedicine, ListedName, NameGram

LAST_LETTER = "\U0010ffff"
MOST_BEGUN = 30


def suggest(typed: str, *, most: int = MOST) -> list[Suggestion]:
    """The medicines that may be meant, the nearest first.

    Only where no name begins as it was typed is a slip thought of. The starter list
    comes before names of the complete list that are as near.
    """
    asked = key(typed[:LONGEST_TYPED])
    if len(asked) < 2:
        return []
    found = [*begun_in_starter(asked), *_begun_in_list(asked)]
    if not found:
        found = [*misspelled_in_starter(asked), *_misspelled_in_list(asked)]
    return gathered(sorted(found, key=lambda near: near.distance), most=most)


def _candidates(names: list[ListedName]) -> list[Candidate]:
    """Under the starter list's name for it, so that nothing is offered twice."""
    return [
        Candidate(one.key, one.name, bool(one.generic), _generic(one)) for one in names
    ]


def _generic(named: ListedName) -> str:
    known = find(named.generic or named.name)
    return known.name if known else named.generic or named.name


def _begun_in_list(asked: str) -> list[Near]:
    """Names that begin so. A range, because an index on any database can answer it."""
    names = ListedName.objects.filter(
        is_offered=True, key__gte=asked, key__lt=f"{asked}{LAST_LETTER}"
    ).order_by("key")[:MOST_BEGUN]
    return rank(asked, _candidates(list(names)), begun)


def _misspelled_in_list(asked: str) -> list[Near]:
    """Names that share letters with it, the most first; only those are compared."""
    if len(asked) < SHORTEST_FOR_MISSPELLING:
        return []
    shared = (
        NameGram.objects.filter(gram__in=sorted(grams(asked)))
        .values("named_id")
        .annotate(count=Count("gram"))
        .order_by("-count", "named_id")[:MOST_COMPARED]
    )
    names = ListedName.objects.filter(
        is_offered=True, pk__in=[row["named_id"] for row in shared]
    )
    return rank(asked, _candidates(list(names)), slips)


def known_rxcui(full_name: str) -> str | None:
    """The code of a whole name as the imported list has it; RxNorm's before others.

    A retired code is still the code of its name.
    """
    found = ListedMedicine.objects.filter(digest=digest_of(full_name))
    ordered = found.order_by("source", "retired_date", "rxcui").values_list("rxcui")
    first = ordered.first()
    return first[0] if first else None


def products_of(name: str) -> list[ListedMedicine]:
    """What is made under a name: strength and form, for the label question."""
    return list(
        ListedMedicine.objects.filter(
            named__key=key(name), retired_date=None, is_suppressed=False
        )
        .exclude(strength="")
        .order_by("strength", "form", "rxcui")[:MOST_BEGUN]
    )
