"""What somebody sees and does not see: counted by the rule itself.

A proposed consent is signed inside a savepoint, the rule is asked, and the savepoint is
rolled back. So the preview cannot differ from what the same consent does afterwards.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Q

from consents import actions, decisions, scopes
from consents.codes import CATEGORIES
from consents.decisions import Guest, Reader
from consents.disclosable import Disclosable, registry
from consents.models import Consent, Representative
from consents.preview.counted import (
    NOUNS,
    OTHER,
    TEAMLESS,
    Row,
    View,
    counted,
    difference,
)
from consents.querysets import by_colleagues
from consents.scopes import COORDINATION, PURPOSES_OF, Scope
from providers import actions as provider_actions
from providers.codes import PartyKind
from providers.models import CareTeamParticipant, Party, PractitionerRole
from providers.roles import ROLES

__all__ = ["NOUNS", "OTHER", "View", "counted", "difference"]


def proposed(
    *,
    patient,
    terms: actions.Terms,
    by,
    at: datetime,
    supersedes: Consent | None = None,
) -> View:
    """What the recipient will see once these terms are signed. Nothing is kept."""
    with actions.taken_back():
        if terms.recipient.kind == PartyKind.GUEST:
            provider_actions.add_guest(party=terms.recipient)
        with signed_for_now(
            patient=patient, terms=terms, by=by, at=at, supersedes=supersedes
        ):
            return current(patient=patient, party=terms.recipient, at=at)


@contextmanager
def signed_for_now(
    *,
    patient,
    terms: actions.Terms,
    by,
    at: datetime,
    supersedes: Consent | None = None,
    representative: Representative | None = None,
) -> Iterator[None]:
    """These terms are signed while it lasts: at the end they are rolled back."""
    blank = actions.Signature(
        name="",
        how="preview",
        text="",
        text_version="",
        representative=representative,
    )
    with actions.taken_back():
        actions.sign(
            patient=patient,
            terms=terms,
            decision="permit",
            signature=blank,
            by=by,
            at=at,
            # Its own copy: the rollback does not undo what is in memory.
            supersedes=Consent.objects.get(pk=supersedes.pk) if supersedes else None,
        )
        yield


def without(
    *, consents: list[Consent], patient, party: Party, by, at: datetime
) -> View:
    """What the party will see once these consents are stopped or lifted."""
    with actions.taken_back():
        for consent in Consent.objects.filter(pk__in=[each.pk for each in consents]):
            actions.revoke(consent=consent, by=by, at=at)
        return current(patient=patient, party=party, at=at)


def current(*, patient, party: Party, at: datetime) -> View:
    """What the party sees now by the rule; on paper only, if they could sign in."""
    if not party.on_paper:
        return _current(patient, party, at)
    with actions.taken_back():
        # Its own copy: the rollback does not undo what is in memory.
        copy = Party.objects.get(pk=party.pk)
        provider_actions.give_sign_in(party=copy, name=party.name)
        view = _current(patient, copy, at)
    view.party, view.can_sign_in = party, False
    return view


def _current(patient, party: Party, at: datetime) -> View:
    readers = _readers(party, patient.pk, at)
    addressed = _addressed(party, patient.pk, at)
    permits = [consent for consent in addressed if consent.decision == "permit"]
    view = View(
        party=party,
        scope=_scope(party, patient.pk, addressed, can_sign_in=bool(readers)),
        labels=_union(consent.labels for consent in permits),
        items_from=_first(permits),
        can_sign_in=bool(readers),
    )
    view.rows = [
        row for model in registry() for row in _rows(model, patient.pk, readers)
    ]
    return view


def _readers(party: Party, patient_id: uuid.UUID, at: datetime) -> list[Reader | Guest]:
    purposes = PURPOSES_OF[PartyKind(party.kind)]
    if party.kind == PartyKind.GUEST:
        return [Guest(party.pk, purpose, at) for purpose in purposes]
    return [
        Reader(user_id=user_id, purpose=purpose, at=at)
        for user_id in _users_of(party, patient_id)
        for purpose in purposes
    ]


def _rows(model, patient_id: uuid.UUID, readers: list[Reader | Guest]) -> list[Row]:
    items = model._default_manager.filter(
        patient_id=patient_id, entered_in_error_at=None
    )
    found = list(items.values_list("pk", "categories", "labels", "occurred_at"))
    seen: set[uuid.UUID] = set()
    for reader in readers if found else ():
        there = items.filter(opened_for(model, reader))
        seen.update(decisions.permitted(there, reader).values_list("pk", flat=True))
    past: set[uuid.UUID] = set()
    if found and model.PAST:
        past.update(items.filter(model.PAST).values_list("pk", flat=True))
    label, dated, between = model._meta.label_lower, model.DATED, model.BETWEEN
    return [
        Row(
            f"{label}.past" if pk in past else label,
            pk,
            categories,
            labels,
            occurred_at,
            dated,
            pk in seen,
            between,
        )
        for pk, categories, labels, occurred_at in found
    ]


def opened_for(model: type[Disclosable], reader: Reader | Guest) -> Q:
    """Which items of a model any page opens for the purpose of this reader.

    A chart is opened for treatment. What clinicians send each other is read for
    treatment within one place, and for coordination between two.
    """
    clinical = reader.purpose in PURPOSES_OF[PartyKind.PRACTITIONER]
    if isinstance(reader, Guest) or not clinical:
        return Q()
    between = reader.purpose == COORDINATION
    if not model.BETWEEN:
        return Q(pk__in=[]) if between else Q()
    near = by_colleagues(reader.user_id)
    return ~near if between else near


def _users_of(party: Party, patient_id: uuid.UUID) -> list[uuid.UUID]:
    """Who reads as this party: itself, or those on the team who act for it."""
    if party.kind != PartyKind.ORGANIZATION:
        return [party.user_id] if party.user_id else []
    staff = PractitionerRole.objects.filter(organization_id=party.pk, ended_at=None)
    return list(
        CareTeamParticipant.objects.current()
        .filter(
            patient_id=patient_id,
            party_id__in=staff.values("practitioner_id"),
            party__user__isnull=False,
        )
        .values_list("party__user_id", flat=True)
        .distinct()
    )


def _addressed(party: Party, patient_id: uuid.UUID, at: datetime) -> list[Consent]:
    mine = [party.pk]
    if party.kind == PartyKind.PRACTITIONER:
        mine += PractitionerRole.objects.filter(
            practitioner_id=party.pk, ended_at=None
        ).values_list("organization_id", flat=True)
    return list(
        Consent.objects.in_force(at)
        .filter(patient_id=patient_id, recipient_id__in=mine)
        .order_by("-signed_at", "-pk")
    )


def _scope(
    party: Party, patient_id: uuid.UUID, addressed: list[Consent], *, can_sign_in: bool
) -> Scope:
    allowed = CATEGORIES.all
    if party.kind not in TEAMLESS and can_sign_in:
        roles = CareTeamParticipant.objects.current().filter(
            patient_id=patient_id, party=party
        )
        allowed = _union(
            CATEGORIES.mask(*ROLES[code].categories)
            for code in roles.values_list("role", flat=True)
        )
    return scopes.on_pages(addressed, allowed=allowed, kind=PartyKind(party.kind))


def _first(permits: list[Consent]) -> datetime | None:
    """The earliest item date that any permit reaches; None for all."""
    starts = [consent.items_from for consent in permits]
    if not starts or None in starts:
        return None
    return min(start for start in starts if start)


def _union(masks) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result
