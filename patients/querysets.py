"""Reads of many; time is always passed in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q, QuerySet

from providers.models import CareTeamParticipant


class PatientQuerySet(models.QuerySet):
    def known_to(self, user_id: uuid.UUID) -> QuerySet:
        """The patients this user is, or is on the care team of. Nothing clinical."""
        members = CareTeamParticipant.objects.of_user(user_id)
        return self.filter(
            Q(user_id=user_id, user__is_active=True)
            | Q(pk__in=members.values("patient_id"))
        )
