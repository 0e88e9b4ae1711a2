"""Emergency access: stated, dated, reviewed; and what the patient said beforehand."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from carecoord.fields import EncryptedTextField
from consents.codes import EmergencyKind, EmergencyOutcome
from consents.querysets import EmergencyQuerySet

USER = settings.AUTH_USER_MODEL


class EmergencyAccess(models.Model):
    """A licensed team member stated an emergency. Opens the ER core for some hours.

    Holds what 42 CFR 2.51(c) wants written down at once: to whom (`party`, with name
    and `affiliation` as they were), who discloses (`discloser`), when (`opened_at`)
    and the nature of the emergency (`kind`, `reason`). Only its end can be added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient",
        on_delete=models.PROTECT,
        related_name="emergencies",
        db_index=False,
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = EncryptedTextField()
    role = models.CharField(max_length=30)
    affiliation = EncryptedTextField(blank=True)
    discloser = EncryptedTextField()
    kind = models.CharField(max_length=20, choices=EmergencyKind)
    reason = EncryptedTextField()
    renews = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewed_by",
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    epoch = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = EmergencyQuerySet.as_manager()

    # The only columns that change, once (consents/walls.py).
    ENDED_FIELDS = ("ended_at", "ended_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EmergencyKind.values), name="emergency_kind"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("opened_at")), name="emergency_period"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="emergency_ended_at_and_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "patient", "-ends_at"], name="emergency_party_patient"
            ),
            models.Index(
                fields=["patient", "-opened_at"], name="emergency_patient_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"emergency {self.pk}"


class EmergencyReview(models.Model):
    """What the privacy officer found. The patient reads `words`. Never changed."""

    emergency = models.OneToOneField(
        EmergencyAccess,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="review",
    )
    outcome = models.CharField(max_length=20, choices=EmergencyOutcome)
    words = EncryptedTextField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=EmergencyOutcome.values),
                name="emergency_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"review of {self.emergency_id}"


class EmergencyBlock(models.Model):
    """The privacy officer found an access not allowed: that person opens no more.

    For this patient, from `set_at` on, until the officer lifts it with a reason. Only
    its end can be added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # The finding that it rests on.
    review = models.OneToOneField(
        EmergencyReview, on_delete=models.PROTECT, related_name="block"
    )
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_why = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="emergency_block_lifted_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["patient", "party"],
                condition=Q(lifted_at=None),
                name="one_emergency_block_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"


class EmergencyChoice(models.Model):
    """The patient's answer when well: may the team open the emergency page?

    A new answer replaces the one before; the old one stays as a row.
    """

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="emergency_choices"
    )
    allowed = models.BooleanField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced_at=None, replaced_by=None)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False),
                name="emergency_choice_replaced_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(replaced_at=None),
                name="one_emergency_choice_stands",
            ),
        ]

    def __str__(self) -> str:
        return "may be opened" if self.allowed else "may not be opened"
