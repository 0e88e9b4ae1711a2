"""Invitations: sent, opened, accepted, confirmed. None of them opens anything early.

The link is kept as a hash only. Sending never asks whether the address has an account,
so that nobody can find out by inviting (T29).
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from carecoord import form_keys, mail
from carecoord.contacts import share_mailbox
from carecoord.models import User
from consents import actions as consents
from consents import gate, inviting
from consents.codes import PURPOSES
from consents.models import ConsentRequest, Invitation
from patients import invitation_words as words
from patients.actions.patients import begin_record
from patients.models import Patient
from providers import actions as providers
from providers.codes import PartyKind, Relationship
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

VALID_FOR = timedelta(hours=72)
VOICE_ATTEMPTS = 5
MOST_IN_A_DAY = 20


class InvitationError(ValueError):
    """Something about an invitation is not possible; the message is for the person."""


@dataclass(frozen=True)
class Invitee:
    """Whom it is for. No address: the sender hands the link over."""

    name: str
    address: str = ""
    message: str = ""


@dataclass(frozen=True)
class Sent:
    """What the sender sees once: the link and the code are stored as hashes only."""

    invitation: Invitation
    link: str
    voice_code: str


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    *,
    role: str,
    invitee: Invitee,
    categories: int,
    by: User,
    at: datetime,
    key: uuid.UUID,
    patient: Patient | None = None,
) -> Sent | None:
    """Sends an invitation: a patient's, or a clinician's (without `patient`).

    Returns None when this `key` was sent before: nothing is sent twice. Raises
    InvitationError past 20 in a day, and after a death; FormUsedError for a form that
    was sent before with other answers.
    """
    made = form_keys.item_id(
        key,
        of=[Invitation._meta.label, patient],
        by=by,
        at=at,
        said=[role, invitee, categories],
    )
    if form_keys.saved_with(Invitation.objects.all(), made):
        return None
    if patient and patient.died_at:
        raise InvitationError(_("A death is recorded here. Nobody is invited now."))
    _refuse_flood(by, at)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    invitation = Invitation.objects.create(
        id=made,
        token_hash=hash_of(token),
        voice_code_hash=_voice_hash(made, code) if patient else "",
        patient=patient,
        sent_by=by,
        sent_at=at,
        expires_at=at + VALID_FOR,
        to_name=invitee.name,
        to_address=invitee.address,
        message=invitee.message,
        role=role,
        categories=consents.with_allergies(categories),
        purposes=_purposes(role),
    )
    link = settings.SITE_URL + reverse("patients:invitation_link", args=[token])
    if invitee.address:
        _post_link(invitation, link, at=at)
    return Sent(invitation, link, code if patient else "")


def _refuse_flood(by: User, at: datetime) -> None:
    lately = Invitation.objects.filter(sent_by=by, sent_at__gt=at - timedelta(days=1))
    if lately.count() >= MOST_IN_A_DAY:
        raise InvitationError(
            _("You sent %(n)s invitations today. Send the next one tomorrow.")
            % {"n": MOST_IN_A_DAY}
        )


def _purposes(role: str) -> int:
    if ROLES[role].related:
        return PURPOSES["FAMRQT"]
    return PURPOSES.mask("TREAT", "COC")


def _voice_hash(pk: uuid.UUID, code: str) -> str:
    return salted_hmac(
        "invitation.voice", f"{pk}:{code}", algorithm="sha256"
    ).hexdigest()


def _post_link(invitation: Invitation, link: str, *, at: datetime) -> None:
    mail.post(
        key=f"invitation:{invitation.pk}",
        address=invitation.to_address,
        subject=words.SUBJECT,
        body=words.BODY.format(link=link),
        at=at,
    )


@transaction.atomic
def not_me(*, invitation: Invitation, at: datetime) -> None:
    """Whoever opened the link is somebody else: it is over, and the sender is told."""
    found = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, cancelled_at=None, not_me_at=None
    ).update(not_me_at=at)
    if found:
        mail.post(
            key=f"not-me:{invitation.pk}",
            address=invitation.sent_by.email,
            user=invitation.sent_by,
            subject=words.NOT_ME_SUBJECT,
            body=words.NOT_ME_BODY.format(link=settings.SITE_URL),
            at=at,
        )


@transaction.atomic
def accept(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Takes the invitation, once. It opens nothing.

    Raises InvitationError when it was used, has ended, or is one's own.
    """
    if by.pk in _own_users(invitation):
        raise InvitationError(_("This is your own invitation. Give it to the person."))
    if _same_mailbox(invitation, by):
        # Neutral: it says nothing of whose address it is (T92, L22).
        raise InvitationError(_("Use an account with an e-mail address of your own."))
    hold(invitation)
    standing = Invitation.objects.filter(
        pk=invitation.pk,
        accepted_at=None,
        cancelled_at=None,
        not_me_at=None,
        expires_at__gt=at,
    ).filter(inviting.invited_by_right(at))
    taken = standing.update(accepted_at=at, accepted_by=by)
    if not taken:
        raise InvitationError(_("This invitation was used, or it has ended."))
    invitation.refresh_from_db()


def hold(invitation: Invitation) -> None:
    """Whoever answers it meanwhile waits; the gate first, as everywhere.

    Whether it still counts is asked of the patient too, and an update over two tables
    is not decided again by PostgreSQL once another one let go of the row.
    """
    if invitation.patient_id:
        gate.lock(invitation.patient_id)
    Invitation.objects.select_for_update().get(pk=invitation.pk)


def _same_mailbox(invitation: Invitation, by: User) -> bool:
    """Whether somebody close would be reached where the patient is."""
    patient = invitation.patient
    if not (patient and patient.user) or not ROLES[invitation.role].related:
        return False
    return share_mailbox(patient.user, by)


def _own_users(invitation: Invitation) -> set[uuid.UUID | None]:
    patient = invitation.patient
    return {invitation.sent_by_id} | ({patient.user_id} if patient else set())


@transaction.atomic
def cancel(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Ends an invitation that is not confirmed; also "I do not know this person"."""
    Invitation.objects.filter(
        pk=invitation.pk, confirmed_at=None, cancelled_at=None
    ).update(cancelled_at=at, cancelled_by=by)


@transaction.atomic
def confirm(
    *,
    invitation: Invitation,
    by: User,
    at: datetime,
    relationship: str = "",
    on_paper: uuid.UUID | None = None,
) -> CareTeamParticipant:
    """The patient says that it is they: they join. What they see waits for a signature.

    `relationship` is asked for family and friends. `on_paper` is the same person, whom
    the patient had on paper: what is kept from them holds. Raises InvitationError when
    nobody accepted, it was answered already, or a death closed it.
    """
    fresh = _take(invitation, by=by, at=at)
    party = _party_of(fresh, relationship)
    patient, role = _patient_of(fresh), _role_of(fresh, party)
    known = {"invited_as": inviting.called_by_patient(fresh), "on_paper": on_paper}
    return _join(patient, party, role, by=by, at=at, **known)


def _take(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    hold(invitation)
    taken = Invitation.objects.filter(
        pk=invitation.pk,
        patient__died_at=None,
        accepted_at__isnull=False,
        confirmed_at=None,
        cancelled_at=None,
    ).update(confirmed_at=at, confirmed_by=by)
    if not taken:
        raise InvitationError(_("This invitation was answered already."))
    invitation.refresh_from_db()
    return invitation


def _patient_of(invitation: Invitation) -> Patient:
    """Whose team it is about. Raises InvitationError where that is not known yet."""
    if invitation.patient is None:
        raise InvitationError(_("This invitation was answered already."))
    return invitation.patient


def _party_of(invitation: Invitation, relationship: str) -> Party:
    user, patient = invitation.acceptor, _patient_of(invitation)
    if not ROLES[invitation.role].related:
        return user.parties.get(kind=PartyKind.PRACTITIONER)
    known = user.parties.filter(related_person__patient=patient).first()
    if known:
        # Confirmed by the name of today; they may have another since they left.
        known.name = user.name
        known.save(update_fields=["name"])
        return known
    return providers.add_related_person(
        patient=patient,
        name=user.name,
        relationship=relationship or Relationship.OTHER,
        user=user,
    ).party


def _role_of(invitation: Invitation, party: Party) -> str:
    if ROLES[invitation.role].related:
        return invitation.role
    return words.role_for(invitation.role, party.practitioner.profession)


def _join(
    patient: Patient, party: Party, role: str, *, by: User, at: datetime, **known: Any
) -> CareTeamParticipant:
    standing = (
        CareTeamParticipant.objects.current()
        .filter(patient=patient, party=party)
        .first()
    )
    if standing:
        consents.hold_against(patient=patient, party=party, at=at, **known)
        return standing
    return consents.join(patient=patient, party=party, role=role, by=by, at=at, **known)


@transaction.atomic
def enter_voice_code(
    *, invitation: Invitation, code: str, by: User, at: datetime
) -> CareTeamParticipant | None:
    """The code that the patient gave by voice confirms who accepted. Five tries.

    It lasts as long as its invitation: after that the patient says who it is. Returns
    None for a wrong code. Raises InvitationError when it has ended, or the tries are
    used up.
    """
    hold(invitation)
    counted = Invitation.objects.filter(
        pk=invitation.pk, accepted_by=by, voice_attempts__lt=VOICE_ATTEMPTS
    ).update(voice_attempts=F("voice_attempts") + 1)
    if counted and not _code_counts(invitation, at):
        raise InvitationError(_("This code has ended. Ask the patient to confirm you."))
    if not counted:
        raise InvitationError(
            _("The code was typed wrong 5 times. Ask the patient to confirm you.")
        )
    if not constant_time_compare(
        _voice_hash(invitation.pk, code), invitation.voice_code_hash
    ):
        return None
    return confirm(invitation=invitation, by=by, at=at)


def _code_counts(invitation: Invitation, at: datetime) -> bool:
    """Not once whoever gave the code acts for the patient no more, nor past its end."""
    standing = Invitation.objects.filter(
        inviting.invited_by_right(at), pk=invitation.pk, expires_at__gt=at
    )
    return standing.exists()


@transaction.atomic
def accept_as_patient(
    *, invitation: Invitation, patient: Patient, at: datetime
) -> ConsentRequest | None:
    """The patient accepts a clinician's invitation, and by that says who it is.

    The clinician joins; what was proposed waits for a signature. Returns None when
    nothing was proposed. Raises InvitationError.
    """
    accept(invitation=invitation, by=patient.account, at=at)
    Invitation.objects.filter(pk=invitation.pk).update(
        patient=patient, confirmed_at=at, confirmed_by=patient.user
    )
    party = invitation.sent_by.parties.get(kind=PartyKind.PRACTITIONER)
    _join(patient, party, invitation.role, by=patient.account, at=at)
    if not invitation.categories or consents.recently_asked(
        patient=patient, recipient=party, asked_by=party, at=at
    ):
        return None
    return consents.ask(
        patient=patient,
        recipient=party,
        asked_by=party,
        categories=invitation.categories,
        purposes=invitation.purposes,
        at=at,
    )


@transaction.atomic
def accept_as_clinician(
    *, invitation: Invitation, details: dict[str, str] | None, by: User, at: datetime
) -> None:
    """Accepts, with the details of someone who was no clinician here before.

    Raises InvitationError, and then keeps nothing.
    """
    if details:
        providers.add_practitioner(name=by.name, user=by, **details)
    accept(invitation=invitation, by=by, at=at)


@transaction.atomic
def begin_and_accept(
    *, invitation: Invitation, birth_date: date, by: User, at: datetime
) -> ConsentRequest | None:
    """A record begins, and its patient accepts. Raises InvitationError."""
    patient = begin_record(name=by.name, birth_date=birth_date, user=by, at=at)
    return accept_as_patient(invitation=invitation, patient=patient, at=at)
