"""What an item is marked as private about, and all that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import actions as consents
from consents.disclosable import Disclosable, registry


@transaction.atomic
def set_labels(*, item: Disclosable, labels: int, by: User, at: datetime) -> None:
    """Raises or lowers labels; the patient alone may lower.

    What is added or taken off counts for the whole lineage: line, events, trials,
    entries, answers. A topic that only another item of it has stays there.
    """
    added, removed = labels & ~item.labels, item.labels & ~labels
    consents.set_labels(item=item, labels=labels, by=by, at=at)
    for other in _others_of_lineage(item):
        theirs = (other.labels | added) & ~removed
        if theirs != other.labels:
            consents.set_labels(item=other, labels=theirs, by=by, at=at)


def _others_of_lineage(item: Disclosable) -> Iterator[Disclosable]:
    same = {"patient_id": item.patient_id, "lineage": item.lineage}
    for model in registry():
        yield from model.objects.filter(**same).exclude(pk=item.pk)
