"""Tells what windows of changes bring: a question at their end, a clash with therapy.

Found in the rows by the sweep, like all other causes: no request does work for it, and
so takes no time by which something hidden could be guessed.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from carecoord import zones
from consents import gate
from messaging.access import change_notices as looks
from messaging.actions.notices import tell
from messaging.codes import NoticeKind
from messaging.models import Notice
from patients.access.changes import due_for
from patients.change_windows import ASKED_FOR, Clash
from patients.models import MedicineChange, Patient
from providers.models import CareTeamParticipant
from providers.roles import ROLES


def ask_how_it_went(*, at: datetime) -> int:
    """Asks the patient when a window ends; once more after "not now", then no more."""
    ending = MedicineChange.objects.standing().filter(
        watch_until_date__gte=at.date() - ASKED_FOR - timedelta(days=1),
        watch_until_date__lte=at.date() + timedelta(days=1),
        patient__user__is_active=True,
    )
    patients = Patient.objects.filter(pk__in=ending.values("patient_id"))
    asked = 0
    for patient in patients:
        user_id, day = patient.user_id, zones.today(at, patient.time_zone)
        if user_id is None:
            continue
        for change in due_for(patient.pk, day):
            event = uuid.uuid5(change.pk, f"asked {change.put_off}")
            if not _was_told(event, user_id):
                tell(
                    kind=NoticeKind.CHECK_IN,
                    user_id=user_id,
                    patient_id=patient.pk,
                    event=event,
                    about=change.pk,
                    at=at,
                )
                asked += 1
    return asked


def _was_told(event: uuid.UUID, user_id: uuid.UUID) -> bool:
    return Notice.objects.filter(event=event, user_id=user_id).exists()


def tell_of_conflicts(*, at: datetime) -> int:
    """Tells the patient, and each clinician who may see both sides, once for a pair."""
    return sum(_tell_of(patient, at=at) for patient in looks.patients_to_look_at(at))


@transaction.atomic
def _tell_of(patient: Patient, *, at: datetime) -> int:
    gate.share(patient.pk)
    told = 0
    for user_id in _users(patient):
        for clash in looks.clashes_for(user_id, patient, at):
            event = looks.event_of(clash)
            if looks.is_told_of(clash) and not _was_told(event, user_id):
                _tell_one(clash, user_id, patient, at=at)
                told += 1
    return told


def _tell_one(
    clash: Clash, user_id: uuid.UUID, patient: Patient, *, at: datetime
) -> None:
    tell(
        kind=NoticeKind.CONFLICT,
        user_id=user_id,
        patient_id=patient.pk,
        event=looks.event_of(clash),
        about=clash.phase.pk,
        at=at,
    )


def _users(patient: Patient) -> list[uuid.UUID]:
    """The patient, and the clinicians of the team: family is not told of therapy."""
    members = CareTeamParticipant.objects.current().filter(
        patient=patient, party__user__is_active=True
    )
    clinical = [
        each.party.user_id
        for each in members.select_related("party").order_by("started_at", "pk")
        if not ROLES[each.role].related
    ]
    own = [patient.user_id] if patient.user and patient.user.is_active else []
    return list(dict.fromkeys([*own, *clinical]))
