"""How far a parent's signature reaches: for family and a code, as far as the parent.

Whoever makes a code can type it in, and a second account of one's own is family soon
made. So what a parent signed for them never covers what names somebody whom a child who
signs in took onto the team alone: nobody gives away what is not theirs to know
(45 CFR 164.502(g)(3)). Clinicians of the team are not bound by it: they treat, and each
of them is known to the child.
"""

from __future__ import annotations

from django.db.models import Case, Exists, Model, Q, QuerySet, Subquery, When

from consents.childs_people import not_for_its_signer
from consents.codes import RepresentativeKind
from consents.readers import Guest, Reader

FAMILY = "FAMRQT"
BY_PARENTS = Q(representative__kind=RepresentativeKind.PARENT)


def binds(reader: Reader | Guest) -> bool:
    """Whether a parent's signature gives this reader what the parent may know alone."""
    return isinstance(reader, Guest) or reader.purpose == FAMILY


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
