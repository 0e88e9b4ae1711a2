"""Scope: what the consent says, whatever the record holds.

Chooses the constant lines of consents/lines.py. It reads no item, so it cannot tell of
one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, Value

from consents import exceptions
from consents.codes import CATEGORIES, LABELS, PURPOSES, RepresentativeKind
from consents.decisions import Guest, Reader, by_another, is_for, memberships
from consents.models import Consent, EmergencyAccess, Representative
from consents.readers import knower
from consents.representing import acting_for, still_signed
from providers.codes import PartyKind
from providers.querysets import is_reader
from providers.roles import ROLES

# For which purposes the pages of each kind of party are opened.
PURPOSES_OF = {
    PartyKind.PRACTITIONER: ("TREAT", "COC"),
    PartyKind.ORGANIZATION: ("TREAT", "COC"),
    PartyKind.RELATED_PERSON: ("FAMRQT",),
    PartyKind.GUEST: ("TREAT",),
}
COORDINATION = "COC"
# All that coordination opens: what clinicians of two places send each other.
BETWEEN = CATEGORIES["updates"]


@dataclass(frozen=True)
class Scope:
    """What is shared with a reader, by consent alone. Chooses the constant lines.

    `whole` is the mask of categories shared with every label and from every
    discloser, with no deny in force: only there may absence be stated.
    """

    categories: int
    whole: int
    consent: Consent | None = None
    # The earliest window among the permits, None when all dates are shared.
    items_from: datetime | None = None

    def has(self, category: str) -> bool:
        return bool(self.categories & CATEGORIES[category])

    def has_whole(self, category: str) -> bool:
        return bool(self.whole & CATEGORIES[category])


def scope(patient_id: uuid.UUID, reader: Reader | Guest) -> Scope:
    """The scope of the consents in force for this reader, role-limited.

    Empty for someone who is not on the care team; a guest's permission says it all.
    """
    allowed = _allowed_by_role(patient_id, reader)
    if not allowed:
        return Scope(0, 0)
    addressed = list(
        Consent.objects.in_force(reader.at)
        .filter(
            is_for(reader, field="recipient"),
            Q(decision="deny")
            | still_signed(reader.at, labels=Value(0)) & by_another(reader),
            patient_id=patient_id,
        )
        .order_by("-signed_at", "-pk")
    )
    found = scope_of(addressed, allowed=allowed, purposes=PURPOSES[reader.purpose])
    if reader.purpose == exceptions.EMERGENCY and isinstance(reader, Reader):
        found = _with_emergency(found, patient_id, reader, addressed)
    return _known(found, patient_id)


def _known(found: Scope, patient_id: uuid.UUID) -> Scope:
    """Of it, what is open by document to whoever looks along (readers.knowing)."""
    other = knower()
    if other is None:
        return found
    acting = acting_for(patient_id, other.user_id, other.at)
    mine = of_acting(acting, other.at) if acting else Scope(0, 0)
    return replace(
        found,
        categories=found.categories & mine.categories,
        whole=found.whole & mine.whole,
    )


def of_acting(representative: Representative, at: datetime) -> Scope:
    """What the document opens, less what the patient signed a "never" for."""
    found = by_document(representative, at)
    signer = representative.party.user_id
    if signer is None:
        return found
    denies = (
        Consent.objects.in_force(at)
        .denies()
        .filter(
            is_reader(signer, field="recipient"),
            patient=representative.patient_id,
        )
    )
    denied, touched = _denied(denies)
    return replace(
        found,
        categories=found.categories & ~denied,
        whole=found.whole & ~touched,
    )


def by_document(representative: Representative, at: datetime) -> Scope:
    """What somebody who acts for the patient may see.

    Never the whole of a child's record: some of it may be the child's own.
    """
    is_parent = representative.kind == RepresentativeKind.PARENT
    sees_all = not is_parent and representative.labels == LABELS.all
    mask = representative.categories
    return Scope(mask, mask if sees_all else 0)


def scope_of(addressed: list[Consent], *, allowed: int, purposes: int) -> Scope:
    """The scope of consents in force, newest first, for a role and purposes."""
    permits = [
        consent
        for consent in addressed
        if consent.decision == "permit" and consent.purposes & purposes
    ]
    denied_whole, touched = _denied(addressed)
    shared = _union(permit.categories for permit in permits) & allowed & ~denied_whole
    whole = _union(
        permit.categories
        for permit in permits
        if permit.labels == LABELS.all
        and permit.any_discloser
        and permit.items_from is None
        # What is a child's own may be missing from what a parent signed.
        and permit.representative_id is None
    )
    return Scope(
        shared,
        whole & allowed & ~touched,
        permits[0] if permits else None,
    )


def on_pages(addressed: list[Consent], *, allowed: int, kind: PartyKind) -> Scope:
    """What the pages of such a party show, whatever each page is opened for.

    Coordination opens no chart: it adds the updates from other places, no more.
    """
    found = Scope(0, 0)
    for purpose in PURPOSES_OF[kind]:
        part = scope_of(addressed, allowed=allowed, purposes=PURPOSES[purpose])
        kept = BETWEEN if purpose == COORDINATION else CATEGORIES.all
        found = replace(
            found,
            categories=found.categories | part.categories & kept,
            whole=found.whole | part.whole & kept,
            consent=found.consent or part.consent,
        )
    return found


def _with_emergency(
    found: Scope, patient_id: uuid.UUID, reader: Reader, addressed: list[Consent]
) -> Scope:
    """What stands during an emergency: the core of the role, less what is denied."""
    is_open = EmergencyAccess.objects.open(reader.at).filter(
        party__user_id=reader.user_id, patient_id=patient_id
    )
    roles = memberships(reader).filter(patient_id=patient_id)
    cores = [
        core
        for code in roles.values_list("role", flat=True)
        if (core := exceptions.core_of(ROLES[code]))
        and not exceptions.is_closed(patient_id, reader.user_id, core, reader.at)
    ]
    if not cores or not is_open.exists():
        return found
    denied_whole, touched = _denied(addressed)
    opened = _union(core.unlabelled for core in cores) & ~denied_whole
    whole = _union(core.labelled for core in cores) & ~touched
    return replace(
        found, categories=found.categories | opened, whole=found.whole | whole
    )


def _denied(addressed: Iterable[Consent]) -> tuple[int, int]:
    """Masks of what is denied whole, and of what a deny touches at all."""
    denies = [consent for consent in addressed if consent.decision == "deny"]
    whole = _union(deny.categories for deny in denies if not deny.labels)
    return whole, _union(deny.categories for deny in denies)


def _allowed_by_role(patient_id: uuid.UUID, reader: Reader | Guest) -> int:
    if isinstance(reader, Guest):
        return CATEGORIES.all
    roles = memberships(reader).serving(reader.purpose).filter(patient_id=patient_id)
    return _union(
        CATEGORIES.mask(*ROLES[code].categories)
        for code in roles.values_list("role", flat=True)
    )


def _union(masks) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result
