"""Who acts for the patient: recorded from a document, checked, ended."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Value

from carecoord.contacts import is_unconfirmed, shared_contact
from carecoord.models import User
from consents import gate
from consents.actions.permissions import revoke
from consents.actions.terms import RuleError
from consents.codes import CATEGORIES, LABELS, BeginsHow, RepresentativeKind
from consents.models import Consent, Incapacity, Representative
from consents.models.representative import BEGINS
from consents.office import is_ones_own
from consents.representing import (
    allowed_labels,
    in_force,
    may_stop,
    still_signed,
)
from providers.actions import add_related_person
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

AS_PARENT = Q(kind=RepresentativeKind.PARENT)
OFFICER_ONLY = "Only the privacy officer records this, from the document itself."
ANOTHER_OFFICER = "Another privacy officer records this."
OWN_WORD = "Said by the parent when the record began. No paper yet."
# Neutral on purpose: it says nothing of whose address or number it is.
ENDS_BEFORE = "The last day is before the day on which it begins."
NOT_POSSIBLE = "This person cannot be recorded here. Ask them for contact details."


@transaction.atomic
def record_representative(
    *,
    patient,
    party: Party,
    kind: str,
    document: str,
    categories: int,
    by: User,
    at: datetime,
    labels: int = 0,
    may_sign: bool = False,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    stated_by: Party | None = None,
    from_majority: bool = False,
) -> Representative:
    """Lets somebody act for the patient. Raises RuleError with a sentence.

    45 CFR 164.502(g); 42 CFR 2.14 (minors), 2.15 (adults without capacity). A paper
    for an adult can be recorded before, `from_majority`: it begins on that birthday.
    """
    check_officer(by, patient_id=patient.pk)
    gate.bump(patient.pk)
    # As it stands behind the lock: a birth date that is corrected meanwhile moves it.
    patient.refresh_from_db(fields=["majority_at", "died_at"])
    begins = starts_at or at
    if from_majority and not patient.died_at and _is_child(patient, at):
        begins = patient.majority_at
    if party.user_id == by.pk:
        raise RuleError(ANOTHER_OFFICER)
    _check_three_people(party, stated_by, by)
    _end_what_is_over(patient, party, by=by, at=at)
    check_person(patient, party, kind=kind, begins=begins)
    if is_unconfirmed(party.account):
        # Somebody else may have begun it, with an address that the officer was told.
        raise RuleError(NOT_POSSIBLE)
    _check_beginning(patient, kind, stated_by, max(begins, at))
    if not document.strip():
        raise RuleError("Say which document it rests on, and its date.")
    if ends_at and ends_at <= begins:
        raise RuleError(ENDS_BEFORE if begins > at else "The last day is over already.")
    return Representative.objects.create(
        patient=patient,
        party=party,
        kind=kind,
        document=document,
        begins_how=BEGINS[RepresentativeKind(kind)],
        stated_by=stated_by,
        categories=categories,
        labels=labels,
        may_sign=may_sign,
        starts_at=begins,
        ends_at=ends_at,
        recorded_at=at,
        recorded_by=by,
        checked_at=at,
        checked_by=by,
    )


@transaction.atomic
def begin_as_parent(*, patient, party: Party, by: User, at: datetime) -> Representative:
    """A parent acts from the first minute of a record that they begin for a child.

    On their own word: `checked_by` stays empty until the officer has seen a paper.
    Raises RuleError for a record that somebody else began or signs in to.
    """
    if patient.user_id or patient.created_at != at or party.user_id != by.pk:
        raise RuleError(OFFICER_ONLY)
    check_person(patient, party, kind=RepresentativeKind.PARENT, begins=at)
    _check_beginning(patient, RepresentativeKind.PARENT, None, at)
    gate.bump(patient.pk)
    return Representative.objects.create(
        patient=patient,
        party=party,
        kind=RepresentativeKind.PARENT,
        document=OWN_WORD,
        begins_how=BeginsHow.MINORITY,
        categories=CATEGORIES.all,
        labels=LABELS.all,
        may_sign=True,
        starts_at=at,
        recorded_at=at,
        recorded_by=by,
    )


@transaction.atomic
def let_act(
    *, patient, email: str, relationship: str, by: User, at: datetime, **terms: Any
) -> Representative:
    """record_representative, for the account with this address.

    Whoever is not known as close to the patient becomes so. Raises RuleError in the
    same words for an address without an account and for one that is the patient's own.
    """
    check_officer(by, patient_id=patient.pk)
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise RuleError(NOT_POSSIBLE)
    party = Party.objects.filter(
        kind=PartyKind.RELATED_PERSON, user=user, related_person__patient=patient
    ).first()
    if party is None:
        party = add_related_person(
            patient=patient, name=user.name, relationship=relationship, user=user
        ).party
    return record_representative(patient=patient, party=party, by=by, at=at, **terms)


def _check_three_people(party: Party, stated_by: Party | None, by: User) -> None:
    """Who states that a patient cannot decide neither acts on it nor records it."""
    if stated_by is None or stated_by.user_id is None:
        return
    if stated_by.user_id == party.user_id:
        raise RuleError("Another clinician has to state it: this one would act on it.")
    if stated_by.user_id == by.pk:
        raise RuleError(ANOTHER_OFFICER)


def rests_on(
    stated: Iterable[Incapacity], *, patient, email: str, by: User
) -> Party | None:
    """Whose statement the paper of the agent with this address can rest on.

    The first of `stated` by a third person who still treats the patient. Where there is
    none, the first: `record_representative` says why it does not count.
    """
    parties = [each.party for each in stated]
    for party in parties:
        own = party.user and party.user.email.casefold() == email.casefold()
        if not own and party.user_id != by.pk and treats(party, patient):
            return party
    return parties[0] if parties else None


def _end_what_is_over(patient, party: Party, *, by: User, at: datetime) -> None:
    """What a last day, the 18th birthday or a death ended is ended by state too.

    So that a paper can be renewed, a parent be recorded as the guardian of a grown
    child, and an agent for the estate.
    """
    begun = Q(starts_at__lte=at)
    if patient.died_at:
        begun |= ~Q(kind=RepresentativeKind.ESTATE)  # what waits never begins now
    Representative.objects.filter(
        begun, patient_id=patient.pk, party__user=party.user, ended_at=None
    ).exclude(pk__in=in_force(at).values("pk")).update(ended_at=at, ended_by=by)


def check_officer(by: User, *, patient_id: uuid.UUID) -> None:
    """Raises RuleError for anybody else, and for one's own record or a relative's."""
    if not (by.is_active and by.is_privacy_officer):
        raise RuleError(OFFICER_ONLY)
    if is_ones_own(by, patient_id):
        raise RuleError(ANOTHER_OFFICER)


def check_person(patient, party: Party, *, kind: str, begins: datetime) -> None:
    """Someone close to this patient, with a sign-in and an address of their own.

    Once, and at no instant twice: only what begins on the 18th birthday can stand
    beside a parent's, which ends then by itself.
    """
    own = party.kind == PartyKind.RELATED_PERSON and party.user_id
    if not own or party.related_person.patient_id != patient.pk:
        raise RuleError("Only someone close to the patient, with a sign-in, can act.")
    if party.user_id == patient.user_id:
        raise RuleError("Nobody acts for themselves.")
    held = Representative.objects.filter(
        patient_id=patient.pk, party__user=party.user, ended_at=None
    )
    if kind == RepresentativeKind.PARENT:
        held = held.exclude(~AS_PARENT, starts_at=patient.majority_at)
    elif begins == patient.majority_at:
        held = held.exclude(AS_PARENT)
    if held.exists():
        raise RuleError("This person acts for the patient already.")
    if shared_contact(patient, party):
        raise RuleError(NOT_POSSIBLE)


def _check_beginning(patient, kind: str, stated_by: Party | None, at: datetime) -> None:
    how = BEGINS[RepresentativeKind(kind)]
    if how == BeginsHow.MINORITY and not _is_child(patient, at):
        raise RuleError("A parent acts for a child. The patient is not one.")
    if how == BeginsHow.DEATH and patient.died_at is None:
        raise RuleError("An estate is represented after a death.")
    if how == BeginsHow.INCAPACITY and not treats(stated_by, patient):
        raise RuleError(
            "No clinician on the care team states that the patient cannot decide. "
            "Ask one of them to state it here first."
        )
    if how != BeginsHow.DEATH and patient.died_at:
        raise RuleError("After a death only the estate is represented.")


def _is_child(patient, at: datetime) -> bool:
    return patient.majority_at is not None and at < patient.majority_at


def treats(clinician: Party | None, patient) -> bool:
    """A licensed member of this patient's care team now."""
    if clinician is None:
        return False
    licensed = [role.code for role in ROLES.values() if role.licensed]
    return (
        CareTeamParticipant.objects.current()
        .filter(patient_id=patient.pk, party=clinician, role__in=licensed)
        .exists()
    )


@transaction.atomic
def end_representative(
    *, representative: Representative, by: User, at: datetime
) -> None:
    """Ends it by state: over in the same second, and never begun again by itself."""
    gate.bump(representative.patient_id)
    Representative.objects.filter(pk=representative.pk, ended_at=None).update(
        ended_at=at, ended_by=by
    )


@transaction.atomic
def stop_acting(*, representative: Representative, by: User, at: datetime) -> None:
    """The patient ends what the patient gave; whoever acts may stop themselves.

    A health-care agent has the patient's own trust, and it can be taken back at any
    time. A court, the law for children and an estate are not ended here. Raises
    RuleError.
    """
    if not may_stop(representative, by):
        raise RuleError("Ask the privacy officer: this does not end here.")
    end_representative(representative=representative, by=by, at=at)


@transaction.atomic
def check_document(
    *, representative: Representative, document: str, by: User, at: datetime
) -> None:
    """The privacy officer has seen the paper that a parent named, once.

    Who saw which paper is never written over. Raises RuleError.
    """
    check_officer(by, patient_id=representative.patient_id)
    gate.lock(representative.patient_id)
    representative.refresh_from_db(fields=["checked_at", "ended_at"])
    if representative.checked_at:
        raise RuleError("This paper was checked already.")
    if not document.strip():
        raise RuleError("Say which document it rests on, and its date.")
    representative.document = document
    representative.checked_at, representative.checked_by = at, by
    representative.save(update_fields=["document", "checked_at", "checked_by"])


@transaction.atomic
def settle_majority(*, patient, by: User, at: datetime) -> datetime | None:
    """Before a birth date or a zone changes: what a birthday ended stays ended.

    Without this, a corrected birth date would give a parent back what they had lost,
    and an aunt what the parent had signed for her. Returns when the patient was of age
    so far, for `follow_majority` afterwards.
    """
    gate.bump(patient.pk)
    was = type(patient).objects.values_list("majority_at", flat=True).get(pk=patient.pk)
    if was is None or at < was:
        return was
    Representative.objects.filter(
        patient_id=patient.pk, kind=RepresentativeKind.PARENT, ended_at=None
    ).update(ended_at=at, ended_by=by)
    by_parents = (
        Consent.objects.signed()
        .permits()
        .filter(patient_id=patient.pk, representative__kind=RepresentativeKind.PARENT)
    )
    counting = by_parents.filter(still_signed(at, labels=Value(0)))
    for consent in by_parents.exclude(pk__in=counting.values("pk")):
        revoke(consent=consent, by=by, at=at, why="The 18th birthday ended it.")
    return was


@transaction.atomic
def follow_majority(*, patient, was: datetime | None, by: User, at: datetime) -> None:
    """What waits for the 18th birthday begins on the right one, or now if it is over.

    So that nobody acts by two papers, and there is no day on which nobody does. What
    would be over before it begins is ended. What began by a slip that made a child an
    adult waits again.
    """
    if was is None:
        return
    begins = max(patient.majority_at or at, at)
    when = Q(starts_at=was, starts_at__gt=at)
    if was <= at < begins:
        when = Q(starts_at__gt=was, recorded_at__lt=F("starts_at"))
    waits = Representative.objects.filter(
        when, patient_id=patient.pk, ended_at=None
    ).exclude(AS_PARENT)
    waits.filter(ends_at__lte=begins).update(ended_at=at, ended_by=by)
    waits.update(starts_at=begins)


def _is_same_person(one: Party, other: Party) -> bool:
    """One party, or one account that is a clinician and acts for the patient too."""
    return one.pk == other.pk or bool(one.user_id and one.user_id == other.user_id)


def check_scope(
    representative: Representative,
    *,
    recipient: Party,
    categories: int,
    labels: int,
    at: datetime,
) -> None:
    """Raises RuleError when somebody would share more for the patient than they may."""
    if not representative.may_sign:
        raise RuleError("The document does not let you sign for the patient.")
    if _is_same_person(recipient, representative.party):
        raise RuleError("You cannot share with yourself.")
    more = categories & ~representative.categories
    if more or labels & ~allowed_labels(representative, at):
        raise RuleError("The document does not cover all of this. Untick some.")
