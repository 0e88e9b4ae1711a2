"""Every write about what may be seen: behind the gate, atomic, attributed."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES, Decision, EndedHow
from consents.disclosable import Disclosable
from consents.models import (
    Consent,
    ConsentDiscloser,
    ConsentGate,
    ConsentRequest,
    DisclosureHead,
    ItemDeny,
)
from providers import actions as provider_actions
from providers.models import CareTeamParticipant, Party

REQUEST_AGAIN_AFTER_DAYS = 30


class RuleError(ValueError):
    """An action that the rules do not allow; the message is for the person."""


@dataclass(frozen=True)
class Terms:
    """What is being signed. Masks, never "everything" by silence."""

    recipient: Party
    categories: int
    purposes: int
    starts_at: datetime
    ends_at: datetime
    labels: int = 0
    items_from: datetime | None = None
    ends_event: str = ""
    disclosers: tuple[Party, ...] = field(default=())
    may_redisclose: bool = False

    def check(self) -> None:
        """Raises RuleError with a sentence when the terms contradict themselves."""
        if not self.categories:
            raise RuleError("Choose at least one kind of information.")
        if not self.purposes:
            raise RuleError("Choose what it is for.")
        if self.ends_at <= self.starts_at:
            raise RuleError("The end date must be after the start date.")


@dataclass(frozen=True)
class Signature:
    """Typed name, how the signer was authenticated, on whose authority."""

    name: str
    how: str
    text: str
    text_version: str
    authority: str = "self"


@transaction.atomic
def open_gate(*, patient) -> None:
    """The gate and the head of the log, once, when the patient's record begins."""
    ConsentGate.objects.create(patient=patient)
    DisclosureHead.objects.create(patient=patient)


@transaction.atomic
def grant(
    *,
    patient,
    terms: Terms,
    signature: Signature,
    by: User,
    at: datetime,
    supersedes: Consent | None = None,
    request: ConsentRequest | None = None,
) -> Consent:
    """Signs a permit. A change is a new version that supersedes the old one.

    Medicines always travel with allergies. Raises RuleError.
    """
    terms.check()
    categories = with_allergies(terms.categories)
    return _sign(
        patient=patient,
        terms=terms,
        categories=categories,
        decision=Decision.PERMIT,
        signature=signature,
        by=by,
        at=at,
        supersedes=supersedes,
        request=request,
    )


@transaction.atomic
def deny(
    *, patient, terms: Terms, signature: Signature, by: User, at: datetime
) -> Consent:
    """Signs a deny: it beats every permit, before and after it."""
    terms.check()
    return _sign(
        patient=patient,
        terms=terms,
        categories=terms.categories,
        decision=Decision.DENY,
        signature=signature,
        by=by,
        at=at,
    )


@transaction.atomic
def refuse(
    *,
    patient,
    terms: Terms,
    by: User,
    at: datetime,
    request: ConsentRequest | None = None,
) -> Consent:
    """Keeps the answer "do not share". It blocks nothing before or after it."""
    signature = Signature(
        name="", how="answered while signed in", text="", text_version=""
    )
    return _sign(
        patient=patient,
        terms=terms,
        categories=terms.categories,
        decision=Decision.REFUSAL,
        signature=signature,
        by=by,
        at=at,
        request=request,
    )


def with_allergies(categories: int) -> int:
    """Medicines always travel with allergies."""
    if categories & CATEGORIES["medications"]:
        return categories | CATEGORIES["allergies"]
    return categories


def _sign(
    *,
    patient,
    terms,
    categories,
    decision,
    signature,
    by,
    at,
    supersedes=None,
    request=None,
) -> Consent:
    epoch = gate.bump(patient.pk)
    if supersedes:
        _end(supersedes, by=by, at=at, how=EndedHow.SUPERSEDED, why="")
    consent = Consent.objects.create(
        patient=patient,
        recipient=terms.recipient,
        decision=decision,
        any_discloser=not terms.disclosers,
        categories=categories,
        labels=terms.labels,
        purposes=terms.purposes,
        items_from=terms.items_from,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        ends_event=terms.ends_event,
        may_redisclose=terms.may_redisclose,
        text_version=signature.text_version,
        text=signature.text,
        signed_name=signature.name,
        signed_at=at,
        signed_by=by,
        signed_how=signature.how,
        authority=signature.authority,
        epoch=epoch,
        supersedes=supersedes,
    )
    ConsentDiscloser.objects.bulk_create(
        ConsentDiscloser(consent=consent, party=party) for party in terms.disclosers
    )
    if request:
        answer_request(request=request, consent=consent, by=by, at=at)
    return consent


@transaction.atomic
def revoke(*, consent: Consent, by: User, at: datetime, why: str = "") -> Consent:
    """Stops sharing. Over when this commits: every read decides again.

    Waits for reads in flight. A second call changes nothing.
    """
    gate.bump(consent.patient_id)
    consent.refresh_from_db()
    if consent.revoked_at is None:
        _end(consent, by=by, at=at, how=EndedHow.STOPPED, why=why)
    return consent


@transaction.atomic
def stop_sharing(
    *, patient, recipient: Party, by: User, at: datetime, why: str = ""
) -> int:
    """Ends every permit to one recipient. Returns how many ended."""
    gate.lock(patient.pk)
    standing = (
        Consent.objects.signed().permits().filter(patient=patient, recipient=recipient)
    )
    count = 0
    for consent in standing:
        revoke(consent=consent, by=by, at=at, why=why)
        count += 1
    return count


def _end(consent: Consent, *, by: User, at: datetime, how: str, why: str) -> None:
    if consent.revoked_at is not None:
        raise RuleError("This sharing has ended already.")
    consent.revoked_at, consent.revoked_by = at, by
    consent.revoked_how, consent.revoked_why = how, why
    consent.save(update_fields=Consent.REVOKED_FIELDS)


@transaction.atomic
def keep_back(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> None:
    """ "Only me", or "not for this person", on an item and all of its lineage."""
    gate.bump(item.patient_id)
    ItemDeny.objects.get_or_create(
        patient_id=item.patient_id,
        lineage=item.lineage,
        party=party,
        lifted_at=None,
        defaults={"created_at": at, "created_by": by},
    )


@transaction.atomic
def give_back(
    *, item: Disclosable, by: User, at: datetime, party: Party | None = None
) -> None:
    """Lifts "only me" or "not for this person" from an item."""
    gate.bump(item.patient_id)
    ItemDeny.objects.filter(
        patient_id=item.patient_id, lineage=item.lineage, party=party, lifted_at=None
    ).update(lifted_at=at, lifted_by=by)


@transaction.atomic
def join(
    *, patient, party: Party, role: str, by: User, at: datetime, owns: str = ""
) -> CareTeamParticipant:
    """Puts someone on the care team, behind the gate."""
    gate.bump(patient.pk)
    return provider_actions.join_care_team(
        patient=patient, party=party, role=role, by=by, at=at, owns=owns
    )


@transaction.atomic
def leave(
    *, participant: CareTeamParticipant, by: User, at: datetime, reason: str
) -> None:
    """Ends a membership, behind the gate."""
    gate.bump(participant.patient_id)
    provider_actions.leave_care_team(
        participant=participant, by=by, at=at, reason=reason
    )


@transaction.atomic
def set_labels(*, item: Disclosable, labels: int, by: User, at: datetime) -> None:
    """Changes an item's labels; whoever may is checked by the form's view."""
    gate.bump(item.patient_id)
    item.labels = labels
    item._history_user = by
    item.save(update_fields=["labels"])


@transaction.atomic
def ask(
    *,
    patient,
    recipient: Party,
    asked_by: Party,
    categories: int,
    purposes: int,
    at: datetime,
    labels: int = 0,
    reason: str = "",
    held_item: uuid.UUID | None = None,
) -> ConsentRequest:
    """Asks the patient for a precise scope; the same ask at most once in 30 days.

    Raises RuleError when this person asked for this recipient within 30 days.
    """
    gate.lock(patient.pk)
    if recently_asked(patient=patient, recipient=recipient, asked_by=asked_by, at=at):
        raise RuleError("You asked in the last 30 days. The patient has the request.")
    return ConsentRequest.objects.create(
        patient=patient,
        recipient=recipient,
        asked_by=asked_by,
        asked_at=at,
        categories=with_allergies(categories),
        labels=labels,
        purposes=purposes,
        reason=reason,
        held_item=held_item,
    )


def recently_asked(*, patient, recipient: Party, asked_by: Party, at: datetime) -> bool:
    from datetime import timedelta

    return ConsentRequest.objects.filter(
        patient=patient,
        recipient=recipient,
        asked_by=asked_by,
        asked_at__gt=at - timedelta(days=REQUEST_AGAIN_AFTER_DAYS),
    ).exists()


@transaction.atomic
def answer_request(
    *, request: ConsentRequest, consent: Consent, by: User, at: datetime
) -> None:
    """Closes a request with the consent or the refusal that answered it."""
    ConsentRequest.objects.filter(pk=request.pk, answered_at=None).update(
        answered_at=at, answered_by=by, consent=consent
    )
