"""The receipt's lines: as signed by the patient, or in the words of who signed."""

from __future__ import annotations

from consents.texts.en_2026_11 import receipt as first
from consents.texts.en_2026_11_26.vocabulary import words
from consents.texts.shape import Terms, joined, words_for


def kinds(terms: Terms) -> tuple[str, ...]:
    """What is shared, each kind in the words that were signed."""
    spoken = words(for_the_patient=terms.representative is not None)
    return words_for(terms.category_names, spoken.categories, kind="category")


def lines(terms: Terms, **about: str) -> tuple[tuple[str, str], ...]:
    """(what, words) in the order printed. `about`: as in `en_2026_11`."""
    spoken = words(for_the_patient=terms.representative is not None)
    named = words_for(terms.label_names, spoken.labels, kind="label")
    why = words_for(terms.purposes, spoken.purposes, kind="purpose")
    said = {
        "Why": " ".join(why),
        "What": " ".join(kinds(terms)),
        "Sensitive topics included": joined(named) if named else "none",
    }
    return tuple(
        (what, said.get(what, value)) for what, value in first.lines(terms, **about)
    )
