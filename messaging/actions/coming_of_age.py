"""Before an 18th birthday: 90, 30 and 7 days, to the child and whoever acts for them.

Only told: what ends on the day ends by the rule (consents/representing.py).
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from consents import representing
from consents.codes import RepresentativeKind
from messaging.actions.notices import tell
from messaging.codes import NoticeKind

DAYS_BEFORE = (7, 30, 90)


def remind_of_majority(*, at: datetime) -> int:
    """Tells each of them once for each of the days; late, the nearest is enough."""
    held = (
        representing.in_force(at)
        .filter(
            kind=RepresentativeKind.PARENT,
            patient__majority_at__lte=at + timedelta(days=max(DAYS_BEFORE)),
        )
        .select_related("patient", "party")
    )
    told = 0
    for each in held:
        days = _days(each.patient.majority_at - at)
        for user_id in filter(None, (each.patient.user_id, each.party.user_id)):
            tell(
                kind=NoticeKind.COMING_OF_AGE,
                user_id=user_id,
                patient_id=each.patient_id,
                event=uuid.uuid5(each.patient_id, f"of age in {days} days {user_id}"),
                about=each.patient_id,
                at=at,
            )
            told += 1
    return told


def _days(left: timedelta) -> int:
    return next(days for days in DAYS_BEFORE if left <= timedelta(days=days))
