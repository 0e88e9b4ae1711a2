"""Who looked, at what, on which permission. Append-only."""

import uuid

from django.conf import settings
from django.db import models

from consents.codes import Basis, Channel, Outcome, Relation
from consents.models.consent import ImmutableError

USER = settings.AUTH_USER_MODEL


class AppendOnlyQuerySet(models.QuerySet):
    """The model's half of the wall; the database's half is a trigger (walls.py)."""

    def update(self, **kwargs: object) -> int:
        raise ImmutableError("The log is only ever added to.")

    def delete(self):
        raise ImmutableError("The log is only ever added to.")


class DisclosureHead(models.Model):
    """The end of a patient's chain; locked by whoever adds to it."""

    patient = models.OneToOneField(
        "patients.Patient",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="disclosure_head",
    )
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"seq {self.seq}"


class Disclosure(models.Model):
    """One act of letting information reach a person (45 CFR 164.528(b)).

    Ids and codes only, no text and no names. `items` lists [model, id, version,
    categories]. `about` points to the row whose outcome this one reports.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="disclosures",
        db_index=False,
    )
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    user = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recipient = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    relation = models.CharField(max_length=20, choices=Relation)
    purpose = models.CharField(max_length=10)
    channel = models.CharField(max_length=10, choices=Channel)
    entrance = models.CharField(max_length=60)
    basis = models.CharField(max_length=20, choices=Basis)
    consents = models.JSONField(default=list)
    items = models.JSONField(default=list)
    categories = models.PositiveIntegerField(default=0)
    epoch = models.BigIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.SHOWN)
    about = models.UUIDField(null=True, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "seq"], name="disclosure_seq_once"
            )
        ]
        indexes = [
            models.Index(fields=["patient", "-at"], name="disclosure_patient_at"),
            models.Index(fields=["user", "patient"], name="disclosure_user_patient"),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.seq}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise ImmutableError("The log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object):
        raise ImmutableError("The log is only ever added to.")


class AccessRefusal(models.Model):
    """Something was asked for and not given.

    `patient_id` is whatever the address said, without a foreign key: writing it
    costs the same whether or not such a patient exists.
    """

    patient_id = models.UUIDField(db_index=True)
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entrance = models.CharField(max_length=60)

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"refusal {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise ImmutableError("The log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object):
        raise ImmutableError("The log is only ever added to.")
