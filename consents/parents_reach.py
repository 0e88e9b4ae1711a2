"""How far a signature for the patient reaches: for family and a code, as far as the
signer.

Whoever makes a code can type it in, and a second account of one's own is family soon
made. So what somebody signed for a patient opens nothing there that the patient keeps
from the signer by name. And what a parent signed for them never covers what names
somebody whom a child who signs in took onto the team alone: nobody gives away what is
not theirs to know (45 CFR 164.502(g)(3)). Clinicians of the team are not bound by it:
they treat, and each of them is known to the child.
"""

from __future__ import annotations

from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.lookups import GreaterThan

from consents.childs_people import not_for_its_signer
from consents.codes import RepresentativeKind
from consents.models import Consent, ItemDeny
from consents.querysets import ConsentQuerySet, bits
from consents.readers import Guest, Reader
from consents.representing import as_parent
from providers.querysets import OF_CLINICIANS, organizations_of

FAMILY = "FAMRQT"
CLINICAL = (*OF_CLINICIANS, "ETREAT")
BY_PARENTS = Q(representative__kind=RepresentativeKind.PARENT)


def binds(reader: Reader | Guest) -> bool:
    """Whether a parent's signature gives this reader what the parent may know alone."""
    return isinstance(reader, Guest) or reader.purpose == FAMILY


def not_to_a_parent(reader: Reader) -> Q:
    """The outer permit, which somebody signed for a patient, reaches this reader as a
    clinician: not the other parent, who would treat by it what is the child's own.
    """
    if reader.purpose not in CLINICAL:
        return Q()
    theirs = as_parent(reader.user_id).filter(patient_id=OuterRef("patient_id"))
    return ~Q(Exists(theirs))


def covers(model: type[Model], permits: QuerySet) -> Q:
    """One of the permits covers the outer item, within the reach of its own signer."""
    by_parents, by_others = permits.filter(BY_PARENTS), permits.exclude(BY_PARENTS)
    within = by_parents.exclude(not_for_its_signer(model))
    return Q(Exists(by_others)) | Q(Exists(within))


def first(model: type[Model], permits: QuerySet) -> Case:
    """The id of the first of the permits by which the outer item is seen."""
    beyond = BY_PARENTS & not_for_its_signer(model)
    # Without a parent's, as for every adult, the longer question is not asked.
    return Case(
        When(
            Exists(permits.filter(BY_PARENTS)),
            then=Subquery(permits.filter(~beyond).values("pk")[:1]),
        ),
        default=Subquery(permits.values("pk")[:1]),
    )


def not_kept_from_signer(reader: Reader | Guest) -> Q:
    """The outer permit is the patient's own, or the item around it is not kept from
    whoever signed it: by name, or by a "never".
    """
    if not binds(reader):
        return Q()
    kept = ItemDeny.objects.filter(
        _is_signer("party"), lineage=_item("lineage"), lifted_at=None
    )
    never: ConsentQuerySet = Consent.objects.in_force(reader.at).denies()
    denied = never.filter(
        _is_signer("recipient"),
        Q(labels=0) | Q(GreaterThan(bits("labels", _item("labels")), 0)),
        GreaterThan(bits("categories", _item("categories")), 0),
        patient_id=_item("patient_id"),
    )
    return Q(representative=None) | ~(Q(Exists(kept)) | Q(Exists(denied)))


def _item(field: str) -> OuterRef:
    """A field of the item, from a query inside that of the permits."""
    return OuterRef(OuterRef(field))


def _is_signer(field: str) -> Q:
    """`field` (a Party) is who signed the outer permit, or where they work."""
    signer = "signed_by_id"
    return Q(**{f"{field}__user_id": OuterRef(signer)}) | Q(
        **{f"{field}_id__in": organizations_of(OuterRef(OuterRef(signer)))}
    )
