"""What waits for the privacy officer: sections, each handed in by whoever has one.

    office.register(Section(key="reports", order=10, heading=..., empty=..., lines=...))

An app hands its sections in from the module of its addresses. A line holds metadata
only: who, when, which state. Never what a record says (DESIGN 2).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.urls import get_resolver
from django.utils.translation import gettext as _

from providers.codes import PartyKind
from providers.models import CareTeamParticipant

if TYPE_CHECKING:
    from carecoord.models import User
    from consents.access.reading import Reading

# Lines of one section on the first page; the rest is behind its own address.
MOST_LINES = 10


@dataclass(frozen=True)
class Office:
    """The privacy officer at work: who it is, and the instant of this reading."""

    user: User
    reading: Reading

    @property
    def at(self) -> datetime:
        return self.reading.at


@dataclass(frozen=True)
class Line:
    """One thing to do or to know. `note` is its day or state, in words."""

    text: str
    href: str = ""
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Section:
    """One heading of the first page. `lines` gives the most urgent ones first.

    `more` is the name of the address that lists all of them.
    """

    key: str
    order: int
    heading: Any
    empty: Any
    lines: Callable[[Office], list[Line]]
    more: str = ""
    more_text: Any = ""


def own_patients(user: User) -> QuerySet:
    """The officer's own record, and those of people the officer is close to.

    Nobody checks there what is said of them, and nobody opens such a record to
    themselves: a parent who is the officer reads no case about the child.
    """
    # By name of the model: consents never imports upward.
    patients = apps.get_model("patients", "Patient").objects
    close = Q(related_persons__party__user=user)
    return patients.filter(Q(user=user) | close).values("pk")


def ones_own(user: User, patient: str = "patient") -> Q:
    """Rows about such a patient, for an `exclude`."""
    return Q(**{f"{patient}__in": own_patients(user)})


def is_ones_own(user: User, patient_id: uuid.UUID) -> bool:
    return own_patients(user).filter(pk=patient_id).exists()


def officers_of(patient_id: uuid.UUID) -> QuerySet[User]:
    """Who checks what happens there: every officer but those whose own it is."""
    own = Q(patient=patient_id) | Q(parties__related_person__patient=patient_id)
    found = apps.get_model("carecoord", "User").objects
    return found.filter(is_privacy_officer=True, is_active=True).exclude(own)


def emergencies_not_for(user: User) -> Q:
    """Emergency accesses that this officer does not check, for an `exclude`.

    Those to such a record, and those that they opened themselves.
    """
    return ones_own(user) | Q(opened_by=user)


def checked_elsewhere(user: User, own: QuerySet) -> str:
    """What the office says of an officer's `own` acts, which it does not list.

    Empty where there are none.
    """
    if not own.exists():
        return ""
    officers = apps.get_model("carecoord", "User").objects.filter(
        is_privacy_officer=True, is_active=True
    )
    if officers.exclude(pk=user.pk).exists():
        return _(
            "What you did yourself is not here. Another privacy officer checks it."
        )
    return _(
        "What you did yourself is not here. Nobody checks their own acts, and there is "
        "no other privacy officer now. Ask whoever runs this site to name one."
    )


def treated_by(user: User) -> QuerySet[CareTeamParticipant]:
    """Where this person is or was a clinician of the care team."""
    return CareTeamParticipant.objects.filter(
        party__user=user, party__kind=PartyKind.PRACTITIONER
    )


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Adds a section. Raises ValueError when another one has its key."""
    if _sections.setdefault(section.key, section) is not section:
        raise ValueError(f"{section.key} is registered twice.")


def sections() -> list[Section]:
    """Every section, in order."""
    get_resolver().url_patterns  # noqa: B018  each app's addresses bring its sections
    return sorted(_sections.values(), key=lambda each: (each.order, each.key))
