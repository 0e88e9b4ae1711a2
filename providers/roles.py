"""Roles as code, in words that a clinician and a patient can check.

A role only narrows: it says what kind of information the role ever needs. Consent
decides whether any of it is shared. The help page and the rule read the same table.
"""

from dataclasses import dataclass

ALL_CATEGORIES = frozenset(
    {
        "medications",
        "allergies",
        "substances",
        "conditions",
        "updates",
        "measures",
        "goals",
        "history",
        "documents",
        "safety",
        "observations",
        "care_team",
        "contacts",
    }
)


@dataclass(frozen=True)
class Role:
    """A place on a care team.

    `licensed` may acknowledge and decide; `medical` is medical personnel (42 CFR 2.51);
    `prescribes` may write beside the medicine list; `writes_updates` may send
    structured updates.
    """

    code: str
    name: str
    description: str
    categories: frozenset[str]
    licensed: bool = False
    medical: bool = False
    prescribes: bool = False
    writes_updates: bool = False
    related: bool = False


ROLES = {
    role.code: role
    for role in (
        Role(
            "psychiatrist",
            "Psychiatrist",
            "Decides on medicines for mental health and answers updates.",
            ALL_CATEGORIES,
            licensed=True,
            medical=True,
            prescribes=True,
            writes_updates=True,
        ),
        Role(
            "telepsychiatrist",
            "Psychiatrist by video",
            "Decides on medicines from a distance. Needs local labs and emergency "
            "contacts.",
            ALL_CATEGORIES,
            licensed=True,
            medical=True,
            prescribes=True,
            writes_updates=True,
        ),
        Role(
            "therapist",
            "Therapist",
            "Has the most visits, and reports how it goes in numbers.",
            ALL_CATEGORIES,
            licensed=True,
            writes_updates=True,
        ),
        Role(
            "primary_care",
            "Primary care",
            "Looks after general health, labs and other medicines.",
            ALL_CATEGORIES,
            licensed=True,
            medical=True,
            prescribes=True,
            writes_updates=True,
        ),
        Role(
            "care_coordinator",
            "Care coordinator",
            "Arranges visits and papers. Does not read updates or history.",
            frozenset({"medications", "allergies", "goals", "care_team", "contacts"}),
        ),
        Role(
            "supervisor",
            "Supervisor",
            "Advises a clinician. Sees no patient's record.",
            frozenset(),
        ),
        Role(
            "caregiver",
            "Family or friend",
            "Can tell the team what they notice. Sees only what is chosen for them.",
            ALL_CATEGORIES,
            related=True,
        ),
    )
}


def choices() -> list[tuple[str, str]]:
    return [(role.code, role.name) for role in ROLES.values()]
