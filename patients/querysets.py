"""Reads of many; time is always passed in."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from carecoord.clock import database_now
from consents import representing
from consents.codes import LABELS
from consents.models import Representative
from providers.models import CareTeamParticipant

FOLLOWING = tuple(representing.own_field(code.name) for code in LABELS)


class PatientQuerySet(models.QuerySet):
    def recount_ages(self) -> int:
        """Writes anew from when on something is a child's own. Returns how many were.

        Of those who are children still: only they have somebody who acts as a parent.
        """
        changed = 0
        children = self.filter(majority_at__gt=database_now())
        for row in children.values("pk", "birth_date", "state", *FOLLOWING):
            own = representing.own_fields(row["birth_date"], row["state"])
            if any(row[name] != value for name, value in own.items()):
                changed += self.filter(pk=row["pk"]).update(**own)
        return changed

    def known_to(self, user_id: uuid.UUID) -> QuerySet:
        """The patients this user is, or is on the care team of. Nothing clinical."""
        members = CareTeamParticipant.objects.of_user(user_id)
        return self.filter(
            Q(user_id=user_id, user__is_active=True)
            | Q(pk__in=members.values("patient_id"))
        )


def offered_by_right(at: datetime) -> Q:
    """The sender of the outer offer of a sign-in was not stopped from acting.

    An 18th birthday stops nobody: then it is the grown child who takes it. Or a privacy
    officer sent it, who never acted for this patient.
    """
    acted = Representative.objects.filter(
        patient_id=OuterRef("patient_id"), party__user_id=OuterRef("sent_by_id")
    )
    acts = acted.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), ended_at=None, starts_at__lte=at
    )
    officer = Q(sent_by__is_privacy_officer=True, sent_by__is_active=True)
    return Q(Exists(acts)) | officer & ~Q(Exists(acted))
