"""Reads of many. The only place that reads django-guardian's rows."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from providers.roles import ROLES

ON_CARE_TEAM = "on_care_team"
# Purposes of use of those who treat or arrange care.
OF_CLINICIANS = ("TREAT", "COC")


class PartyQuerySet(models.QuerySet):
    def of(self, user_id: uuid.UUID) -> QuerySet:
        """The parties for which this user signs in."""
        return self.filter(user_id=user_id)


class CareTeamQuerySet(models.QuerySet):
    def current(self) -> QuerySet:
        return self.filter(ended_at=None)

    def of_user(self, user_id: uuid.UUID) -> Self:
        """Current memberships of this user whose guardian row stands as well.

        By state, never by time: an ended membership is over in the same second.
        """
        return self.filter(
            Exists(guardian_rows(user_id, patient=OuterRef("patient_id"))),
            ended_at=None,
            party__user_id=user_id,
            party__user__is_active=True,
        )

    def serving(self, purpose: str) -> Self:
        """Those that count for a purpose of use: nobody treats as family."""
        if purpose not in OF_CLINICIANS:
            return self.all()
        related = [role.code for role in ROLES.values() if role.related]
        return self.exclude(role__in=related)


def guardian_rows(user_id: uuid.UUID, *, patient: Any) -> QuerySet:
    model = apps.get_model("providers", "PatientUserObjectPermission")
    return model.objects.filter(
        user_id=user_id,
        content_object_id=patient,
        permission__codename=ON_CARE_TEAM,
        permission__content_type__app_label="patients",
    )


def organizations_of(user_id: uuid.UUID | OuterRef) -> QuerySet:
    """Ids of the organizations for which this user acts now."""
    model = apps.get_model("providers", "PractitionerRole")
    return model.objects.filter(
        practitioner__party__user_id=user_id, ended_at=None
    ).values("organization_id")


def organizations_named(name: str) -> list:
    """Those with this name, however it is spelled; the first one began first.

    Compared here: SQLite knows no capital letters but those of English.
    """
    model = apps.get_model("providers", "Organization")
    rows = model.objects.select_related("party").order_by("roles__pk", "pk")
    found = {row.pk: row for row in rows if folded(row.party.name) == folded(name)}
    return list(found.values())


def folded(name: str) -> str:
    """Without capitals, doubled spaces, and two ways to write one accent."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_reader(user_id: uuid.UUID, *, field: str) -> Q:
    """`field` (a Party) is this user, or an organization that this user acts for.

    Two sets that do not depend on the row: a database looks each up once, where a
    join would be made for every row that is decided.
    """
    mine = apps.get_model("providers", "Party").objects.of(user_id)
    return Q(**{f"{field}_id__in": mine.values("pk")}) | Q(
        **{f"{field}_id__in": organizations_of(user_id)}
    )


def colleagues_of(user_id: uuid.UUID) -> QuerySet:
    """Ids of parties at an organization for which this user acts now, and itself."""
    model = apps.get_model("providers", "PractitionerRole")
    return model.objects.filter(
        organization_id__in=organizations_of(user_id), ended_at=None
    ).values("practitioner_id")


def needs_second_factor(user) -> bool:
    """Clinicians, staff and the privacy officer do; patients and family may."""
    if user.is_staff or user.is_privacy_officer:
        return True
    return user.parties.filter(kind="practitioner").exists()
