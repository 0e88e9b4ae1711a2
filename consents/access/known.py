"""Whom somebody who acts for the patient may know of, where the roster is not theirs.

A document that leaves out the care team shows nobody but those about whom something is
to be decided: who has a permission that they may know of, and who asks for one. The
patient, and whoever may see the team, know everybody.
"""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.db.models.lookups import Exact

from consents.access.patient import OpenPatient
from consents.codes import CATEGORIES, LABELS, RepresentativeKind
from consents.models import Consent, ConsentRequest
from consents.querysets import bits
from consents.representing import allowed_labels, known_permissions


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
    within = waiting.exclude(recipient_id=acting.party_id).filter(
        Exact(bits("categories", CATEGORIES.all & ~acting.categories), 0),
        Exact(bits("labels", LABELS.all & ~allowed_labels(acting, opened.at)), 0),
    )
    if acting.kind == RepresentativeKind.PARENT and opened.patient.user_id:
        # Who asks for somebody else is named as well, and must be known too.
        signed = Consent.objects.filter(known_permissions(opened))
        known = signed.values("recipient_id")
        within = within.filter(recipient_id__in=known, asked_by_id__in=known)
    return within
