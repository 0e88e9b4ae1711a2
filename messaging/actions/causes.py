"""What is told although no timeline event says it: found in the rows themselves.

Nobody has to remember to tell: a request, an acceptance, a first look, an end that
comes near or a day that has passed is read from the database, by the sweep. So it
can't be lost between two processes, and telling twice is stopped by the unique key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from consents import acted, gate, representing, windows, withheld
from consents.codes import Basis, Outcome, Relation
from consents.models import (
    Disclosure,
    DisclosureHead,
    EmergencyAccess,
    Invitation,
)
from consents.office import officers_of
from messaging import waiting
from messaging.actions.notices import tell
from messaging.actions.updates import release_covered
from messaging.codes import SIGNED_FOR, STOPPED_FOR, NoticeKind
from messaging.models import Chore, Followed, Notice
from patients.models import Patient
from providers.models import CareTeamParticipant

# Reminders and late answers are counted in days: no need to look every two seconds.
CHORES_EVERY = timedelta(minutes=5)
OTHERS = (Relation.CLINICIAN, Relation.FAMILY, Relation.REPRESENTATIVE)


@transaction.atomic
def release(*, patient_id: uuid.UUID, at: datetime) -> int:
    """Sends what was held and is covered now. Notes under which epoch it looked."""
    epoch = gate.lock(patient_id).epoch
    released = release_covered(patient_id=patient_id, at=at)
    Followed.objects.update_or_create(
        patient_id=patient_id, defaults={"epoch": epoch, "decided_at": at}
    )
    return released


@transaction.atomic
def tell_patient(
    *,
    patient: Patient,
    kind: str,
    about: uuid.UUID,
    at: datetime,
    event: uuid.UUID | None = None,
    by: uuid.UUID | None = None,
) -> None:
    """Tells the patient alone; without a sign-in, each who keeps the record for them.

    Not whoever did it, `by`: they know.
    """
    for user_id in _ears(patient, at) - {by}:
        tell(
            kind=kind,
            user_id=user_id,
            patient_id=patient.pk,
            event=event or about,
            about=about,
            at=at,
        )


def _ears(patient: Patient, at: datetime) -> set[uuid.UUID]:
    if patient.user_id:
        return {patient.user_id}
    keepers = representing.told_instead(at).filter(patient_id=patient.pk)
    return set(keepers.values_list("party__user_id", flat=True))


def tell_of_requests(*, at: datetime) -> int:
    """Someone asks the patient to share."""
    return _tell_each(waiting.requests_to_tell(at), NoticeKind.CONSENT_REQUEST, at=at)


def tell_of_joining(*, at: datetime) -> int:
    """Someone accepted an invitation, or came onto the team by another's hand."""
    accepted = list(waiting.acceptances_to_tell(at))
    for invitation in accepted:
        _tell_joined(invitation, invitation.accepted_by_id, at=at)
    joined = list(waiting.joined_to_tell(at))
    for member in joined:
        _tell_joined(member, member.started_by_id, at=at)
    return len(accepted) + len(joined)


def _tell_joined(
    row: Invitation | CareTeamParticipant, by: uuid.UUID, *, at: datetime
) -> None:
    if patient := row.patient:  # there is one where somebody accepted
        tell_patient(
            patient=patient, kind=NoticeKind.JOINED, about=row.pk, at=at, by=by
        )


def tell_of_acting(*, at: datetime) -> int:
    """Someone can act for the patient from now on, or no longer can."""
    begun = _tell_each(waiting.representatives_to_tell(at), NoticeKind.ACTS_FOR, at=at)
    stopped = {
        uuid.uuid5(row.pk, "stopped"): row for row in waiting.stopped_acting_to_tell(at)
    }
    return begun + _tell_new(stopped, NoticeKind.STOPPED_ACTING, at=at)


def tell_of_deciding(*, at: datetime) -> int:
    """Somebody who acts for the patient signed, answered, stopped or limited something.

    It may be meant ill, and the patient may not look at their home for weeks.
    """
    since = at - waiting.OLDEST_CAUSE
    signed = {uuid.uuid5(row.pk, SIGNED_FOR): row for row in acted.signed_for(since)}
    stopped = {uuid.uuid5(row.pk, STOPPED_FOR): row for row in acted.stopped_for(since)}
    talked = {row.pk: row for row in acted.talked_for(since)}
    return _tell_new(signed | stopped | talked, NoticeKind.DECIDED_FOR, at=at)


def tell_of_guests(*, at: datetime) -> int:
    """A code of the patient's was used, each time; and what was written back."""
    visits = list(waiting.visits_to_tell(at))
    for visit in visits:
        patient = visit.code.patient
        tell_patient(patient=patient, kind=NoticeKind.CODE_USED, about=visit.pk, at=at)
    notes = list(waiting.notes_to_tell(at))
    for note in notes:
        patient = note.visit.code.patient
        tell_patient(patient=patient, kind=NoticeKind.GUEST_NOTE, about=note.pk, at=at)
    return len(visits) + len(notes)


def tell_of_closed_codes(*, at: datetime) -> int:
    """Wrong tries closed a code: whoever waits at the other end cannot say so."""
    found = waiting.closed_codes_to_tell(at)
    events = {uuid.uuid5(row.pk, "closed"): row for row in found}
    return _tell_new(events, NoticeKind.CODE_CLOSED, at=at)


def tell_of_emergencies(*, at: datetime) -> int:
    """Someone opened the emergency page: the patient and the officers are told."""
    found = list(waiting.emergencies_to_tell(at))
    for access in found:
        _tell_of_emergency(access, at=at)
    return len(found)


def tell_of_findings(*, at: datetime) -> int:
    """The privacy officer checked an emergency access: the patient can read it now."""
    found = {uuid.uuid5(row.pk, "checked"): row for row in waiting.checked_to_tell(at)}
    return _tell_new(found, NoticeKind.EMERGENCY_CHECKED, at=at)


@transaction.atomic
def _tell_of_emergency(access: EmergencyAccess, *, at: datetime) -> None:
    tell_patient(
        patient=access.patient, kind=NoticeKind.EMERGENCY, about=access.pk, at=at
    )
    by = access.opened_by_id
    tell_officers(patient_id=access.patient_id, about=access.pk, at=at, by=by)


@transaction.atomic
def tell_officers(
    *,
    patient_id: uuid.UUID,
    about: uuid.UUID,
    at: datetime,
    event: uuid.UUID | None = None,
    by: uuid.UUID | None = None,
) -> None:
    """Tells every privacy officer that something waits, but not about their own.

    Nor of what they did themselves, `by`: another one checks it.
    """
    for officer in officers_of(patient_id):
        if officer.pk == by:
            continue
        tell(
            kind=NoticeKind.OFFICE,
            user_id=officer.pk,
            patient_id=patient_id,
            event=event or about,
            about=about,
            at=at,
        )


def tell_of_answers(*, at: datetime) -> int:
    """The privacy officer answered: told to whoever reported, and to nobody else."""
    found = list(waiting.report_answers_to_tell(at))
    for row in found:
        tell(
            kind=NoticeKind.REPORT_ANSWERED,
            user_id=row.reported_by_id,
            patient_id=row.patient_id,
            event=row.pk,
            at=at,
        )
    return len(found)


def tell_of_waiting(*, at: datetime) -> int:
    """An update waits for the patient's word: once for each time that it waits."""
    events = {
        uuid.uuid5(row.lineage, f"waits {row.pk}"): row
        for row in waiting.words_to_wait_for(at)
    }
    told = set(Notice.objects.filter(event__in=events).values_list("event", flat=True))
    for event, row in events.items():
        if event not in told:
            tell_patient(
                patient=row.patient,
                kind=NoticeKind.WAITS,
                about=row.lineage,
                event=event,
                at=at,
            )
    return len(events) - len(told)


def tell_of_new_staff(*, at: datetime) -> int:
    """Someone on the team works now where the patient's permission reaches them."""
    events = {
        uuid.uuid5(row.pk, f"role {row.role_id}"): row for row in waiting.new_staff(at)
    }
    return _tell_new(events, NoticeKind.NEW_STAFF, at=at)


def _tell_new(events: dict[uuid.UUID, Any], kind: str, *, at: datetime) -> int:
    """Tells of the rows by event, but of none that was told before."""
    told = set(Notice.objects.filter(event__in=events).values_list("event", flat=True))
    for event, row in events.items():
        if event not in told:
            tell_patient(
                patient=row.patient, kind=kind, about=row.pk, event=event, at=at
            )
    return len(events) - len(told)


def tell_of_cases(*, at: datetime) -> int:
    """An exceptional case was opened (the officers), or names somebody (them)."""
    cases = list(waiting.cases_to_tell(at))
    for case in cases:
        tell_officers(patient_id=case.patient_id, about=case.pk, at=at)
    named = list(waiting.recipients_to_tell(at))
    for each in named:
        tell(
            kind=NoticeKind.CASE,
            user_id=each.party.user_id,
            patient_id=each.content.case.patient_id,
            event=each.pk,
            about=each.content_id,
            at=at,
        )
    return len(cases) + len(named)


def remind_of_cases(*, at: datetime) -> int:
    """What is overdue about a case, once for each cause: its author and officers."""
    late = list(waiting.cases_late(at))
    for case, cause in late:
        event = uuid.uuid5(case.pk, cause)
        tell(
            kind=NoticeKind.CASE,
            user_id=case.recorded_by_id,
            patient_id=case.patient_id,
            event=event,
            about=case.pk,
            at=at,
        )
        tell_officers(patient_id=case.patient_id, about=case.pk, event=event, at=at)
    return len(late)


def _tell_each(rows: Iterable, kind: str, *, at: datetime) -> int:
    found = list(rows)
    for row in found:
        tell_patient(patient=row.patient, kind=kind, about=row.pk, at=at)
    return len(found)


# The first look ------------------------------------------------------------------


@transaction.atomic
def follow_log(*, head: DisclosureHead, at: datetime) -> int:
    """Tells the patient of everyone who looks for the first time.

    Read from the log and not written by the read: so it costs a reader nothing, no
    way of reading can forget it, and the cursor moves with the notices.
    """
    followed, _made = Followed.objects.select_for_update().get_or_create(
        patient_id=head.patient_id
    )
    new: QuerySet[Disclosure] = Disclosure.objects.filter(
        patient_id=head.patient_id, seq__gt=followed.log_seq, seq__lte=head.seq
    )
    new = withheld.told(new, patient_id=head.patient_id, at=at)
    users = set(_looks(new).values_list("user_id", flat=True))
    for user_id in users:
        tell_patient(
            patient=head.patient,
            kind=NoticeKind.FIRST_ACCESS,
            about=_first_look(head.patient_id, user_id),
            at=at,
            by=user_id,
        )
    followed.log_seq = head.seq
    followed.save(update_fields=["log_seq"])
    return len(users)


def _looks(rows):
    # Of an exceptional disclosure the patient is told by its author, not by the log.
    return (
        rows.looks()
        .filter(relation__in=OTHERS, outcome=Outcome.SHOWN)
        .exclude(basis=Basis.EXCEPTIONAL)
    )


def _first_look(patient_id: uuid.UUID, user_id: uuid.UUID) -> uuid.UUID:
    rows = Disclosure.objects.filter(patient_id=patient_id, user_id=user_id)
    return _looks(rows).order_by("seq").values_list("pk", flat=True)[0]


# Reminders -----------------------------------------------------------------------


@transaction.atomic
def take_chore(*, name: str, at: datetime) -> bool:
    """Whether it is time again; true for one of several sweeps only."""
    _row, is_first = Chore.objects.get_or_create(name=name, defaults={"taken_at": at})
    return is_first or bool(
        Chore.objects.filter(name=name, taken_at__lte=at - CHORES_EVERY).update(
            taken_at=at
        )
    )


def remind_of_endings(*, at: datetime) -> int:
    """Reminds the patient 14 and 2 days before a consent ends, once each."""
    told: set[uuid.UUID] = set()
    for days in sorted(windows.REMINDED_DAYS):
        for consent in waiting.consents_ending(at, days=days):
            if consent.pk not in told:  # late: the nearer reminder is enough
                told.add(consent.pk)
                tell_patient(
                    patient=consent.patient,
                    kind=NoticeKind.SHARING_ENDS,
                    about=consent.pk,
                    event=uuid.uuid5(consent.pk, f"{days} days"),
                    at=at,
                )
    return len(told)
