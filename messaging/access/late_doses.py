"""Notices that an injection is late: for the patient, and for who prescribes it.

Told once for each day on which one was due. Who prescribes it is told only where the
rule opens that very line in the chart, and the patient's level lets them hear of
medicines: asked when it is told, when a mail is handed over and whenever it is read.

Of a patient without a sign-in whoever keeps the record is told, as far as their paper
opens that line.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from carecoord import zones
from consents import decisions, representing
from consents.access import Reading
from consents.codes import Relation
from consents.decisions import Reader
from consents.models import Representative
from messaging import wishes
from messaging.access.change_notices import reader_of, show
from messaging.codes import NoticeKind
from messaging.models import Notice
from patients.codes import MedicineStatus, Schedule
from patients.injection_words import late_since
from patients.models import MedicationStatement, Patient

Said = dict[uuid.UUID, tuple[str, str]]
DAY = timedelta(days=1)


# No injection is given less often: what was last given before is long past telling.
RAREST = timedelta(days=3 * 366)


def lines_by_rhythm() -> QuerySet[MedicationStatement]:
    """Every line that may be an injection with a day."""
    return MedicationStatement.objects.standing().filter(
        schedule=Schedule.INTERVAL, status=MedicineStatus.ACTIVE
    )


def maybe_late(at: datetime, *, told_for: timedelta) -> QuerySet[MedicationStatement]:
    """Of these, those of which somebody may have to be told now, in some zone."""
    first, last = (at - told_for - DAY).date(), (at + DAY).date()
    return lines_by_rhythm().filter(
        Q(next_due_date__gte=first, next_due_date__lte=last)
        | Q(next_due_date=None, last_given_date__gte=first - RAREST)
    )


def keepers(patient: Patient, at: datetime) -> QuerySet[Representative]:
    """Who keeps the record of a patient without a sign-in, and is told instead."""
    return representing.told_instead(at).filter(patient_id=patient.pk)


def event_of(item: MedicationStatement, *, at: datetime) -> uuid.UUID | None:
    """What is told once of a late one; nothing where it is not late."""
    since = late_since(item, on=zones.today(at, item.patient.time_zone))
    return uuid.uuid5(item.pk, f"late {since.isoformat()}") if since else None


def late_for(
    user_id: uuid.UUID, patient: Patient, at: datetime
) -> dict[uuid.UUID, MedicationStatement]:
    """By event, what this user is told is late: as patient, keeper or prescriber."""
    keeps = keepers(patient, at).filter(party__user_id=user_id).exists()
    reader = reader_of(user_id, patient, at)
    if keeps:
        reader = Reader(user_id=user_id, purpose=representing.PURPOSE, at=at)
    if reader is None:
        return {}
    rows = lines_by_rhythm().filter(patient=patient).select_related("patient")
    if patient.user_id != user_id and not keeps:
        if not wishes.hears_of_doses(user_id, patient.pk, at=at):
            return {}
        rows = rows.filter(prescriber__user_id=user_id)
    found = decisions.with_basis(rows, reader)
    return {event: row for row in found if (event := event_of(row, at=at))}


def late_dose_stands(notice: Notice, at: datetime) -> bool:
    return notice.event in late_for(notice.user_id, notice.patient, at)


def _late(reading: Reading, notices: list[Notice]) -> Said:
    """Its name and the day; nothing once one was given, or it is not theirs to see."""
    said: Said = {}
    for patient in {each.patient_id: each.patient for each in notices}.values():
        found = late_for(reading.user.pk, patient, reading.at)
        told = [each for each in notices if each.patient_id == patient.pk]
        for notice in told:
            if item := found.get(notice.event):
                _show(reading, patient, item)
                said[notice.pk] = (
                    _words(item, at=reading.at),
                    reverse("patients:medicines", args=[patient.pk]),
                )
    return said


def _show(reading: Reading, patient: Patient, item: MedicationStatement) -> None:
    mine = keepers(patient, reading.at).filter(party__user_id=reading.user.pk)
    acting = mine.order_by("-recorded_at", "-pk").first()
    if acting is None:
        show(reading, patient, [item])
        return
    reading.shown(
        [item],
        relation=Relation.REPRESENTATIVE,
        purpose=representing.PURPOSE,
        recipient_id=acting.party_id,
    )


def _words(item: MedicationStatement, *, at: datetime) -> str:
    day = late_since(item, on=zones.today(at, item.patient.time_zone))
    return _("%(name)s was due on %(day)s. No later injection is on the list.") % {
        "name": item.name,
        "day": zones.day_words(day) if day else "",
    }


LOOK_UPS = (((NoticeKind.LATE_DOSE,), _late),)
