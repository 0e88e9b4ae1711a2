"""The codes of DESIGN 2: in the patient's words, and in those of who signs for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from consents.texts.en_2026_11 import vocabulary as own
from consents.texts.en_2026_11.vocabulary import (
    CATEGORIES,
    ITEM_WINDOWS,
    LABELS,
    PURPOSES,
    since,
)

__all__ = [
    "CATEGORIES",
    "ITEM_WINDOWS",
    "LABELS",
    "PURPOSES",
    "Words",
    "since",
    "words",
]


@dataclass(frozen=True)
class Words:
    """The three tables as one person says them."""

    categories: Mapping[str, str]
    labels: Mapping[str, str]
    purposes: Mapping[str, str]


_OWN = Words(own.CATEGORIES, own.LABELS, own.PURPOSES)
_FOR_THE_PATIENT = Words(
    categories={
        "medications": (
            "Medicines: what the patient takes, took before, and side effects."
        ),
        "allergies": "Allergies: what the patient reacts to, and how.",
        "substances": (
            "Alcohol, cannabis and nicotine: what the patient uses and how much."
        ),
        "conditions": (
            "Health conditions: what the patient is said to have, and pregnancy."
        ),
        "updates": "Updates: short reports from the care team, with the safety answer.",
        "measures": own.CATEGORIES["measures"],
        "goals": "Goals and plan: what the patient works on, and how it is going.",
        "history": "History: hospital stays and treatments that the patient tried.",
        "documents": (
            "Papers: letters, reports and test results in the patient's folder."
        ),
        "safety": "Safety: warning signs and the patient's crisis plan.",
        "observations": own.CATEGORIES["observations"],
        "care_team": (
            "The patient's care team: who is on it and what each person does."
        ),
        "contacts": own.CATEGORIES["contacts"],
    },
    labels={
        **own.LABELS,
        "violence": "violence or abuse that the patient lived through",
        "private": "what the patient marked as private",
    },
    purposes={
        "TREAT": "To treat the patient.",
        "COC": "So that the people who treat the patient can work together.",
        "FAMRQT": "So that family or friends can support the patient.",
        "ETREAT": "To treat the patient in an emergency.",
        "PATRQT": "Because I ask for it, for the patient.",
    },
)


def words(*, for_the_patient: bool) -> Words:
    """As the patient says them, or as whoever signs for the patient does."""
    return _FOR_THE_PATIENT if for_the_patient else _OWN
