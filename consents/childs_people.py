"""Whom a child who signs in took onto the care team alone: a piece of the rule.

A parent learns of them by nothing: not from a roster, not from what they wrote, and not
from what names them. What a minor consented to alone is theirs (45 CFR 164.502(g)(3)).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from consents.codes import RepresentativeKind
from consents.disclosable import Disclosable, Named, parties, registry
from consents.models import Consent, GuestNote, Invitation
from providers.models import CareTeamParticipant

if TYPE_CHECKING:
    from consents.decisions import Reader


def by_childs_own_people(model: type[Model], reader: Reader) -> Q:
    """The outer item names somebody whom the child alone took onto the team.

    As its author, or wherever else it points to a person; because of what it belongs to
    (`Disclosable.NAMED`); or as a note by somebody with a code that no parent made.
    Whoever was there by another hand as well, or for whom this parent signed, is known
    all the same (`representing.known_members`).
    """
    return _not_for(model, lambda _up: Q(signed_by_id=reader.user_id), up=1)


def not_for_its_signer(model: type[Model]) -> Q:
    """The same as a condition on a permit inside of the outer row: for its signer.

    A parent's signature for family, or for a code, reaches no further than the parent.
    Of two permits each is asked about for itself: what one parent knows does not widen
    what the other gave.
    """
    return _not_for(model, lambda up: Q(signed_by_id=_outer("signed_by_id", up)), up=2)


# By how many queries a permission for somebody lies inside of whose signature it is.
Signed = Callable[[int], Q]


def _not_for(model: type[Model], signed: Signed, *, up: int) -> Q:
    """`up`: by how many queries this lies inside of the row that it is about."""
    theirs = Q(pk__in=[])
    for party in parties(model):
        theirs |= _is_childs_own(party, signed(1), up=up)
    for named_by in registry():
        for named in named_by.NAMED:
            if _has(model, named.found_by):
                theirs |= Q(Exists(_naming(named_by, named, signed, up=up)))
    if _has(model, "about"):
        theirs |= Q(Exists(_notes_with_childs_code(up=up)))
    return theirs


def _outer(name: str, up: int) -> OuterRef:
    """A field of the row that lies so many queries further out."""
    found: Any = name
    for _ in range(up):
        found = OuterRef(found)
    return found


def by_childs_hand() -> Q:
    """The outer membership was begun by the patient, or with the code that they gave.

    Whoever types the code that a patient gave by voice begins it with their own hand.
    """
    invited = Invitation.objects.filter(
        patient_id=OuterRef("patient_id"),
        sent_by_id=OuterRef("patient__user_id"),
        accepted_by_id=OuterRef("started_by_id"),
        confirmed_at=OuterRef("started_at"),
    )
    return Q(started_by_id=F("patient__user_id")) | Q(Exists(invited))


def childs_own(team: QuerySet[CareTeamParticipant]) -> QuerySet[CareTeamParticipant]:
    """The same people, each with whether it was by the patient's own hand."""
    by_hand = When(by_childs_hand(), then=True)
    flag = Case(by_hand, default=False, output_field=BooleanField())
    return team.annotate(**{"is_childs_own": flag})


def invited_as_well(parent_id: uuid.UUID) -> QuerySet[Invitation]:
    """By which this parent brought in whoever was on the team already.

    They accepted it, so they know that the parent does; what they wrote stays theirs.
    """
    return Invitation.objects.filter(
        Q(sent_by_id=parent_id) | Q(confirmed_by_id=parent_id),
        patient_id=OuterRef("patient_id"),
        accepted_by_id=OuterRef("party__user_id"),
        confirmed_at__gte=OuterRef("started_at"),
    )


def _has(model: type[Model], name: str) -> bool:
    return any(field.attname == name for field in model._meta.concrete_fields)


def _is_childs_own(party: str, by_parent: Q, *, up: int = 1) -> Q:
    """The outer row's `party` is there by the child's hand alone."""
    of, who = _outer("patient_id", up), _outer(party, up)
    memberships = CareTeamParticipant.objects.filter(patient_id=of, party_id=who)
    signed = Consent.objects.permits().filter(
        by_parent, patient_id=of, recipient_id=who
    )
    by_the_child = by_childs_hand()
    alone = Q(Exists(memberships.filter(by_the_child)))
    return alone & ~Q(Exists(memberships.exclude(by_the_child)) | Exists(signed))


def _naming(
    model: type[Disclosable], named: Named, signed: Signed, *, up: int
) -> QuerySet[Disclosable]:
    """What the outer row is found by, where it names such a person: now, or once."""
    party = f"{named.party}_id"
    now = _is_childs_own(party, signed(2)) & named.when
    if named.changes:
        versions = model.history.model._base_manager
        theirs = _is_childs_own(party, signed(3))
        once = versions.filter(theirs, named.when, id=OuterRef("pk"))
        now |= Q(Exists(once))
    own = "pk" if named.found_by == "about" else named.found_by
    outer = {own: _outer(named.found_by, up), "patient_id": _outer("patient_id", up)}
    return model._base_manager.filter(now, **outer)


def _notes_with_childs_code(*, up: int) -> QuerySet[GuestNote]:
    return GuestNote.objects.filter(pk=_outer("about", up)).exclude(
        visit__code__consent__representative__kind=RepresentativeKind.PARENT
    )
