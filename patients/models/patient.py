"""The patient."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from patients.querysets import PatientQuerySet


class Patient(models.Model):
    """The person whose record it is. Keeps a sign-in of their own.

    `list_owner` names who keeps the master medicine list (S12): the patient
    themselves when empty. Every version of the details is kept, with who changed it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="patient",
    )
    name = models.CharField(max_length=200)
    goes_by = models.CharField(max_length=100, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    # Unknown only where a record came in from a file that does not say it.
    birth_date = models.DateField(null=True, blank=True)
    phone = EncryptedTextField(blank=True)
    language = models.CharField(max_length=40, default="English")
    time_zone = models.CharField(max_length=64, default="America/New_York")
    list_owner = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField()

    objects = PatientQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        permissions = [("on_care_team", "Is on this patient's care team")]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.goes_by or self.name.partition(" ")[0]

    def age_on(self, day: date) -> int | None:
        """Full years on `day`, a day in the patient's own zone; None if not known."""
        if self.birth_date is None:
            return None
        had_birthday = (day.month, day.day) >= (
            self.birth_date.month,
            self.birth_date.day,
        )
        return day.year - self.birth_date.year - (not had_birthday)
