"""That a patient cannot decide now, in a clinician's words; and that a patient died."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from carecoord.fields import EncryptedTextField

USER = settings.AUTH_USER_MODEL


class Incapacity(models.Model):
    """A clinician's own statement (DESIGN 2, Consent in practice 13).

    It opens nothing by itself: a health-care agent acts only while the clinician on
    whose statement the document rests stands by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="incapacities"
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+"
    )
    reason = EncryptedTextField()
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="incapacity_ended_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["patient", "party"],
                condition=Q(ended_at=None),
                name="incapacity_stated_once",
            ),
        ]

    def __str__(self) -> str:
        return f"incapacity {self.pk}"


class Death(models.Model):
    """What the privacy officer recorded, and its correction if it was a mistake.

    The instant itself is Patient.died_at, which the rule reads.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="deaths"
    )
    died_at = models.DateTimeField()
    document = EncryptedTextField()
    # Whether the record's own sign-in was closed by it, and opens with a correction.
    closed_sign_in = models.BooleanField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(corrected_at=None, corrected_by=None)
                | Q(corrected_at__isnull=False, corrected_by__isnull=False),
                name="death_corrected_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(died_at__lte=F("recorded_at")),
                name="death_recorded_after_it",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(corrected_at=None),
                name="death_stands_once",
            ),
        ]

    def __str__(self) -> str:
        return f"death {self.pk}"
