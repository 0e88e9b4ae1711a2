"""Whom somebody who acts for the patient may know of, where the roster is not theirs.

A document that leaves out the care team shows nobody but those about whom something is
to be decided: who has a permission that they may know of, and who asks for one. The
patient, and whoever may see the team, know everybody.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.lookups import Exact

from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, LABELS, RepresentativeKind
from consents.models import Consent, ConsentRequest, Representative
from consents.querysets import bits
from consents.representing import allowed_labels, of_user
from consents.told import known_permissions


def known_parties(opened: OpenPatient) -> set[uuid.UUID] | None:
    """Ids of parties; None for everybody."""
    acting = opened.representative
    if acting is None or opened.scope.has("care_team"):
        return None
    permits = Consent.objects.signed().permits().filter(known_permissions(opened))
    return {
        acting.party_id,
        *permits.values_list("recipient_id", flat=True),
        *known_requests(opened).values_list("recipient_id", flat=True),
    }


def known_requests(opened: OpenPatient) -> QuerySet[ConsentRequest]:
    """What waits for an answer that this person can give.

    Whoever acts reads of what their document covers whole. What is asked of a child
    who signs in is the child's to read, unless a parent signed for the asker before.
    """
    waiting = ConsentRequest.objects.filter(
        patient_id=opened.patient.pk, answered_at=None
    )
    acting = opened.representative
    if acting is None:
        opened.require(opened.is_patient)
        return waiting
    if not acting.may_sign:
        return waiting.none()
    within = waiting.filter(within_document(acting, opened.at))
    if acting.kind == RepresentativeKind.PARENT and opened.patient.user_id:
        # Who asks for somebody else is named as well, and must be known too.
        signed = Consent.objects.filter(known_permissions(opened))
        known = signed.values("recipient_id")
        within = within.filter(recipient_id__in=known, asked_by_id__in=known)
    return within


def within_document(acting: Representative, at: datetime) -> Q:
    """A request that this document covers whole, and not for whoever acts by it."""
    return ~Q(recipient_id=acting.party_id) & Q(
        Exact(bits("categories", CATEGORIES.all & ~acting.categories), 0),
        Exact(bits("labels", LABELS.all & ~allowed_labels(acting, at)), 0),
    )


def answered_by(user_id: uuid.UUID, at: datetime) -> Q:
    """Requests that this person answers, and so is told of.

    The patient; in place of one without a sign-in whoever acts, by their newest paper.
    """
    acts_for = of_user(user_id, at).filter(patient__user=None)
    rows = acts_for.select_related("patient").order_by("recorded_at", "pk")
    newest = {acting.patient_id: acting for acting in rows}
    found = Q(patient__user_id=user_id)
    for acting in newest.values():
        if acting.may_sign:
            found |= Q(patient=acting.patient_id) & within_document(acting, at)
    return found
