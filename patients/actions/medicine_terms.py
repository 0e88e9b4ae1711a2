"""What the writes about medicines take and give back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from patients.codes import DatePrecision, MedicineKind
from patients.dosage import Dosage, steps_to_json
from patients.models import MedicationStatement, TimelineEvent
from providers.models import Party


@dataclass(frozen=True)
class Details:
    """What a line says beside its dose. `name` as on the label."""

    name: str
    brand: str = ""
    kind: str = MedicineKind.PRESCRIPTION
    reason: str = ""
    prescriber: Party | None = None
    prescriber_name: str = ""
    started_date: date | None = None
    started_precision: str = DatePrecision.UNKNOWN
    rxcui: str = ""
    source_text: str = ""


@dataclass(frozen=True)
class Why:
    """When something changed, who decided it, and why. Every part may be unknown.

    `decider` is who did, by name, where it need not be the line's own prescriber.
    """

    day: date | None = None
    decided_by: str = ""
    reason: str = ""
    note: str = ""
    decider: str = ""


@dataclass(frozen=True)
class Watch:
    """What a change is expected to bring, what to watch for, and what it does to
    therapy. Weeks count from the day of the change; every part may be empty.
    """

    expected: str = ""
    expected_weeks: int | None = None
    watch_for: str = ""
    weeks: int | None = None
    therapy: str = ""


@dataclass(frozen=True)
class Keep:
    """Whom an item is kept from: everybody ("only me") but some, or these parties."""

    only_me: bool = False
    from_parties: tuple[Party, ...] = ()
    # Whom "only me" leaves in.
    but: tuple[Party, ...] = ()


@dataclass(frozen=True)
class Saved:
    """What an action wrote: the line as it stands, and the event about it."""

    item: MedicationStatement
    event: TimelineEvent


@dataclass(frozen=True)
class Outcome:
    """How a medicine did, when it is stopped: feeds "tried before"."""

    effect: str = ""
    dangerous: bool = False
    for_good: bool = False
    # Empty: as the list says it. Which side effects mattered: None is "all of them".
    dose_reached: str = ""
    weeks: int | None = None
    mattered: tuple[str, ...] | None = None


def columns(dosage: Dosage) -> dict[str, object]:
    """A dose as the columns of a line."""
    names = [
        "schedule",
        "strength",
        "unit",
        "form",
        "count",
        "morning",
        "noon",
        "evening",
        "bedtime",
        "as_needed_for",
        "min_gap_hours",
        "max_in_24_hours",
        "recent_use",
        "every_count",
        "every_unit",
        "last_given_date",
        "next_due_date",
        "other",
    ]
    plain = {name: getattr(dosage, name) for name in names}
    days = [dose.to_json() for dose in dosage.days]
    return plain | {"steps": days or steps_to_json(dosage.steps)}
