"""Whom a child who signs in took onto the care team alone: a piece of the rule.

A parent learns of them by nothing: not from a roster, and not from what they wrote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from consents.models import Consent, Invitation
from providers.models import CareTeamParticipant

if TYPE_CHECKING:
    from consents.decisions import Reader


def by_childs_own_people(reader: Reader) -> Q:
    """The outer item was written by somebody whom the child alone took onto the team.

    It names them. Whoever was there by another hand as well, or for whom this parent
    signed, is known all the same (`representing.known_members`).
    """
    memberships = CareTeamParticipant.objects.filter(
        patient_id=OuterRef("patient_id"), party_id=OuterRef("author_id")
    )
    by_the_child = by_childs_hand()
    signed = Consent.objects.permits().filter(
        patient_id=OuterRef("patient_id"),
        recipient_id=OuterRef("author_id"),
        signed_by_id=reader.user_id,
    )
    alone = Q(Exists(memberships.filter(by_the_child)))
    return alone & ~Q(Exists(memberships.exclude(by_the_child)) | Exists(signed))


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
