"""The patient."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from carecoord import zones
from carecoord.fields import EncryptedTextField
from carecoord.models import User
from consents import representing
from patients.querysets import PatientQuerySet

# DESIGN 2, Consent in practice 12.
CARRIED_FOR = timedelta(days=30)


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
    # Two letters; decides which age rules hold for a child. Empty: the strictest.
    state = models.CharField(max_length=2, blank=True)
    # Local midnight of the birthday at which a parent's authority ends, and until when
    # what a parent signed for clinicians goes on. Both follow from birth date and zone
    # in save(), and are written nowhere else.
    majority_at = models.DateTimeField(null=True, blank=True, editable=False)
    carried_until = models.DateTimeField(null=True, blank=True, editable=False)
    # From when on what has a label is the child's own, by the rules of the state
    # (consents/representing.py). Follow from birth date and state in save() too.
    own_substance_use_at = models.DateTimeField(null=True, blank=True, editable=False)
    own_sexual_reproductive_at = models.DateTimeField(
        null=True, blank=True, editable=False
    )
    own_hiv_at = models.DateTimeField(null=True, blank=True, editable=False)
    own_violence_at = models.DateTimeField(null=True, blank=True, editable=False)
    own_private_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Recorded by the privacy officer from a document; closes all sharing.
    died_at = models.DateTimeField(null=True, blank=True, editable=False)
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
    # What goes into the next version: by whom, and when.
    _history_user: User | None
    _history_date: datetime

    class Meta:
        permissions = [("on_care_team", "Is on this patient's care team")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.majority_at = majority_of(self.birth_date, self.time_zone)
        self.carried_until = self.majority_at and self.majority_at + CARRIED_FOR
        own = representing.own_fields(self.birth_date, self.state)
        for name, value in own.items():
            setattr(self, name, value)
        fields = kwargs.get("update_fields")
        if fields is not None and {"birth_date", "time_zone", "state"} & set(fields):
            kwargs["update_fields"] = {*fields, "majority_at", "carried_until", *own}
        super().save(*args, **kwargs)

    @property
    def account(self) -> User:
        """Their own sign-in. Raises ValueError for a record that has none yet."""
        if self.user is None:
            raise ValueError(f"Nobody signs in for {self.pk}.")
        return self.user

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


def majority_of(birth_date: date | None, zone: str) -> datetime | None:
    """Local midnight of the birthday of majority; None where the birth is not known.

    Born on Feb 29: Mar 1 in a year without that day, as `age_on` counts.
    """
    if birth_date is None:
        return None
    year = birth_date.year + settings.JURISDICTION.age_of_majority
    try:
        day = birth_date.replace(year=year)
    except ValueError:
        day = date(year, 3, 1)
    return zones.start_of(day, zone).astimezone(UTC)
