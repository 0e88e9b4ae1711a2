"""A permission from another system, waiting for the patient. It opens nothing."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from carecoord.fields import EncryptedTextField

USER = settings.AUTH_USER_MODEL


class ImportedConsent(models.Model):
    """One rule of a file (consents/fhir/rules.py). No decision ever reads this table.

    Its id becomes the id of the consent that the patient signs or refuses from it: once
    there is one, it is answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="imported_consents",
    )
    # SHA-256 of the file: the same file twice makes no second draft.
    digest = models.CharField(max_length=64)
    content = EncryptedTextField()
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(dropped_at=None, dropped_by=None)
                | Q(dropped_at__isnull=False, dropped_by__isnull=False),
                name="imported_consent_dropped_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"imported {self.pk}"
