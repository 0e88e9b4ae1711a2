"""Invitations to a care team: which still count, and who may know of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.lookups import Exact

from consents.codes import CATEGORIES, RepresentativeKind
from consents.querysets import bits
from consents.representing import of_users

if TYPE_CHECKING:
    from consents.access.patient import OpenPatient
    from consents.models import Invitation


def invited_by_right(at: datetime) -> Q:
    """The outer invitation is the patient's, or its sender still acts for the patient.

    A clinician's has no patient before somebody accepts it. A death closes all others:
    nobody joins a team any more.
    """
    sender = of_users(at).filter(
        Exact(bits("categories", CATEGORIES["care_team"]), CATEGORIES["care_team"]),
        patient_id=OuterRef("patient_id"),
        party__user_id=OuterRef("sent_by_id"),
        may_sign=True,
    )
    of_patient = Q(sent_by_id=F("patient__user_id")) | Q(Exists(sender))
    return Q(patient=None) | Q(patient__died_at=None) & of_patient


def with_right(rows: QuerySet, at: datetime) -> QuerySet:
    """Each with `by_right`: a page says of no link that it works while it is dead."""
    right = ExpressionWrapper(invited_by_right(at), output_field=BooleanField())
    return rows.annotate(by_right=right)


def known_invitations(opened: OpenPatient) -> Q:
    """A parent knows nothing of whom a child who signs in has invited.

    After a death none waits for anybody.
    """
    mine = Q(patient_id=opened.patient.pk, patient__died_at=None)
    acting = opened.representative
    if acting and acting.kind == RepresentativeKind.PARENT and opened.patient.user_id:
        return mine & ~Q(sent_by_id=opened.patient.user_id)
    return mine


def called_by_patient(invitation: Invitation) -> str:
    """What the patient calls whom they invited; empty where somebody else wrote it.

    A name that a parent chose would have a child's "never" hold against somebody of
    whom the child never said it.
    """
    patient = invitation.patient
    if patient and patient.user_id not in (None, invitation.sent_by_id):
        return ""
    return invitation.to_name
