"""How much the patient wants the team to talk; what was said before stays."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from consents.codes import Talking

USER = settings.AUTH_USER_MODEL


class TalkingChoice(models.Model):
    """What the patient said, for one person or (no party) for everyone.

    With `representative`, what somebody said who acts for the patient: their own row
    beside the patient's, since neither undoes the other (consents/talking.py). A new
    answer replaces the one before, which stays as a row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="talking_choices"
    )
    party = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    representative = models.ForeignKey(
        "consents.Representative",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.CharField(max_length=20, choices=Talking)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=Talking.values), name="talking_level"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None, replaced_by=None)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False),
                name="talking_replaced_at_and_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient"],
                condition=Q(replaced_at=None),
                name="talking_standing",
            )
        ]

    def __str__(self) -> str:
        return f"talking: {self.level}"
