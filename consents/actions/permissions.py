"""Permits, denies and refusals: signed, replaced, stopped."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from carecoord.models import User
from consents import gate
from consents.actions.requests import answer_request
from consents.actions.signed_forms import signed_before
from consents.actions.team import let_in
from consents.actions.terms import RuleError, Signature, Terms, with_allergies
from consents.codes import PURPOSES, Decision, EndedHow
from consents.models import (
    Consent,
    ConsentDiscloser,
    ConsentGate,
    ConsentRequest,
    DisclosureHead,
    ImportedConsent,
    Representative,
)
from consents.windows import WINDOWED
from providers.models import Party


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
    key: uuid.UUID | None = None,
    imported: ImportedConsent | None = None,
) -> Consent:
    """Signs a permit. A change is a new version that supersedes the old one.

    Medicines always travel with allergies. The same form twice is one consent.
    Raises RuleError, and FormUsedError where the form signed something else.
    """
    terms.check()
    if terms.purposes & PURPOSES["THREAT"]:
        raise RuleError("What the law allows without a permission needs none.")
    made, standing = signed_before(
        key,
        patient=patient,
        decision=Decision.PERMIT,
        terms=terms,
        text=signature.text,
        by=by,
        at=at,
        imported=imported,
    )
    if standing:
        return standing
    if supersedes and supersedes.recipient_id != terms.recipient.pk:
        raise RuleError("A permission is replaced by one for the same person.")
    return sign(
        patient=patient,
        terms=terms,
        decision=Decision.PERMIT,
        signature=signature,
        by=by,
        at=at,
        supersedes=supersedes,
        request=request,
        made=made,
    )


@transaction.atomic
def narrow(
    *,
    consent: Consent,
    terms: Terms,
    signature: Signature,
    by: User,
    at: datetime,
    key: uuid.UUID | None = None,
) -> Consent:
    """Takes something away: a new version under the earlier signature.

    Raises RuleError when the terms add anything, which takes a signature; and
    FormUsedError where the form signed something else.
    """
    terms.check()
    made, standing = signed_before(
        key,
        patient=consent.patient,
        decision=Decision.PERMIT,
        terms=terms,
        text=signature.text,
        by=by,
        at=at,
    )
    if standing:
        return standing
    if consent.representative_id:
        raise RuleError("This was signed for you. Sign it with your own name.")
    if adds(consent, terms):
        raise RuleError("This shares something new. Sign it with your name.")
    return sign(
        patient=consent.patient,
        terms=terms,
        decision=Decision.PERMIT,
        signature=signature,
        by=by,
        at=at,
        supersedes=consent,
        made=made,
    )


def adds(consent: Consent, terms: Terms) -> bool:
    """Whether the terms reach beyond a consent in any direction."""
    return bool(
        terms.recipient != consent.recipient
        or with_allergies(terms.categories) & ~consent.categories
        or terms.labels & ~consent.labels
        or terms.purposes & ~consent.purposes
        or terms.starts_at < consent.starts_at
        or terms.ends_at > consent.ends_at
        or (terms.categories & WINDOWED and _reaches_back(terms, consent))
        or (terms.may_redisclose and not consent.may_redisclose)
        or _more_disclosers(consent, terms)
    )


def _reaches_back(terms: Terms, consent: Consent) -> bool:
    """Further than a consent, where a kind is shared that has a window at all."""
    first, second = terms.items_from, consent.items_from
    if second is None:
        return False
    return first is None or first < second


def _more_disclosers(consent: Consent, terms: Terms) -> bool:
    if consent.any_discloser:
        return False
    named = set(consent.disclosers.values_list("party_id", flat=True))
    return not terms.disclosers or not {party.pk for party in terms.disclosers} <= named


@transaction.atomic
def deny(
    *,
    patient,
    terms: Terms,
    signature: Signature,
    by: User,
    at: datetime,
    key: uuid.UUID | None = None,
    imported: ImportedConsent | None = None,
) -> Consent:
    """Signs a deny: it beats every permit, before and after it.

    Raises FormUsedError where the form signed something else.
    """
    terms.check()
    return _sign_once(
        key,
        patient=patient,
        terms=terms,
        decision=Decision.DENY,
        signature=signature,
        by=by,
        at=at,
        imported=imported,
    )


@transaction.atomic
def refuse(
    *,
    patient,
    terms: Terms,
    by: User,
    at: datetime,
    request: ConsentRequest | None = None,
    key: uuid.UUID | None = None,
    representative: Representative | None = None,
    imported: ImportedConsent | None = None,
) -> Consent:
    """Keeps the answer "do not share". It blocks nothing before or after it.

    Raises FormUsedError where the form signed something else.
    """
    signature = Signature(
        name="",
        how="answered while signed in",
        text="",
        text_version="",
        authority=representative.get_kind_display() if representative else "self",
        representative=representative,
    )
    return _sign_once(
        key,
        patient=patient,
        terms=terms,
        decision=Decision.REFUSAL,
        signature=signature,
        by=by,
        at=at,
        request=request,
        imported=imported,
    )


def _sign_once(
    key: uuid.UUID | None,
    *,
    patient,
    terms: Terms,
    decision: str,
    signature: Signature,
    by: User,
    at: datetime,
    request: ConsentRequest | None = None,
    imported: ImportedConsent | None = None,
) -> Consent:
    """What needs no check between: as this form signed it before, or now."""
    what: dict[str, Any] = {"patient": patient, "terms": terms, "decision": decision}
    what |= {"by": by, "at": at}
    made, standing = signed_before(key, text=signature.text, imported=imported, **what)
    return standing or sign(signature=signature, request=request, made=made, **what)


@transaction.atomic
def sign(
    *,
    patient,
    terms: Terms,
    decision: str,
    signature: Signature,
    by: User,
    at: datetime,
    supersedes: Consent | None = None,
    request: ConsentRequest | None = None,
    made: uuid.UUID | None = None,
) -> Consent:
    """Writes the row, and tells nobody: for the actions above and the preview.

    `made` is its id, never what a browser posted (signed_forms.py).
    """
    permits = decision == Decision.PERMIT
    if permits:
        let_in(patient=patient, party=terms.recipient, by=by, at=at)
    epoch = gate.bump(patient.pk)
    if supersedes:
        # It may have ended in another tab since it was loaded.
        supersedes.refresh_from_db()
        _end(supersedes, by=by, at=at, how=EndedHow.SUPERSEDED, why="")
    consent = Consent.objects.create(
        id=made or uuid.uuid4(),
        patient=patient,
        recipient=terms.recipient,
        decision=decision,
        any_discloser=not terms.disclosers,
        categories=with_allergies(terms.categories) if permits else terms.categories,
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
        signed_at=signature.signed_at or at,
        signed_by=by,
        signed_how=signature.how,
        authority=signature.authority,
        representative=signature.representative,
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
    *,
    patient,
    recipient: Party,
    by: User,
    at: datetime,
    why: str = "",
    only: Q | None = None,
) -> int:
    """Ends every permit to one recipient, or `only` some. Returns how many ended."""
    gate.lock(patient.pk)
    standing = (
        Consent.objects.signed()
        .permits()
        .filter(only or Q(), patient=patient, recipient=recipient)
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
