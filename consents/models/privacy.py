"""What reaches the privacy officer, and what people were told at the start."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from carecoord.fields import EncryptedTextField
from consents.codes import (
    ReportKind,
    ReportOutcome,
    ReportReason,
    SuspensionBasis,
)

USER = settings.AUTH_USER_MODEL


class PrivacyReport(models.Model):
    """ "This looks wrong", or something about a clinician (S71).

    For whoever wrote it and the privacy officer: nobody else, and never the person it
    is about. Its id is made of the form, so that a double click reports once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="privacy_reports"
    )
    kind = models.CharField(max_length=20, choices=ReportKind)
    reason = models.CharField(max_length=20, choices=ReportReason)
    about = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    about_words = EncryptedTextField(blank=True)
    about_date = models.DateField(null=True, blank=True)
    words = EncryptedTextField(blank=True)
    reach = EncryptedTextField(blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=ReportOutcome, blank=True)
    answer = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="report_kind"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ReportReason.values), name="report_reason"
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="report_taken_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, outcome="")
                | Q(
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    outcome__in=ReportOutcome.values,
                ),
                name="report_answered_at_by_and_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_date"], condition=Q(answered_at=None), name="report_open"
            ),
            models.Index(fields=["patient", "reported_by"], name="report_of_reporter"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def state(self) -> str:
        """sent, taken or answered."""
        if self.answered_at:
            return "answered"
        return "taken" if self.taken_at else "sent"


class ReadingAlarm(models.Model):
    """Somebody opened very many charts in a short time and was slowed down (T82)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    charts = models.PositiveIntegerField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="alarm_reviewed_at_and_by",
            )
        ]
        indexes = [models.Index(fields=["user", "-at"], name="alarm_user_at")]

    def __str__(self) -> str:
        return f"alarm {self.pk}"


class AccountingSuspension(models.Model):
    """An agency asked that the patient is not told of disclosures to it for a while.

    45 CFR 164.528(a)(2): on a written statement for the time it names, on an oral one
    that is documented for at most 30 days. Its rows come back by themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="+"
    )
    agency = EncryptedTextField()
    official = EncryptedTextField()
    basis = models.CharField(max_length=10, choices=SuspensionBasis)
    statement = EncryptedTextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    documented_at = models.DateTimeField()
    documented_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=SuspensionBasis.values), name="suspension_basis"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="suspension_period"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="suspension_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"suspension {self.pk}"


class SuspendedDisclosure(models.Model):
    """A row that a suspension keeps out of what the patient reads."""

    suspension = models.ForeignKey(
        AccountingSuspension, on_delete=models.PROTECT, related_name="rows"
    )
    disclosure = models.ForeignKey(
        "consents.Disclosure", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["suspension", "disclosure"], name="a_row_once_in_a_suspension"
            )
        ]

    def __str__(self) -> str:
        return f"row of {self.suspension_id}"


class LimitsAcknowledgement(models.Model):
    """Somebody read when what is shared may be told to others (S65, S72).

    `text` is what stood on the page. A new version of the text is asked about again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=40)
    text = EncryptedTextField()
    acknowledged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "version"], name="a_version_once_for_a_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}"
