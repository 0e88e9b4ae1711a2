"""What is left, "I missed a dose", "I ran out": each one tap, told once a day.

The events have the categories, labels and lineage of the medicine, so whoever may not
see it is told of none of them.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord import form_keys, zones
from carecoord.models import User
from consents import gate
from patients import medicine_words as words
from patients.actions import timeline
from patients.codes import EventKind, MissedWhy
from patients.models import MedicationStatement, SupplyCount, TimelineEvent
from patients.safe_text import safe

TOLD = (EventKind.DOSES_MISSED, EventKind.RAN_OUT)


@transaction.atomic
def count(
    *,
    medicine: MedicationStatement,
    left: Decimal,
    counted_date: date,
    refills_left: int | None,
    refilled_by: str,
    key: uuid.UUID,
    by: User,
    at: datetime,
) -> SupplyCount:
    """A new count; the newest stands. `key`: sent twice, it is saved once.

    Raises FormUsedError for a form that was saved before with other answers.
    """
    gate.lock(medicine.patient_id)
    made = form_keys.item_id(
        key,
        of=[SupplyCount._meta.label, medicine],
        by=by,
        at=at,
        said=[left, counted_date, refills_left, refilled_by],
    )
    if saved := form_keys.saved_with(SupplyCount._base_manager.all(), made):
        return saved
    item = SupplyCount(
        id=made,
        patient=medicine.patient,
        medicine=medicine,
        left=left,
        counted_date=counted_date,
        refills_left=refills_left,
        refilled_by=refilled_by,
        categories=medicine.categories,
        labels=medicine.labels,
        lineage=medicine.lineage,
        part2_origin=medicine.part2_origin,
        recorded_by=by,
        recorded_at=at,
        occurred_at=at,
    )
    item.save(force_insert=True)
    return item


@transaction.atomic
def tell(
    *, medicine: MedicationStatement, kind: EventKind, by: User, at: datetime
) -> TimelineEvent:
    """ "Missed a dose" or "Ran out", today: one event a day, however often tapped.

    Raises ValueError for another kind.
    """
    if kind not in TOLD:
        raise ValueError(kind)
    gate.lock(medicine.patient_id)
    today = zones.today(at, medicine.patient.time_zone)
    told = TimelineEvent.objects.filter(
        patient_id=medicine.patient_id,
        about=medicine.pk,
        kind=kind,
        happened_date=today,
        cancelled_at=None,
    ).first()
    if told:
        return told
    title = (
        _("Ran out: %(name)s")
        if kind == EventKind.RAN_OUT
        else _("Missed a dose: %(name)s")
    )
    return timeline.record_event(
        patient=medicine.patient,
        kind=kind,
        title=safe(title % {"name": words.name_of(medicine)}),
        by=by,
        at=at,
        categories=medicine.categories,
        labels=medicine.labels,
        lineage=medicine.lineage,
        part2_origin=medicine.part2_origin,
        about=medicine.pk,
        happened_date=today,
    )


@transaction.atomic
def say_why(*, event: TimelineEvent, why: str) -> bool:
    """Adds the reason, while nobody was told yet. Says whether it could."""
    label = str(MissedWhy(why).label)
    waiting = TimelineEvent.objects.filter(
        pk=event.pk, fanned_out_at=None, cancelled_at=None, kind__in=TOLD
    )
    found = waiting.select_for_update().first()
    if found is None:
        return False
    found.detail = label
    found.save(update_fields=["detail"])
    return True


def take_back(*, event: TimelineEvent, by: User, at: datetime) -> bool:
    """Nobody is told, if nobody was told yet. Says whether it could."""
    return timeline.cancel_event(event=event, by=by, at=at)
