"""A parent begins a child's record; the child, or later the adult, gets a sign-in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carecoord import mail, zones
from carecoord.contacts import addresses_of, same_mailbox, share_mailbox
from carecoord.models import User
from consents import actions as consents
from consents import gate, representing
from consents.actions.representatives import check_officer
from consents.models import Representative
from patients import invitation_words as words
from patients.actions.invitations import VALID_FOR, hash_of
from patients.actions.patients import begin_record
from patients.models import Patient, SignInOffer
from patients.models.patient import majority_of
from patients.querysets import offered_by_right
from providers import actions as providers
from providers.codes import Relationship

ATTEMPTS = 5
MOST_IN_A_DAY = 5
# Neutral: it says nothing of whose address it is (T92, L22).
OWN_ADDRESS = gettext_lazy("Enter an address that only your child reads.")
PATIENTS_ADDRESS = gettext_lazy("Enter an address that only the patient reads.")
NOT_NOW = gettext_lazy("A sign-in is not possible here now.")
OWN_ACCOUNT = gettext_lazy("Use an account with an e-mail address of your own.")


class ChildError(ValueError):
    """Something about a child's record is not possible; the message is for people."""


@dataclass(frozen=True)
class Child:
    """What a record begins with."""

    name: str
    birth_date: date
    state: str = ""


@transaction.atomic
def begin_for_child(*, child: Child, by: User, at: datetime) -> Patient:
    """A record that a parent keeps until the child does, and at most until 18.

    It rests on the parent's own word until the privacy officer has seen a paper
    (45 CFR 164.502(g)(3)). Raises ChildError for an adult, and for a parent who is a
    child themselves.
    """
    if begun := _begun_before(child, by, at):
        return begun
    over = majority_of(child.birth_date, by.time_zone)
    if over is None or over <= at:
        raise ChildError(_("This is for children. An adult starts their own record."))
    own = getattr(by, "patient", None)
    if own and own.majority_at and at < own.majority_at:
        raise ChildError(_("Only an adult can begin a record for a child."))
    patient = begin_record(
        name=child.name,
        birth_date=child.birth_date,
        user=None,
        at=at,
        state=child.state,
        time_zone=by.time_zone,
    )
    parent = providers.add_related_person(
        patient=patient, name=by.name, relationship=Relationship.PARENT, user=by
    )
    consents.begin_as_parent(patient=patient, party=parent.party, by=by, at=at)
    return patient


def _begun_before(child: Child, by: User, at: datetime) -> Patient | None:
    """The form sent twice begins one record."""
    mine = representing.of_user(by.pk, at).filter(
        patient__name=child.name, patient__birth_date=child.birth_date
    )
    return Patient.objects.filter(pk__in=mine.values("patient_id")).first()


def may_sign_in(patient: Patient, at: datetime) -> bool:
    """Whether a child of this age can have a sign-in, and has none yet."""
    age = patient.age_on(zones.today(at, patient.time_zone))
    youngest = settings.JURISDICTION.own_sign_in_from
    return patient.user_id is None and age is not None and age >= youngest


@transaction.atomic
def offer_sign_in(
    *, patient: Patient, address: str, by: User, at: datetime
) -> SignInOffer:
    """Mails the child a link. Raises ChildError.

    Not to an address that anybody reads who acts for the child: no case, tag or dot
    makes it another one (T92).
    """
    gate.bump(patient.pk)
    if not may_sign_in(patient, at):
        raise ChildError(NOT_NOW)
    if _is_read_by_others(patient, address):
        raise ChildError(OWN_ADDRESS)
    return _offered(patient=patient, address=address, by=by, at=at)


@transaction.atomic
def give_sign_in(
    *, patient: Patient, address: str, by: User, at: datetime
) -> SignInOffer:
    """The privacy officer mails the link to a patient of age, whom they have met.

    Nobody else can from the 18th birthday on, and without it the record would be
    nobody's. Not to an address of the officer's, or of whoever ever acted. Raises
    ChildError, and RuleError for whoever is no officer or is close to the patient.
    """
    check_officer(by, patient_id=patient.pk)
    gate.bump(patient.pk)
    if not representing.is_nobodys(patient, at):
        raise ChildError(NOT_NOW)
    own = any(same_mailbox(each, address) for each in addresses_of(by))
    if own or _is_read_by_others(patient, address):
        raise ChildError(PATIENTS_ADDRESS)
    return _offered(patient=patient, address=address, by=by, at=at)


def _offered(*, patient: Patient, address: str, by: User, at: datetime) -> SignInOffer:
    lately = SignInOffer.objects.filter(
        patient=patient, sent_at__gt=at - timedelta(days=1)
    )
    if lately.count() >= MOST_IN_A_DAY:
        raise ChildError(_("You sent %(n)s links today.") % {"n": MOST_IN_A_DAY})
    token = secrets.token_urlsafe(32)
    offer = SignInOffer.objects.create(
        token_hash=hash_of(token),
        patient=patient,
        to_address=address,
        sent_at=at,
        sent_by=by,
        expires_at=at + VALID_FOR,
    )
    link = settings.SITE_URL + reverse("patients:own_sign_in_link", args=[token])
    mail.post(
        key=f"sign-in-offer:{offer.pk}",
        address=address,
        subject=words.SUBJECT,
        body=words.BODY.format(link=link),
        at=at,
    )
    return offer


def _is_read_by_others(patient: Patient, address: str) -> bool:
    """By whoever acts or ever acted: their authority may have ended meanwhile."""
    return any(
        same_mailbox(each, address)
        for user in _who_acted(patient)
        for each in addresses_of(user)
    )


def _who_acted(patient: Patient) -> QuerySet[User]:
    acted = Representative.objects.filter(patient_id=patient.pk)
    return User.objects.filter(pk__in=acted.values("party__user_id"))


@transaction.atomic
def take_sign_in(
    *, offer: SignInOffer, birth_date: date, by: User, at: datetime
) -> Patient | None:
    """The child's own account opens the child's own record from now on.

    Returns None for a wrong birth date, five times at most. Raises ChildError.
    """
    gate.bump(offer.patient_id)
    counted = SignInOffer.objects.filter(
        offered_by_right(at),
        pk=offer.pk,
        taken_at=None,
        expires_at__gt=at,
        attempts__lt=ATTEMPTS,
    ).update(attempts=F("attempts") + 1)
    patient = Patient.objects.get(pk=offer.patient_id)
    if not counted or patient.user_id or patient.died_at:
        raise ChildError(_("This link was used, or it has ended."))
    if getattr(by, "patient", None) is not None:
        raise ChildError(_("You have a record of your own already."))
    if any(share_mailbox(by, other) for other in (*_who_acted(patient), offer.sent_by)):
        raise ChildError(OWN_ACCOUNT)
    if birth_date != patient.birth_date:
        return None
    SignInOffer.objects.filter(pk=offer.pk).update(taken_at=at, taken_by=by)
    patient.user = by
    patient._history_user = by
    patient.save(update_fields=["user"])
    return patient
