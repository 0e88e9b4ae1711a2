"""Whether a file is about the person whose list is open: asked before anything."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from patients.fhir.records import ImportedPerson, PartialDate

_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "prof", "jr", "sr"})


def may_be_someone_else(
    person: ImportedPerson | None, *, name: str, birth_date: date | None
) -> tuple[str, ...]:
    """Sentences that say why a file may be about another person; empty if it fits.

    A former name or a second name of the file counts as a match; a file that names
    nobody is said to name nobody.
    """
    if person is None or not (person.name or person.birth_date):
        return ("The file does not say whom it is about. Check that it is yours.",)
    reasons = []
    if name and person.name and not _names_meet(person, name):
        reasons.append(f"The file is about {person.name}. This list is {name}'s.")
    born = person.birth_date
    if born and birth_date and not _dates_meet(born, birth_date):
        here = PartialDate(birth_date, "day").text
        reasons.append(
            f"The file gives the birth date {born.text}. This list has {here}."
        )
    return tuple(reasons)


def _names_meet(person: ImportedPerson, name: str) -> bool:
    """Two words in common, or the only word that one of them has."""
    ours = _words(name)
    for said in (person.name, *person.other_names):
        theirs = _words(said)
        if len(ours & theirs) >= min(2, len(ours), len(theirs)):
            return True
    return not ours


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return set(re.findall(r"\w+", kept)) - _TITLES


def _dates_meet(said: PartialDate, here: date) -> bool:
    if said.precision == "day":
        return said.date == here
    same_month = said.precision == "year" or said.date.month == here.month
    return said.date.year == here.year and same_month
