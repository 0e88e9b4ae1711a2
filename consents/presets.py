"""What the patient can choose in one tap when sharing (SCREENS B8).

A preset is a plain list, shown in full under its name, and becomes those very
categories at signing. Nothing here means "everything" or "everything except": a
category added to the product later is in nobody's consent. Nothing is pre-selected.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from consents.codes import CATEGORIES

# A list of medicines without the allergies is unsafe to prescribe from (DESIGN 2).
ALWAYS_WITH = {"medications": ("allergies",)}

# Each is asked about on its own, after the preset, and is part of none.
ASKED_SEPARATELY_CATEGORIES = ("substances",)
APART = CATEGORIES.mask(*ASKED_SEPARATELY_CATEGORIES)
ASKED_SEPARATELY_LABELS = (
    "substance_use",
    "sexual_reproductive",
    "hiv",
    "violence",
    "private",
)


@dataclass(frozen=True)
class Preset:
    """One radio button of the second page. `categories` empty: the patient chooses."""

    key: str
    name: str
    description: str
    categories: tuple[str, ...]

    @property
    def is_own_choice(self) -> bool:
        """Whether the patient ticks the categories one by one."""
        return not self.categories


MEDICINES_AND_ALLERGIES = Preset(
    key="medicines",
    name="Medicines and allergies only",
    description="The medicine list and the allergies. No more than that.",
    categories=("medications", "allergies"),
)

# What the one-page summary needs, so that the page is whole for a treating clinician.
COORDINATION = Preset(
    key="coordination",
    name="Care coordination",
    description="What those who give care need to work together.",
    categories=(
        "medications",
        "allergies",
        "conditions",
        "updates",
        "measures",
        "goals",
        "history",
        "safety",
        "care_team",
        "contacts",
    ),
)

COORDINATION_AND_PAPERS = Preset(
    key="papers",
    name="Care coordination, papers and family notes",
    description="Care coordination, and also the papers in the folder and what family "
    "or friends noticed.",
    categories=(*COORDINATION.categories, "documents", "observations"),
)

OWN_CHOICE = Preset(
    key="own",
    name="Let me choose",
    description="You tick each kind of information yourself.",
    categories=(),
)

PRESETS = (
    MEDICINES_AND_ALLERGIES,
    COORDINATION,
    COORDINATION_AND_PAPERS,
    OWN_CHOICE,
)


def preset(key: str) -> Preset:
    """The preset with that key. Raises KeyError: an unknown key shares nothing."""
    return {candidate.key: candidate for candidate in PRESETS}[key]


def with_partners(categories: Iterable[str]) -> tuple[str, ...]:
    """The categories chosen, and those that are always shared along with them."""
    chosen = list(dict.fromkeys(categories))
    partners = [partner for name in chosen for partner in ALWAYS_WITH.get(name, ())]
    return tuple(dict.fromkeys([*chosen, *partners]))
