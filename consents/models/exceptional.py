"""An exceptional disclosure: what the law allows or asks without consent, documented.

Steps are signed and never changed: a correction is another step of the same kind. The
case itself only ends. What was told, and to whom, hangs on a content: exactly its
items are open to exactly its recipients (consents/exceptions.py).
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from carecoord.fields import EncryptedTextField
from consents.codes import CATEGORIES, ConsultedWith, ReviewAnswer

USER = settings.AUTH_USER_MODEL


class ExceptionalCase(models.Model):
    """One case: the call first, the writing after, with both times.

    `called_at` is when somebody was told by phone; empty if nobody was called yet.
    Only the end can be added to the row (consents/walls.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="exceptional_cases"
    )
    author = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    called_whom = EncryptedTextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Why nobody was told anything: of a case that ends without a step 4 that stands.
    closed_why = EncryptedTextField(blank=True)

    CLOSED_FIELDS = ("closed_at", "closed_by", "closed_why")

    # Only where a query asks for it.
    is_documented: bool
    is_told: bool

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(called_at=None, called_by=None)
                | Q(called_at__isnull=False, called_by__isnull=False),
                name="case_called_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(called_at=None) | Q(called_at__lte=F("recorded_at")),
                name="case_called_before_it_was_written",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="case_closed_at_and_by",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-recorded_at"], name="case_patient")
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class Step(models.Model):
    """A signed step of a case. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        ExceptionalCase, on_delete=models.PROTECT, related_name="%(class)s_set"
    )
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        ordering = ("signed_at", "pk")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.case_id}"


class HarmEvaluation(Step):
    """Step 1: harm to the patient, and to others (S66)."""

    to_patient = EncryptedTextField()
    to_others = EncryptedTextField()


class CaseConsultation(Step):
    """Step 2: who was asked and what they said, or why there was nobody (S67)."""

    with_whom = models.CharField(max_length=20, choices=ConsultedWith)
    name = EncryptedTextField(blank=True)
    said = EncryptedTextField()

    class Meta(Step.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(with_whom__in=ConsultedWith.values),
                name="consultation_with_whom",
            )
        ]


class CaseReasons(Step):
    """Step 3: the legal ground, by its key in the jurisdiction file, and why (S68)."""

    ground = models.CharField(max_length=40)
    ground_name = models.CharField(max_length=200)
    rule = models.CharField(max_length=200)
    covers_part2 = models.BooleanField()
    reasons = EncryptedTextField()


class CaseContent(Step):
    """Step 4: the least that is needed, to those who need it, until when (S69).

    What was signed by mistake stays as it was signed. It opens nothing any more once
    its author withdrew it, which they can as long as nothing of it was handed over.
    """

    said = EncryptedTextField(blank=True)
    ends_at = models.DateTimeField()
    epoch = models.BigIntegerField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_why = EncryptedTextField(blank=True)
    # How the log has its words: of no kind of information that a page could name.
    categories = 0

    class Meta(Step.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("signed_at")), name="content_period"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="content_withdrawn_at_and_by",
            ),
        ]

    @property
    def patient_id(self) -> uuid.UUID:
        return self.case.patient_id

    @property
    def excepted_by(self) -> uuid.UUID:
        """On what reading its words rests, as `with_basis` says it of an item."""
        return self.case_id


class CaseRecipient(models.Model):
    """Somebody who needs to know: with an account here (`party`), or outside."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.ForeignKey(
        CaseContent, on_delete=models.PROTECT, related_name="recipients"
    )
    party = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = EncryptedTextField()
    organization = EncryptedTextField(blank=True)
    reached_by = EncryptedTextField(blank=True)
    why = EncryptedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content", "party"],
                condition=Q(party__isnull=False),
                name="a_recipient_once_in_a_content",
            )
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk}"


class CaseItem(models.Model):
    """One item, in one version, that was picked by hand."""

    content = models.ForeignKey(
        CaseContent, on_delete=models.PROTECT, related_name="items"
    )
    label = models.CharField(max_length=60)
    item = models.UUIDField()
    version = models.PositiveIntegerField()
    categories = models.PositiveIntegerField()
    part2_origin = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content", "item"], name="an_item_once_in_a_content"
            ),
            models.CheckConstraint(
                condition=Q(categories__gt=0, categories__lte=CATEGORIES.all),
                name="case_item_categories",
            ),
        ]
        indexes = [models.Index(fields=["item", "version"], name="case_item_item")]

    def __str__(self) -> str:
        return f"{self.label} {self.item}"


class PatientTold(Step):
    """The patient was told: when, how, and what support was offered (S70)."""

    told_at = models.DateTimeField()
    told_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField()
    support = EncryptedTextField(blank=True)


class TellingWait(Step):
    """A reason not to tell the patient yet, with the day on which it ends by itself."""

    reason = EncryptedTextField()
    until = models.DateTimeField()

    # Only where consents/waits.py reads it: None where it counts for nothing before the
    # officer agrees; and until when the one before it was agreed to.
    unanswered_since: datetime | None
    agreed_until: datetime | None

    class Meta(Step.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("signed_at")), name="wait_period"
            )
        ]


class WaitReview(models.Model):
    """The privacy officer's answer to a reason to wait. Never changed."""

    wait = models.OneToOneField(
        TellingWait,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="review",
    )
    answer = models.CharField(max_length=20, choices=ReviewAnswer)
    words = EncryptedTextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__in=ReviewAnswer.values), name="wait_review_answer"
            )
        ]

    def __str__(self) -> str:
        return f"review of {self.wait_id}"


class AftercareTask(models.Model):
    """What is done afterwards, by whom, until when; done when it was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        ExceptionalCase, on_delete=models.PROTECT, related_name="aftercare"
    )
    what = EncryptedTextField()
    who = EncryptedTextField()
    due_date = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="aftercare_done_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"aftercare {self.pk}"
