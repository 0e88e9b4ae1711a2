"""What somebody who acts for the patient is told of a permission (ADR 15).

As far as their paper reaches: topics outside of it are not named, and an answer or a
"never" that is outside of it is not there. Decided by the paper and by who signed, and
never by what was signed, so that nobody can infer from it. It opens nothing and closes
nothing: the rule counts every permission as it was signed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.lookups import Exact, GreaterThan

from consents.codes import (
    CATEGORIES,
    LABELS,
    Decision,
    EndedHow,
    RepresentativeKind,
)
from consents.models import Consent, Representative
from consents.querysets import bits
from consents.representing import allowed_labels

if TYPE_CHECKING:
    from consents.access.patient import OpenPatient


# Two versions that read the same tell that what is not told was changed.
REPLACED = Q(revoked_how=EndedHow.SUPERSEDED)


def known_permissions(opened: OpenPatient) -> Q:
    """The patient's permissions that the reader of these pages may know of.

    A parent knows of those that a parent signed: what a child signed alone is the
    child's own. Whoever acts knows of what their paper reaches, and what they signed.
    """
    mine, acting = Q(patient_id=opened.patient.pk), opened.representative
    if acting is None:
        return mine
    if acting.kind == RepresentativeKind.PARENT:
        mine &= Q(representative__kind=RepresentativeKind.PARENT)
    if covers_all(acting):
        return mine
    signed = Q(signed_by_id=acting.party.user_id)
    return mine & (signed | (_reached(opened, acting) & ~REPLACED))


def _reached(opened: OpenPatient, acting: Representative) -> Q:
    """Every permit: who acts may stop it. A "never" that touches the paper.

    An answer, as a request (access/known.py): only what the paper covers whole.
    """
    kinds, topics = acting.categories, allowed_labels(acting, opened.at)
    touched = Q(labels=0) | Q(GreaterThan(bits("labels", topics), 0))
    return (
        Q(decision=Decision.PERMIT)
        | Q(GreaterThan(bits("categories", kinds), 0), touched, decision=Decision.DENY)
        | Q(
            Exact(bits("categories", CATEGORIES.all & ~kinds), 0),
            Exact(bits("labels", LABELS.all & ~topics), 0),
            decision=Decision.REFUSAL,
        )
    )


def covers_all(acting: Representative) -> bool:
    """Whether the paper leaves out no kind and no topic. Nothing is kept from it then.

    What is a child's own by its age is not in it: a parent who signed it knows it.
    """
    return acting.categories == CATEGORIES.all and acting.labels == LABELS.all


def is_bounded(opened: OpenPatient) -> bool:
    """Whether the pages of sharing say that they tell of some things only."""
    acting = opened.representative
    return acting is not None and not covers_all(acting)


def told(opened: OpenPatient, consents: Iterable[Consent]) -> list[Consent]:
    """The same, in memory, with no more than this reader is told of each.

    Never to be signed again or compared: actions load a permission anew.
    """
    acting, found = opened.representative, list(consents)
    for each in found:
        if acting and _is_bounded(each, acting):
            each.labels &= allowed_labels(acting, opened.at)
            if each.decision != Decision.PERMIT:
                each.categories &= acting.categories
            # It names every kind and topic that was signed; until what happens, the
            # patient says in their own words.
            each.text, each.ends_event, each.is_bounded = "", "", True
    return found


def _is_bounded(consent: Consent, acting: Representative) -> bool:
    if consent.signed_by_id == acting.party.user_id:
        return False
    if acting.labels != LABELS.all:
        return True
    # Of a permit the kinds are told whole: whoever acts has to know what they stop.
    return consent.decision != Decision.PERMIT and not covers_all(acting)
