"""By which number and mailbox somebody is reached: never by those of who acts (T92)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from carecoord.contacts import addresses_of, same_mailbox, same_number
from carecoord.models import User
from consents.representing import in_force


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
    acts_for = standing.filter(party__user_id=user.pk).values("patient__user_id")
    acted_by = standing.filter(patient__user_id=user.pk).values("party__user_id")
    others = User.objects.filter(Q(pk__in=acts_for) | Q(pk__in=acted_by))
    return any(
        same_mailbox(each, address) for other in others for each in addresses_of(other)
    )
