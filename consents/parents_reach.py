"""How far a parent's signature reaches: for family and a code, as far as the parent.

Whoever makes a code can type it in, and a second account of one's own is family soon
made. So what a parent signed for them never covers what names somebody whom a child who
signs in took onto the team alone: nobody gives away what is not theirs to know
(45 CFR 164.502(g)(3)). Clinicians of the team are not bound by it: they treat, and each
of them is known to the child.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, Model, Q, QuerySet, Subquery, When

from consents.childs_people import not_for_parents
from consents.codes import RepresentativeKind
from consents.readers import Guest, Reader

FAMILY = "FAMRQT"
BY_PARENTS = Q(representative__kind=RepresentativeKind.PARENT)


def binds(reader: Reader | Guest) -> bool:
    """Whether a parent's signature gives this reader what the parent may know alone."""
    return isinstance(reader, Guest) or reader.purpose == FAMILY


def covers(model: type[Model], permits: QuerySet, standing: QuerySet) -> Q:
    """One of the permits covers the outer item. `standing`: all that this reader has
    of the patient now.
    """
    by_parents, by_others = permits.filter(BY_PARENTS), permits.exclude(BY_PARENTS)
    return Q(Exists(by_others)) | Q(Exists(by_parents)) & ~_not_theirs(model, standing)


def first(model: type[Model], permits: QuerySet, standing: QuerySet) -> Case:
    """The id of the first of the permits by which the outer item is seen."""
    by_parents, by_others = permits.filter(BY_PARENTS), permits.exclude(BY_PARENTS)
    # Without a parent's, as for every adult, the longer question is not asked.
    less = Q(Exists(by_parents)) & _not_theirs(model, standing)
    return Case(
        When(less, then=Subquery(by_others.values("pk")[:1])),
        default=Subquery(permits.values("pk")[:1]),
    )


def _not_theirs(model: type[Model], standing: QuerySet) -> Q:
    """The outer item is not for those parents to know whose signature counts now.

    Not for another parent, who signed once: what was stopped opens nothing.
    """
    signers: Any = standing.filter(BY_PARENTS).values("signed_by_id")
    return not_for_parents(model, Q(signed_by_id__in=signers))
