"""How many refused requests are noted: all that says something, and not endlessly.

Whoever asks for one page again and again within a quarter of an hour is noted five
times for it. A quarter, because in no zone a day begins within one: so each day on
which somebody asked stands in the patient's list, and who, when and which page in the
privacy officer's. Whoever asked in vain for very many pages in a day is answered 429
wherever they would be refused, whether or not such a record exists, and nothing more
is noted.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from consents.models import AccessRefusal

if TYPE_CHECKING:
    from consents.access.reading import Reading

MOST_ALIKE = 5
QUARTER = timedelta(minutes=15)
# No work needs so many pages that are not shared. Some 600 kB of rows.
MOST_IN_A_DAY = 3000
DAY = timedelta(days=1)
# What an open page asked by itself is told to no patient: it takes no place of those.
BY_SOMEBODY = Q(open_page=None)


def are_too_many(reading: Reading) -> bool:
    """Whether this person was refused so often today that they get no other answer."""
    rows = AccessRefusal.objects.filter(
        user_id=reading.user.pk, at__gt=reading.at - DAY, failed=False
    )
    return rows.count() >= MOST_IN_A_DAY


def to_note(reading: Reading) -> list[uuid.UUID]:
    """Of what was refused, whose records are noted: not what stands there five times.

    Counted by what the address said, in one statement, as for a record that is none.
    """
    return _below_the_bound(reading, reading.refused, failed=False)


def failures_to_note(reading: Reading) -> list[uuid.UUID]:
    """The same of what went wrong: a page that is broken is asked for endlessly."""
    return _below_the_bound(reading, reading.asked, failed=True)


def _below_the_bound(
    reading: Reading, asked: Collection[uuid.UUID], *, failed: bool
) -> list[uuid.UUID]:
    if not asked:
        return []
    alike = AccessRefusal.objects.filter(
        BY_SOMEBODY,
        patient_id__in=asked,
        user_id=reading.user.pk,
        entrance=reading.entrance[:60],
        failed=failed,
        at__gte=_quarter(reading.at),
    )
    times = alike.values("patient_id").annotate(times=Count("pk")).order_by()
    found = dict(times.values_list("patient_id", "times"))
    return sorted(pk for pk in asked if found.get(pk, 0) < MOST_ALIKE)


def _quarter(at: datetime) -> datetime:
    """When the quarter of an hour began that `at` is in."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
