"""Notices about a change's window: how it went, and what it meets in therapy (S36).

A clash is two rows, and nobody is told of it who may not see both: asked of the rule
when it is told, when a mail is handed over, and whenever the notice is read. It is not
stored as a row of its own: the notice names the phase, and the pair by its key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from carecoord import zones
from consents import decisions
from consents.access import Reading
from consents.codes import Relation
from consents.decisions import Reader
from consents.disclosable import Disclosable
from messaging import access
from messaging.models import Notice
from patients import change_windows, change_words
from patients.access.changes import due_for, standing_changes, standing_phases
from patients.change_windows import Clash
from patients.codes import HARD_WORK
from patients.models import MedicineChange, Patient, TherapyPhase, TimelineEvent
from providers.models import CareTeamParticipant
from providers.roles import ROLES

Said = dict[uuid.UUID, tuple[str, str]]
NAMESPACE = uuid.UUID("6f3f3f0e-9c57-4f0e-8a8c-5d3d7b0a9c36")


# Conflicts ----------------------------------------------------------------------------


def event_of(clash: Clash) -> uuid.UUID:
    """What is told once of a clash: the same for an entry and the line it becomes."""
    return uuid.uuid5(NAMESPACE, clash.key)


def reader_of(user_id: uuid.UUID, patient: Patient, at: datetime) -> Reader | None:
    """Who reads both sides of a clash: the patient, or who opens the chart they are in.

    Who wrote them makes no difference: coordination opens no chart.
    """
    if patient.user_id == user_id:
        return Reader(user_id=user_id, purpose="PATRQT", at=at)
    members = CareTeamParticipant.objects.of_user(user_id).filter(patient=patient)
    if all(ROLES[each.role].related for each in members):
        return None
    return Reader(user_id=user_id, purpose=access.WITHIN, at=at)


def clashes_for(user_id: uuid.UUID, patient: Patient, at: datetime) -> list[Clash]:
    """The clashes of which this user may see both sides now."""
    day = zones.today(at, patient.time_zone)
    reader = reader_of(user_id, patient, at)
    if reader is None:
        return []
    changes = decisions.with_basis(standing_changes().filter(patient=patient), reader)
    phases = decisions.with_basis(standing_phases().filter(patient=patient), reader)
    return change_windows.clashes(list(changes), list(phases), day=day)


def patients_to_look_at(at: datetime) -> list[Patient]:
    """Patients with hard work in therapy, told of already and not long over."""
    told = TimelineEvent.objects.filter(
        kind="therapy_changed", fanned_out_at__isnull=False, cancelled_at=None
    )
    phases = TherapyPhase.objects.standing().filter(
        what__in=HARD_WORK,
        weeks__isnull=False,
        pk__in=told.values("about"),
        starts_date__gte=at.date() - change_windows.LONGEST,
    )
    return list(
        Patient.objects.filter(pk__in=phases.values("patient_id")).select_related(
            "user"
        )
    )


def is_told_of(clash: Clash) -> bool:
    """Whether ten minutes have passed since both, so that neither is taken back."""
    events = TimelineEvent.objects.filter(
        Q(pk=clash.change.event_id) | Q(about=clash.phase.pk, kind="therapy_changed"),
        fanned_out_at__isnull=False,
        cancelled_at=None,
    )
    return events.count() >= 2  # noqa: PLR2004  one for each side


def conflict_stands(notice: Notice, at: datetime) -> bool:
    found = clashes_for(notice.user_id, notice.patient, at)
    return notice.event in {event_of(one) for one in found}


def conflicts(reading: Reading, notices: list[Notice]) -> Said:
    """Both sides in words, their disclosure queued; nothing where one is hidden."""
    said: Said = {}
    by_patient = {each.patient_id: each.patient for each in notices}
    for patient in by_patient.values():
        found = clashes_for(reading.user.pk, patient, reading.at)
        clashes = {event_of(one): one for one in found}
        for notice in notices:
            if notice.patient_id == patient.pk and notice.event in clashes:
                clash = clashes[notice.event]
                show(reading, patient, (clash.change, clash.phase))
                own = patient.user_id == reading.user.pk
                text = change_words.clash(clash, own=own)
                said[notice.pk] = (text, _chart(patient))
    return said


def show(reading: Reading, patient: Patient, rows: Iterable[Disclosable]) -> None:
    """Queues that these rows were shown, each for what its reader opens the chart."""
    own = patient.user_id == reading.user.pk
    member = (
        CareTeamParticipant.objects.of_user(reading.user.pk)
        .filter(patient=patient)
        .first()
    )
    for row in rows:
        reading.shown(
            [row],
            relation=Relation.PATIENT if own else Relation.CLINICIAN,
            purpose="PATRQT" if own else access.WITHIN,
            recipient_id=member.party_id if member else None,
        )


def _chart(patient: Patient) -> str:
    return reverse("patients:chart", args=[patient.pk])


# How it went --------------------------------------------------------------------------


def check_in_stands(notice: Notice, at: datetime) -> bool:
    if notice.patient.user_id != notice.user_id:
        return False
    day = zones.today(at, notice.patient.time_zone)
    return notice.about in {one.pk for one in due_for(notice.patient_id, day)}


def check_ins(reading: Reading, notices: list[Notice]) -> Said:
    """The question, for the patient; nothing once it was answered or put off."""
    said: Said = {}
    for notice in notices:
        if notice.patient.user_id != reading.user.pk:
            continue
        day = zones.today(reading.at, notice.patient.time_zone)
        for change in due_for(notice.patient_id, day):
            if change.pk == notice.about:
                _show_own(reading, change)
                place = [notice.patient_id, change.pk]
                url = reverse("patients:check_in", args=place)
                said[notice.pk] = (change_words.question(change), url)
    return said


def _show_own(reading: Reading, change: MedicineChange) -> None:
    reading.shown(
        [change], relation=Relation.PATIENT, purpose="PATRQT", recipient_id=None
    )


LOOK_UPS = (
    (("conflict",), conflicts),
    (("check_in",), check_ins),
)
__all__ = [
    "LOOK_UPS",
    "check_in_stands",
    "clashes_for",
    "conflict_stands",
    "event_of",
    "is_told_of",
    "patients_to_look_at",
]
