"""By which number and mailbox somebody is reached: never by those of who acts (T92)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from carecoord.contacts import same_mailbox, same_number
from consents.representing import in_force

if TYPE_CHECKING:
    from carecoord.models import User


def is_reached_at(patient_id, phone: str, at: datetime) -> bool:
    """Whether somebody who acts for the patient has this number (T92)."""
    numbers = in_force(at).filter(patient_id=patient_id)
    return any(
        same_number(number, phone)
        for number in numbers.values_list("party__related_person__phone", flat=True)
    )


def shares_mailbox(user: User, address: str, at: datetime) -> bool:
    """Whether an address is read by whoever acts for this person, or the reverse.

    Neither may take the other's address later either (T92, L22).
    """
    standing = in_force(at)
    acts_for = standing.filter(party__user_id=user.pk)
    acted_by = standing.filter(patient__user_id=user.pk)
    others = [
        *acts_for.values_list("patient__user__email", flat=True),
        *acted_by.values_list("party__user__email", flat=True),
    ]
    return any(same_mailbox(each or "", address) for each in others)
