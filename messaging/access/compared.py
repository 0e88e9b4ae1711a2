"""The value before: what an author compares with, and who may read it.

"Sleep 4 hours, was 7": the 7 stands in another item. The author has seen it; a reader
gets it only where that item is shared with them, and is told nothing where it is not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from consents import decisions
from consents.access import OpenPatient
from messaging import access
from messaging.models import Update, UpdateNumber
from messaging.querysets import uncorrected
from patients.models import Observation

# Older values say nothing about "since last time", and they bound what is read.
COMPARED_DAYS = 120
MOST_COMPARED = 400
SOURCES = (Observation, Update)


@dataclass(frozen=True)
class LastValue:
    """A value that the author may see, and the item it stands in."""

    value: Decimal
    item_id: uuid.UUID


# While writing ------------------------------------------------------------------


def last_values(
    opened: OpenPatient, measures: list[str], *, corrects: Update | None = None
) -> dict[str, LastValue]:
    """The last value of each measure that the author may see.

    A correction is never compared with the version that was wrong.

    What the patient keeps back from others changes nothing here: the author would
    learn of it. A value with a label is left out, since the update would quote it
    without the label; but not the author's own, which the patient may have marked.
    """
    since = opened.at - timedelta(days=COMPARED_DAYS)
    found = [
        *_observed(opened, measures, since),
        *_reported(opened, measures, since, corrects),
    ]
    last: dict[str, tuple] = {}
    for row in sorted(found, key=lambda row: (row[0], row[3])):
        last[row[1]] = row
    for model in SOURCES:
        access.items(opened, model.objects.filter(pk__in=[r[3] for r in last.values()]))
    return {measure: LastValue(row[2], row[3]) for measure, row in last.items()}


def _observed(opened: OpenPatient, measures: list[str], since: datetime) -> list:
    observations = decisions.permitted(
        Observation.objects.standing()
        .filter(_unlabelled(opened), measure__in=measures, occurred_at__gte=since)
        .order_by("-occurred_at", "-pk"),
        opened.reader,
    )
    return list(
        observations.values_list("occurred_at", "measure", "value", "pk")[
            :MOST_COMPARED
        ]
    )


def _reported(
    opened: OpenPatient,
    measures: list[str],
    since: datetime,
    corrects: Update | None,
) -> list:
    updates = Update.objects.filter(
        _unlabelled(opened) | _own(opened), uncorrected(), occurred_at__gte=since
    )
    if corrects:
        updates = updates.exclude(pk=corrects.pk)
    ids = [pk for _at, pk in access.newest(opened, updates, limit=MOST_COMPARED)]
    return list(
        UpdateNumber.objects.filter(update_id__in=ids, measure__in=measures)
        .order_by("-update__occurred_at", "-pk")
        .values_list("update__occurred_at", "measure", "value", "update_id")
    )


def _unlabelled(opened: OpenPatient) -> Q:
    return Q(patient_id=opened.patient.pk, labels=0)


def _own(opened: OpenPatient) -> Q:
    """Whatever it is marked with: its readers are asked for when it is quoted."""
    return Q(patient_id=opened.patient.pk, author_id=opened.party_id)


# While reading ------------------------------------------------------------------


def compare_opened(opened: OpenPatient, updates: Iterable[Update]) -> None:
    """`compare` for somebody who has this patient open."""
    compare(
        updates,
        user_id=opened.reading.user_id,
        decided=lambda items: access.items(opened, items),
    )


def compare(
    updates: Iterable[Update],
    *,
    user_id: uuid.UUID | None,
    decided: Callable[[QuerySet], list],
) -> None:
    """Fills in `was` of each number: nothing, unless this reader may see the source.

    `decided` reads the permitted items and logs them. An author keeps the version
    that they wrote; what has no source is the author's own word.
    """
    numbers = [
        (number, _is_own(update, user_id) or number.compared_with is None)
        for update in updates
        for number in update.numbers.all()
    ]
    wanted = [number.compared_with for number, is_own in numbers if not is_own]
    shared = _shared(wanted, decided) if wanted else set()
    for number, is_own in numbers:
        if is_own or number.compared_with in shared:
            number.was = number.previous


def _is_own(update: Update, user_id: uuid.UUID | None) -> bool:
    """Never for somebody with a code: who has no sign-in wrote nothing."""
    return user_id is not None and update.writer.user_id == user_id


def _shared(wanted: list, decided: Callable[[QuerySet], list]) -> set[uuid.UUID]:
    return {
        item.pk
        for model in SOURCES
        for item in decided(model.objects.filter(pk__in=wanted))
    }
