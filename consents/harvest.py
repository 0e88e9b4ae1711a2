"""Nobody needs sixty charts in ten minutes: whoever opens more is slowed down (T82).

Counted from the disclosure log, so nothing is stored for it. Lists do not count: a
worklist names many patients and opens none. Only the one person is slowed down.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from consents.codes import Relation
from consents.models import Disclosure

if TYPE_CHECKING:
    from consents.access.reading import Reading

MOST_CHARTS = 60
WITHIN = timedelta(minutes=10)
# Pages that show lines of several patients. A sweep compares them with the addresses.
LISTS = (
    "messaging:worklist",
    "messaging:notices",
    "messaging:notices_seen",
    "patients:list",
)


class TooManyCharts(Exception):
    """This person opened very many charts in a short time. Answered with a 429."""


def check(reading: Reading, patient_id: uuid.UUID) -> None:
    """Raises TooManyCharts for one more chart; those that are open stay open."""
    recent = (
        Disclosure.objects.filter(
            user_id=reading.user.pk,
            relation=Relation.CLINICIAN,
            at__gt=reading.at - WITHIN,
        )
        .exclude(entrance__in=LISTS)
        .values_list("patient_id", flat=True)
        .distinct()
        .order_by()
    )
    opened = set(recent[: MOST_CHARTS + 1])
    if len(opened) >= MOST_CHARTS and patient_id not in opened:
        raise TooManyCharts
