"""Emergency access: stated, renewed, ended, reviewed; and the patient's own answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import exceptions, gate
from consents.actions.terms import RuleError
from consents.codes import EmergencyOutcome
from consents.models import (
    EmergencyAccess,
    EmergencyBlock,
    EmergencyChoice,
    EmergencyReview,
)
from consents.office import is_ones_own
from consents.once_more import AGAIN
from providers.models import CareTeamParticipant
from providers.roles import ROLES

GOES_ON = "It is still open. “In order” can be said once it is over."


@dataclass(frozen=True)
class Statement:
    """What 42 CFR 2.51(c) wants written down beside the time and the person."""

    kind: str
    reason: str
    affiliation: str
    discloser: str


@transaction.atomic
def state_emergency(
    *,
    member: CareTeamParticipant,
    statement: Statement,
    by: User,
    at: datetime,
    renews: EmergencyAccess | None = None,
) -> EmergencyAccess:
    """Opens the ER core to a licensed team member for four hours.

    Stating the same emergency twice while it is open opens it once. Renewing takes a
    new reason. Raises RuleError when the role or the patient does not allow it.
    """
    gate.lock(member.patient_id)
    if renews and _is_second_click(renews, statement, at=at):
        renews = None
    _check(member, statement, by=by, at=at, renews=renews)
    standing = _open_now(member, at=at)
    if standing and not renews:
        return standing
    if renews and (already := EmergencyAccess.objects.filter(renews=renews).first()):
        return already
    return EmergencyAccess.objects.create(
        patient_id=member.patient_id,
        party=member.party,
        name=member.party.name,
        role=member.role,
        affiliation=statement.affiliation,
        discloser=statement.discloser,
        kind=statement.kind,
        reason=statement.reason,
        renews=renews,
        opened_at=at,
        opened_by=by,
        ends_at=at + exceptions.EMERGENCY_HOURS,
        epoch=gate.bump(member.patient_id),
    )


def _check(member, statement: Statement, *, by: User, at: datetime, renews) -> None:
    core = exceptions.core_of(ROLES[member.role])
    if core is None or member.ended_at or member.party.user_id != by.pk:
        raise RuleError("Only a licensed member of the care team can state this.")
    closed = exceptions.is_closed(member.patient_id, by.pk, core, at)
    if closed or member.patient.died_at:
        raise RuleError("The emergency page is not open to you here.")
    if not statement.reason.strip():
        raise RuleError("Say what is happening.")
    if renews and _same(renews.reason, statement.reason):
        raise RuleError("Say in new words why four more hours are needed.")


def _is_second_click(
    standing: EmergencyAccess, said: Statement, *, at: datetime
) -> bool:
    """The words that opened it a moment ago, once more: nobody asks for more hours."""
    just_now = at - standing.opened_at < AGAIN
    return just_now and _same(standing.reason, said.reason)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _open_now(member: CareTeamParticipant, *, at: datetime) -> EmergencyAccess | None:
    return (
        EmergencyAccess.objects.open(at)
        .filter(patient_id=member.patient_id, party=member.party)
        .order_by("-opened_at", "-pk")
        .first()
    )


@transaction.atomic
def end_emergencies(*, member: CareTeamParticipant, by: User, at: datetime) -> int:
    """Closes what this person has open on this patient. Returns how many."""
    gate.bump(member.patient_id)
    return (
        EmergencyAccess.objects.to_close(at)
        .filter(patient_id=member.patient_id, party=member.party)
        .update(ended_at=at, ended_by=by)
    )


@transaction.atomic
def review_emergency(
    *, emergency: EmergencyAccess, outcome: str, words: str, by: User, at: datetime
) -> EmergencyReview:
    """The privacy officer's finding, once. The patient reads it.

    An access that is still open and was not in order ends at once, with the hours by
    which it was renewed. "In order" is said only once it is over: nobody would check
    what is looked at afterwards. One that was not allowed closes the page for that
    person and this patient, with whatever they have open there, until `lift_block`.
    Raises RuleError for anybody else, and for one's own access.
    """
    _check_officer(emergency, by)
    gate.lock(emergency.patient_id)
    if outcome == EmergencyOutcome.IN_ORDER and exceptions.goes_on(emergency, at):
        raise RuleError(GOES_ON)
    review, is_new = EmergencyReview.objects.get_or_create(
        emergency=emergency,
        defaults={
            "outcome": outcome,
            "words": words,
            "reviewed_at": at,
            "reviewed_by": by,
        },
    )
    if is_new and outcome != EmergencyOutcome.IN_ORDER:
        gate.bump(emergency.patient_id)
        EmergencyAccess.objects.to_close(at).filter(pk__in=_renewed(emergency)).update(
            ended_at=at, ended_by=by
        )
    if is_new and outcome == EmergencyOutcome.WRONG:
        _block(review, by=by, at=at)
    return review


def _renewed(emergency: EmergencyAccess) -> list[uuid.UUID]:
    """It, and each four hours by which the same emergency went on."""
    found, last = [emergency.pk], emergency
    while more := EmergencyAccess.objects.filter(renews=last).first():
        found.append(more.pk)
        last = more
    return found


def _block(review: EmergencyReview, *, by: User, at: datetime) -> None:
    """Closes the page, and every hour of it that was renewed or stated anew."""
    whose = {
        "patient_id": review.emergency.patient_id,
        "party_id": review.emergency.party_id,
    }
    EmergencyAccess.objects.to_close(at).filter(**whose).update(
        ended_at=at, ended_by=by
    )
    if not EmergencyBlock.objects.filter(**whose, lifted_at=None).exists():
        EmergencyBlock.objects.create(review=review, set_at=at, set_by=by, **whose)


@transaction.atomic
def lift_block(*, block: EmergencyBlock, why: str, by: User, at: datetime) -> None:
    """The person may state an emergency again. The patient reads when and why.

    Twice is once. Raises RuleError for anybody but the privacy officer, for one's own,
    and without a reason.
    """
    _check_officer(block.review.emergency, by)
    if not why.strip():
        raise RuleError("Say why this person may open it again.")
    gate.bump(block.patient_id)
    EmergencyBlock.objects.filter(pk=block.pk, lifted_at=None).update(
        lifted_at=at, lifted_by=by, lifted_why=why
    )


def _check_officer(emergency: EmergencyAccess, by: User) -> None:
    own = by.pk == emergency.opened_by_id or is_ones_own(by, emergency.patient_id)
    if not (by.is_active and by.is_privacy_officer) or own:
        raise RuleError("Only the privacy officer reviews this, and never their own.")


@transaction.atomic
def choose_emergency(
    *, patient, allowed: bool, by: User, at: datetime
) -> EmergencyChoice:
    """The patient's answer, in force at once; the one before it stays as a row."""
    gate.bump(patient.pk)
    standing = EmergencyChoice.objects.filter(patient=patient, replaced_at=None)
    if same := standing.filter(allowed=allowed).first():
        return same
    standing.update(replaced_at=at, replaced_by=by)
    return EmergencyChoice.objects.create(
        patient=patient, allowed=allowed, answered_at=at, answered_by=by
    )
