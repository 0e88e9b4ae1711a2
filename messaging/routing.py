"""Who is told of what, as a table; and whether they still may be told.

The table says who would want to know. The rule (consents.decisions) decides, for each
person, at delivery and again whenever a mail is handed over or a notice is read.
Whoever did it is never told.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import QuerySet

from consents import acted, decisions, representing
from consents.access.known import answered_by
from consents.decisions import Reader
from consents.models import (
    CaseRecipient,
    Consent,
    ConsentRequest,
    EmergencyAccess,
    ExceptionalCase,
    Invitation,
    ItemDeny,
    PrivacyReport,
    TalkingChoice,
)
from consents.office import emergencies_not_for, ones_own
from messaging import access, due, wishes
from messaging.access import change_notices, late_doses
from messaging.access.answers_known import as_known
from messaging.access.coming_of_age import concerned
from messaging.access.receipts import other_side
from messaging.access.warnings import waiting_entries
from messaging.codes import NoticeKind
from messaging.models import Notice, UpdateRecipient
from messaging.querysets import users_to_tell
from patients.codes import EventKind
from patients.models import Patient, TimelineEvent
from providers.models import CareTeamParticipant
from providers.querysets import OF_CLINICIANS
from providers.roles import ROLES


class Audience(StrEnum):
    TEAM = "clinicians on the care team"
    FAMILY = "family and friends on the care team"
    PATIENT = "the patient"
    ADDRESSEES = "whom an update or an answer is for"
    ASKED = "the one prescriber who is asked"


_T, _F, _P, _A = Audience.TEAM, Audience.FAMILY, Audience.PATIENT, Audience.ADDRESSEES
EVERYONE = frozenset({_T, _F, _P})
CONVERSATION = frozenset({_A, _P})
NOBODY: frozenset[Audience] = frozenset()

ROUTES: dict[EventKind, frozenset[Audience]] = {
    EventKind.MEDICINE_STARTED: EVERYONE,
    EventKind.MEDICINE_CHANGED: EVERYONE,
    EventKind.MEDICINE_STOPPED: EVERYONE,
    EventKind.MEDICINE_HELD: EVERYONE,
    EventKind.MEDICINE_PRESCRIBED: EVERYONE,
    EventKind.MEDICINE_CORRECTED: EVERYONE,
    EventKind.ALLERGY_ADDED: EVERYONE,
    EventKind.SIDE_EFFECT: EVERYONE,
    EventKind.SIDE_EFFECT_SEEN: EVERYONE,
    EventKind.CONDITION_FOUND: EVERYONE,
    EventKind.THERAPY_CHANGED: EVERYONE,
    EventKind.HOSPITAL: EVERYONE,
    EventKind.DOSES_MISSED: EVERYONE,
    EventKind.RAN_OUT: EVERYONE,
    EventKind.SUBSTANCE_USE: EVERYONE,
    EventKind.STRESSOR: EVERYONE,
    EventKind.UPDATE_SENT: CONVERSATION,
    EventKind.UPDATE_ANSWERED: CONVERSATION,
    EventKind.CHECKED_IN: EVERYONE,
    EventKind.OUTSIDE_NOTE: EVERYONE,
    EventKind.FAMILY_NOTICED: EVERYONE,
    EventKind.ASKED: frozenset({Audience.ASKED}),
    # Stands on the timeline only: nothing changed.
    EventKind.LIST_CONFIRMED: NOBODY,
}
# What the addressees are told; everyone else is told that something changed.
FOR_ADDRESSEES = {
    EventKind.UPDATE_SENT: NoticeKind.UPDATE,
    EventKind.UPDATE_ANSWERED: NoticeKind.ANSWER,
}
FAMILY_PURPOSE, PATIENT_PURPOSE = "FAMRQT", "PATRQT"


@dataclass(frozen=True)
class Told:
    """One person who is to be told, and as what."""

    user_id: uuid.UUID
    kind: str


def whom(event: TimelineEvent, *, at: datetime) -> list[Told]:
    """Everyone whom the table names and the rule lets know of this event now."""
    audience = ROUTES[EventKind(event.kind)]
    found = {
        told.user_id: told
        for told in [*_patient(event, audience), *_team(event, audience)]
        if told.user_id != event.recorded_by_id
    }
    return [
        told
        for told in found.values()
        if may_know(told.user_id, event, at=at)
        and wishes.hears_of(told.user_id, event, at=at)
    ]


def _patient(event: TimelineEvent, audience: frozenset[Audience]) -> list[Told]:
    user_id = event.patient.user_id
    if user_id is None or Audience.PATIENT not in audience:
        return []
    return [Told(user_id, NoticeKind.EVENT)]


def _team(event: TimelineEvent, audience: frozenset[Audience]) -> list[Told]:
    if Audience.ADDRESSEES in audience:
        kind = FOR_ADDRESSEES[EventKind(event.kind)]
        return [Told(user_id, kind) for user_id in users_to_tell(event)]
    if Audience.ASKED in audience:
        asked = event.addressee.user_id if event.addressee else None
        return [Told(asked, NoticeKind.EVENT)] if asked else []
    return [
        Told(member.party.user_id, NoticeKind.EVENT)
        for member in _members(event.patient_id)
        if _side(member) in audience
    ]


def _members(patient_id: uuid.UUID) -> QuerySet:
    return (
        CareTeamParticipant.objects.current()
        .filter(patient_id=patient_id, party__user__is_active=True)
        .select_related("party")
        .order_by("started_at", "pk")
    )


def _side(member: CareTeamParticipant) -> Audience:
    return Audience.FAMILY if ROLES[member.role].related else Audience.TEAM


# Decided again, each time -------------------------------------------------------


def may_know(user_id: uuid.UUID, event: TimelineEvent, *, at: datetime) -> bool:
    """Whether the rule lets this person know of the event at this instant."""
    purpose = _purpose(user_id, event)
    if purpose is None:
        return False
    standing = TimelineEvent.objects.standing().filter(pk=event.pk, cancelled_at=None)
    reader = Reader(user_id=user_id, purpose=purpose, at=at)
    if event.kind in wishes.CONVERSATION and purpose in OF_CLINICIANS:
        standing = standing.filter(access.leads_to_update(user_id, at))
    return decisions.permitted(standing, reader).exists()


def _purpose(user_id: uuid.UUID, event: TimelineEvent) -> str | None:
    """For what this person is told: messaging.access says it of a clinician."""
    if event.patient.user_id == user_id:
        return PATIENT_PURPOSE
    member = _members(event.patient_id).filter(party__user_id=user_id).first()
    if member is None:
        return None
    if _side(member) == Audience.FAMILY:
        return FAMILY_PURPOSE
    return access.purpose_of_event(user_id, event)


def still_stands(notice: Notice, *, at: datetime) -> bool:
    """Whether this notice may still reach its person: asked at every hand-over.

    False also when there is nothing to tell any more: an answered request, a consent
    that has ended, an update that was answered in time.
    """
    if not notice.user.is_active:
        return False
    return _STANDING[NoticeKind(notice.kind)](notice, at)


def _event_stands(notice: Notice, at: datetime) -> bool:
    event = (
        TimelineEvent.objects.select_related("patient").filter(pk=notice.about).first()
    )
    return (
        event is not None
        and may_know(notice.user_id, event, at=at)
        and wishes.hears_of(notice.user_id, event, at=at)
    )


def _request_stands(notice: Notice, at: datetime) -> bool:
    waiting = ConsentRequest.objects.filter(pk=notice.about, answered_at=None)
    theirs = waiting.filter(answered_by(notice.user_id, at))
    return _is_heard(notice, at) and theirs.exists()


def _ending_stands(notice: Notice, at: datetime) -> bool:
    standing = Consent.objects.in_force(at).permits().filter(pk=notice.about)
    return _is_heard(notice, at) and standing.exists()


def _joining_stands(notice: Notice, at: datetime) -> bool:
    accepted = Invitation.objects.filter(
        pk=notice.about, confirmed_at=None, cancelled_at=None
    )
    if accepted.exists():
        return _is_heard(notice, at)
    joined = CareTeamParticipant.objects.current().filter(pk=notice.about)
    return _is_heard(notice, at) and joined.exists()


def _acting_stands(notice: Notice, at: datetime) -> bool:
    acting = representing.in_force(at).filter(pk=notice.about)
    return _is_patients(notice) and acting.exists()


def _stopping_stands(notice: Notice, at: datetime) -> bool:
    stopped = acted.stopped_acting(at).filter(pk=notice.about)
    return _is_patients(notice) and stopped.exists()


def _decided_stands(notice: Notice, at: datetime) -> bool:
    """What was signed, stopped and said stays as it was told."""
    return _is_patients(notice) and any(
        model.objects.filter(pk=notice.about).exists()
        for model in (Consent, TalkingChoice)
    )


def _answer_stands(notice: Notice, at: datetime) -> bool:
    answered = PrivacyReport.objects.filter(
        pk=notice.about, reported_by=notice.user_id, answered_at__isnull=False
    )
    return answered.exists()


def _sharing_stands(notice: Notice, at: datetime) -> bool:
    standing = Consent.objects.in_force(at).permits().filter(pk=notice.about)
    return standing.filter(recipient__user_id=notice.user_id).exists()


def _overdue_stands(notice: Notice, at: datetime) -> bool:
    row = (
        UpdateRecipient.objects.select_related(
            "update__recorded_by", "update__patient", "acknowledged_by", "party"
        )
        .filter(pk=notice.about)
        .first()
    )
    return row is not None and is_late_to(notice.user_id, row, at=at)


def is_late_to(user_id: uuid.UUID, row: UpdateRecipient, *, at: datetime) -> bool:
    """Whether it is late as far as this person may know, and they may be told so."""
    known = as_known([row], user_id=user_id, at=at)[0]
    is_late = due.overdue_since(known, row.update, at=at) is not None
    return is_late and may_know_late(user_id, row, at=at)


def may_know_late(user_id: uuid.UUID, row: UpdateRecipient, *, at: datetime) -> bool:
    """Whether this person may know that the answer is late.

    The author keeps the own text without receipts: asked of the event of sending,
    which nobody keeps as own text (messaging.access.updates).
    """
    sending = TimelineEvent.objects.standing().filter(
        kind=EventKind.UPDATE_SENT, about=row.update_id, cancelled_at=None
    )
    purpose = access.purpose_between(user_id, other_side(row, user_id))
    reader = Reader(user_id=user_id, purpose=purpose, at=at)
    if not wishes.hears_of_late(user_id, row.update.patient_id, at=at):
        return False
    return decisions.permitted(sending, reader).exists()


def _warning_stands(notice: Notice, at: datetime) -> bool:
    waiting = waiting_entries().filter(pk=notice.about)
    return _is_patients(notice) and waiting.exists()


def _still_waits(notice: Notice, at: datetime) -> bool:
    waiting = ItemDeny.objects.filter(
        patient_id=notice.patient_id, lineage=notice.about, waits=True, lifted_at=None
    )
    return _is_patients(notice) and waiting.exists()


def _is_heard(notice: Notice, at: datetime) -> bool:
    """Told to the patient, or to who keeps the record of one without a sign-in."""
    keepers = representing.told_instead(at).filter(
        patient_id=notice.patient_id, party__user_id=notice.user_id
    )
    return _is_patients(notice) or keepers.exists()


def _is_patients(notice: Notice, at: datetime | None = None) -> bool:
    return Patient.objects.filter(pk=notice.patient_id, user_id=notice.user_id).exists()


def _finding_stands(notice: Notice, at: datetime) -> bool:
    found = EmergencyAccess.objects.filter(pk=notice.about, review__isnull=False)
    return _is_heard(notice, at) and found.exists()


def _office_stands(notice: Notice, at: datetime) -> bool:
    """Whether its person is a privacy officer, and it still waits."""
    waits = EmergencyAccess.objects.filter(pk=notice.about, review=None)
    cases = ExceptionalCase.objects.filter(pk=notice.about, closed_at=None)
    waits = waits.exclude(emergencies_not_for(notice.user))
    cases = cases.exclude(ones_own(notice.user))
    return notice.user.is_privacy_officer and (waits.exists() or cases.exists())


def _case_stands(notice: Notice, at: datetime) -> bool:
    """Whether its person wrote the case, or is named in it and may open it now."""
    own = ExceptionalCase.objects.filter(pk=notice.about, recorded_by_id=notice.user_id)
    named = CaseRecipient.objects.filter(
        content=notice.about,
        content__ends_at__gt=at,
        content__case__closed_at=None,
        content__withdrawn_at=None,
        party__user_id=notice.user_id,
    )
    return own.exists() or named.exists()


def _birthday_is_near(notice: Notice, at: datetime) -> bool:
    mine = concerned(notice.user_id, at)
    return Patient.objects.filter(mine, pk=notice.patient_id).exists()


_STANDING = {
    NoticeKind.EVENT: _event_stands,
    NoticeKind.UPDATE: _event_stands,
    NoticeKind.ANSWER: _event_stands,
    NoticeKind.OVERDUE: _overdue_stands,
    NoticeKind.CONSENT_REQUEST: _request_stands,
    NoticeKind.SHARED: _sharing_stands,
    NoticeKind.SHARING_ENDS: _ending_stands,
    NoticeKind.JOINED: _joining_stands,
    NoticeKind.NEW_STAFF: _joining_stands,
    NoticeKind.REPORT_ANSWERED: _answer_stands,
    NoticeKind.ACTS_FOR: _acting_stands,
    NoticeKind.STOPPED_ACTING: _stopping_stands,
    NoticeKind.DECIDED_FOR: _decided_stands,
    NoticeKind.FIRST_ACCESS: _is_heard,
    NoticeKind.CODE_USED: _is_heard,
    NoticeKind.CODE_CLOSED: _is_heard,
    NoticeKind.COMING_OF_AGE: _birthday_is_near,
    NoticeKind.GUEST_NOTE: _is_heard,
    NoticeKind.EMERGENCY: _is_heard,
    NoticeKind.EMERGENCY_CHECKED: _finding_stands,
    NoticeKind.OFFICE: _office_stands,
    NoticeKind.WARNING: _warning_stands,
    NoticeKind.CONFLICT: change_notices.conflict_stands,
    NoticeKind.CHECK_IN: change_notices.check_in_stands,
    NoticeKind.LATE_DOSE: late_doses.late_dose_stands,
    NoticeKind.WAITS: _still_waits,
    NoticeKind.CASE: _case_stands,
}
