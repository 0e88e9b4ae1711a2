"""The rule. One definition: permitted() for many, decide() for one with its reason.

    may see = on the care team AND the role allows it AND a consent is in force that
              covers recipient, discloser, category, every label, purpose and time
    or      the person is the patient
    or      it is wholly the person's own text

Default is deny. Revoking, superseding and leaving are read from state; only starts,
ends and item dates use the reader's instant.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.lookups import Exact, GreaterThan, IsNull

from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Consent, ConsentDiscloser, ItemDeny
from consents.querysets import bits
from consents.windows import WINDOWED
from providers.models import CareTeamParticipant
from providers.querysets import is_reader
from providers.roles import ROLES


@dataclass(frozen=True)
class Reader:
    """Who asks, for which purpose of use, at which instant. No field has a default.

    Raises KeyError for a purpose that does not exist.
    """

    user_id: uuid.UUID
    purpose: str
    at: datetime

    def __post_init__(self) -> None:
        PURPOSES[self.purpose]


class Reason(StrEnum):
    """Why a decision came out as it did, the first that applies."""

    PATIENT = "the person is the patient"
    OWN_TEXT = "the person wrote it"
    CONSENT = "a consent covers it"
    NOT_ON_TEAM = "not on the care team"
    ROLE = "the role does not need it"
    NO_CATEGORY = "the item has no category"
    ITEM_DENY = "the patient keeps this item back"
    DENY = "a signed deny covers it"
    NO_CONSENT = "no consent covers it"
    ABSENT = "there is no such item"


@dataclass(frozen=True)
class Decision:
    """The answer for one item, its reason, and the consent that decided it."""

    permitted: bool
    reason: Reason
    consent_id: uuid.UUID | None = None


def permitted(items: QuerySet, reader: Reader) -> QuerySet:
    """The items this reader may see: one SQL condition, decided as it is read."""
    return items.filter(rule(items.model, reader))


def with_basis(items: QuerySet, reader: Reader) -> QuerySet:
    """permitted(), each item with `relied_on`: the consent, or nothing if its own."""
    return permitted(items, reader).annotate(relied_on=_relied_on(items.model, reader))


def decide(item: Model, reader: Reader) -> Decision:
    """permitted() for one item, with the explanation, in one query."""
    model = type(item)
    flags = {
        "may_see": rule(model, reader),
        "is_patient": _is_patient(reader),
        "own_text": _own_text(model, reader),
        "on_team": _on_team(reader),
        "role_allows": _role_allows(reader),
        "item_denied": _item_denied(reader),
        "has_category": Q(categories__gt=0),
    }
    row = (
        model._base_manager.filter(pk=item.pk)
        .annotate(
            **{name: _flag(condition) for name, condition in flags.items()},
            relied_on=_relied_on(model, reader),
            denied_by=Subquery(_denies(reader).values("pk")[:1]),
        )
        .values(*flags, "relied_on", "denied_by")
        .first()
    )
    return _explain(row)


def rule(model: type[Model], reader: Reader) -> Q:
    """The whole rule as one condition on `model` (a Disclosable or its history)."""
    covered = (
        Q(categories__gt=0)
        & _role_allows(reader)
        & Q(Exists(_permits(model, reader)))
        & ~Q(Exists(_denies(reader)))
        & ~_item_denied(reader)
    )
    return _is_patient(reader) | _own_text(model, reader) | covered


def live(model: type[Model]) -> type[Model]:
    """The model itself, or the one of which it keeps the versions."""
    return getattr(model, "instance_type", model)


# The pieces, one sentence of the rule each ------------------------------------


def _is_patient(reader: Reader) -> Q:
    return Q(patient__user_id=reader.user_id, patient__user__is_active=True)


def _own_text(model: type[Model], reader: Reader) -> Q:
    """The author keeps what they wrote, unless the patient blocked them."""
    if not live(model).AUTHOR_KEEPS:
        return NOTHING
    blocked = CareTeamParticipant.objects.filter(
        patient_id=OuterRef("patient_id"),
        party_id=OuterRef("author_id"),
        end_reason="blocked",
    )
    return Q(author__user_id=reader.user_id, author__user__is_active=True) & ~Q(
        Exists(blocked)
    )


def _on_team(reader: Reader) -> Q:
    return Q(patient_id__in=_memberships(reader).values("patient_id"))


def _memberships(reader: Reader) -> QuerySet:
    return CareTeamParticipant.objects.of_user(reader.user_id)


def _role_allows(reader: Reader) -> Q:
    """On the team in a role that needs every category of the item."""
    condition = NOTHING
    for mask, names in role_masks().items():
        members = _memberships(reader).filter(role__in=names)
        outside = Exact(bits("categories", CATEGORIES.all & ~mask), 0)
        condition |= Q(patient_id__in=members.values("patient_id")) & Q(outside)
    return condition


@lru_cache(maxsize=1)
def role_masks() -> dict[int, list[str]]:
    """Roles by the mask of categories they need; roles that need none are left out."""
    masks: dict[int, list[str]] = {}
    for role in ROLES.values():
        if mask := CATEGORIES.mask(*role.categories):
            masks.setdefault(mask, []).append(role.code)
    return masks


def _permits(model: type[Model], reader: Reader) -> QuerySet:
    """Consents in force that cover the outer item whole."""
    return (
        _addressed_to(reader)
        .permits()
        .filter(
            _covers("categories"),
            _covers("labels"),
            GreaterThan(bits("purposes", PURPOSES[reader.purpose]), 0),
            _discloser_named(),
            _inside_window() if live(model).DATED else Q(),
        )
    )


def _denies(reader: Reader) -> QuerySet:
    """Denies in force that touch the outer item: any overlap is enough."""
    return (
        _addressed_to(reader)
        .denies()
        .filter(
            GreaterThan(bits("categories", OuterRef("categories")), 0),
            Q(labels=0) | Q(GreaterThan(bits("labels", OuterRef("labels")), 0)),
        )
    )


def _addressed_to(reader: Reader) -> QuerySet:
    return Consent.objects.in_force(reader.at).filter(
        is_reader(reader.user_id, field="recipient"),
        patient_id=OuterRef("patient_id"),
    )


def _covers(field: str) -> Exact:
    return Exact(bits(field, OuterRef(field)), OuterRef(field))


def _discloser_named() -> Q:
    """What the patient entered, the patient discloses; the rest needs a discloser."""
    named = ConsentDiscloser.objects.filter(
        consent_id=OuterRef("pk"), party_id=OuterRef(OuterRef("author_id"))
    )
    return (
        Q(any_discloser=True)
        | Q(IsNull(OuterRef("author_id"), True))
        | Q(Exists(named))
    )


def _inside_window() -> Q:
    """Updates, numbers and papers have a window; current lists stand as they are."""
    outside_of_it = Exact(_overlap(OuterRef("categories"), WINDOWED), 0)
    return (
        Q(items_from=None)
        | Q(items_from__lte=OuterRef("occurred_at"))
        | Q(outside_of_it)
    )


def _overlap(mask: OuterRef, other: int) -> ExpressionWrapper:
    return ExpressionWrapper(mask.bitand(other), output_field=IntegerField())


def _item_denied(reader: Reader) -> Q:
    denies = ItemDeny.objects.filter(
        Q(party=None) | is_reader(reader.user_id, field="party"),
        lineage=OuterRef("lineage"),
        lifted_at=None,
    )
    return Q(Exists(denies))


def _relied_on(model: type[Model], reader: Reader) -> Case:
    """The newest consent that covers the item; empty for one's own."""
    newest = _permits(model, reader).order_by("-signed_at", "-pk").values("pk")[:1]
    own = _is_patient(reader) | _own_text(model, reader)
    return Case(When(own, then=Value(None)), default=Subquery(newest))


def _flag(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


NOTHING = Q(pk__in=[])


def _explain(row: dict | None) -> Decision:
    if row is None:
        return Decision(False, Reason.ABSENT)
    if row["may_see"]:
        return _explain_permit(row)
    refusals = (
        (not row["on_team"], Reason.NOT_ON_TEAM, None),
        (not row["has_category"], Reason.NO_CATEGORY, None),
        (not row["role_allows"], Reason.ROLE, None),
        (row["item_denied"], Reason.ITEM_DENY, None),
        (row["denied_by"] is not None, Reason.DENY, row["denied_by"]),
    )
    for applies, reason, consent_id in refusals:
        if applies:
            return Decision(False, reason, consent_id)
    return Decision(False, Reason.NO_CONSENT)


def _explain_permit(row: dict) -> Decision:
    if row["is_patient"]:
        return Decision(True, Reason.PATIENT)
    if row["own_text"]:
        return Decision(True, Reason.OWN_TEXT)
    return Decision(True, Reason.CONSENT, row["relied_on"])


# Scope: what the consent says, whatever the record holds ------------------------


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


def scope(patient_id: uuid.UUID, reader: Reader) -> Scope:
    """The scope of the consents in force for this reader, role-limited.

    Empty for someone who is not on the care team.
    """
    allowed = _allowed_by_role(patient_id, reader)
    if not allowed:
        return Scope(0, 0)
    addressed = (
        Consent.objects.in_force(reader.at)
        .filter(is_reader(reader.user_id, field="recipient"), patient_id=patient_id)
        .order_by("-signed_at", "-pk")
    )
    return scope_of(list(addressed), allowed=allowed, purposes=PURPOSES[reader.purpose])


def scope_of(addressed: list[Consent], *, allowed: int, purposes: int) -> Scope:
    """The scope of consents in force, newest first, for a role and purposes."""
    permits = [
        consent
        for consent in addressed
        if consent.decision == "permit" and consent.purposes & purposes
    ]
    denies = [consent for consent in addressed if consent.decision == "deny"]
    denied_whole = _union(deny.categories for deny in denies if not deny.labels)
    touched = _union(deny.categories for deny in denies)
    shared = _union(permit.categories for permit in permits) & allowed & ~denied_whole
    whole = _union(
        permit.categories
        for permit in permits
        if permit.labels == LABELS.all
        and permit.any_discloser
        and permit.items_from is None
    )
    return Scope(
        shared,
        whole & allowed & ~touched,
        permits[0] if permits else None,
    )


def _allowed_by_role(patient_id: uuid.UUID, reader: Reader) -> int:
    roles = _memberships(reader).filter(patient_id=patient_id)
    return _union(
        CATEGORIES.mask(*ROLES[code].categories)
        for code in roles.values_list("role", flat=True)
    )


def _union(masks) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result
