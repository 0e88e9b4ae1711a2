"""The topics that something typed by hand gives away by its name.

Only a proposal: whoever types it is asked and decides. Files are read by the same rules
(patients.fhir). Awaiting review by a clinician.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from consents.codes import LABELS
from patients.fhir.sensitivity import condition_labels
from patients.medicine_knowledge import labels_of

# What people write where a file has the words of its codes.
_SAID = {
    "substance_use": r"cannabis|marijuana|heroin|opiate|\bmeth\b|methamphetamine|"
    r"stimulant use|drinking problem|\b[aos]ud\b|detox|drug rehab|\bsober|"
    r"drug (?:screen|test)|toxicology",
    "sexual_reproductive": r"\bst[di]s?\b|\bhpv\b|\bherpes\b(?! zoster)|infertil|"
    r"\biud\b|birth control|postpartum|gender (?:dysphoria|identity|incongruence)",
    "violence": r"(?:child|domestic|physical|emotional) abuse|\babused (?:as|by)|"
    r"abusive|sexual trauma|\bassault|battered|human trafficking",
}
_BY_HAND = {label: re.compile(said, re.I) for label, said in _SAID.items()}


def medicine_tells(*names: str) -> int:
    """The mask for the name and brand of a medicine, also as an allergy."""
    return LABELS.mask(*labels_of(*names))


def words_tell(*words: str) -> int:
    """The mask for a diagnosis, or a few words that may hold one or a medicine."""
    said = " | ".join(words)
    found = [label for label, pattern in _BY_HAND.items() if pattern.search(said)]
    return LABELS.mask(*condition_labels(said, ()), *found) | medicine_tells(said)


# By kind of item of the record: what reads it, and the columns that name something.
_TELLING: Mapping[str, tuple[Callable[..., int], tuple[str, ...]]] = {
    "conditions": (words_tell, ("name",)),
    "past-medicines": (medicine_tells, ("name",)),
    "treatments": (words_tell, ("what",)),
    "hospital": (words_tell, ("where", "why")),
}


def item_tells(slug: str, said: Mapping[str, object]) -> int:
    """The mask for an item of this kind with these columns."""
    words = telling_words(slug, said)
    return _TELLING[slug][0](*words) if words else 0


def telling_words(slug: str, said: Mapping[str, object]) -> list[str]:
    """What of the item names something."""
    _tells, columns = _TELLING.get(slug, (words_tell, ()))
    return [str(said[name]) for name in columns if said.get(name)]
