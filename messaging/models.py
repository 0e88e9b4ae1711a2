"""Structured updates, answers, and who is told."""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from carecoord.models import OutgoingMail, User
from consents.disclosable import Disclosable
from messaging.codes import (
    Appetite,
    Ask,
    NoticeChannel,
    NoticeKind,
    Plan,
    RecipientStatus,
    SuicidalThoughts,
    Urgency,
)
from patients.codes import Measure, MissedWhy

USER = settings.AUTH_USER_MODEL


class Update(Disclosable):
    """A clinician's structured update. A correction is a new version beside it.

    Its categories are `updates` plus one for every structured row in it; if a
    reader lacks one of them, the whole update is held, never trimmed.
    """

    DATED = True
    AUTHOR_KEEPS = True
    BETWEEN = True

    urgency = models.CharField(max_length=20, choices=Urgency)
    suicidal_thoughts = models.CharField(max_length=20, choices=SuicidalThoughts)
    appetite = models.CharField(
        max_length=20, choices=Appetite, default=Appetite.NOT_ASKED
    )
    missed_why = models.CharField(max_length=20, choices=MissedWhy, blank=True)
    since_date = models.DateField(null=True, blank=True)
    what_changed = EncryptedTextField(blank=True)
    ask = models.CharField(max_length=20, choices=Ask)
    ask_detail = EncryptedTextField(blank=True)
    answer_by_date = models.DateField(null=True, blank=True)
    if_then = EncryptedTextField(blank=True)
    corrects = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrected_by",
    )
    # One key a composed form: a double click sends once.
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    history = HistoricalRecords()

    # Those that were written with it, before anybody reads them again.
    numbers_written: list[UpdateNumber]

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="update_urgency"
            ),
            models.CheckConstraint(
                condition=Q(suicidal_thoughts__in=SuicidalThoughts.values),
                name="update_suicidal_thoughts",
            ),
            models.CheckConstraint(
                condition=~Q(urgency="information")
                | ~Q(suicidal_thoughts__in=["thoughts", "plan"]),
                name="thoughts_are_never_for_information",
            ),
        ]

    def __str__(self) -> str:
        return f"update {self.pk}"


class UpdateNumber(models.Model):
    """A number in an update; `previous` is the last value the author could see.

    Part of the update: decided, logged and shown with it, never alone. `previous`
    stands in another item, `compared_with`: it reaches a reader only as `was`, which
    messaging.access.compared fills in where that item is shared with them.
    """

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="numbers")
    measure = models.CharField(max_length=30, choices=Measure)
    value = models.DecimalField(max_digits=7, decimal_places=2)
    previous = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, blank=True
    )
    compared_with = models.UUIDField(null=True, blank=True)

    was: Decimal | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["update", "measure"], name="a_measure_once_in_an_update"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=Measure.values), name="number_measure_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_measure_display()


class UpdateRecipient(models.Model):
    """The update for one recipient: held or sent, then taken on, then closed.

    `purpose` was fixed when it was sent (TREAT inside one organization, COC to
    another). Shown to the recipient, the author and the patient.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    update = models.ForeignKey(
        Update, on_delete=models.PROTECT, related_name="recipients"
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="updates_received"
    )
    purpose = models.CharField(max_length=10)
    status = models.CharField(max_length=20, choices=RecipientStatus)
    sent_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    # By somebody who was asked: what became of it, which not every author may know.
    passed_on = models.BooleanField(default=False)
    plan = models.CharField(max_length=20, choices=Plan, blank=True)
    plan_date = models.DateField(null=True, blank=True)
    plan_text = EncryptedTextField(blank=True)
    passed_to = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()
    # By whom the next version is.
    _history_user: User

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["update", "party"], name="an_update_once_for_a_recipient"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, plan="")
                | (
                    Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                    & Q(plan__in=Plan.values)
                ),
                name="recipient_acknowledged_at_by_and_plan",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="recipient_closed_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(status="held", sent_at=None)
                | (~Q(status="held") & Q(sent_at__isnull=False)),
                name="held_is_not_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["party", "status"],
                name="recipient_party_status",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.status}"


class Opening(models.Model):
    """The first time a recipient's eyes had the update: "Opened by …"."""

    recipient = models.OneToOneField(
        UpdateRecipient,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="opening",
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"opened {self.opened_at:%Y-%m-%d}"


class Reply(Disclosable):
    """An answer to an update: words, a decision, and what to watch for."""

    DATED = True
    AUTHOR_KEEPS = True
    BETWEEN = True

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="replies")
    text = EncryptedTextField(blank=True)
    decision = EncryptedTextField(blank=True)
    watch_for = EncryptedTextField(blank=True)
    watch_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"reply {self.pk}"


class UpdateDraft(models.Model):
    """What an author has typed and not sent; nobody else sees it. Never a note."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="+"
    )
    typed = EncryptedTextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "patient"], name="one_draft_for_a_patient"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class SafetyNotice(models.Model):
    """When an author last read that updates are for non-urgent needs only.

    Shown as a page of its own the first time and every 90 days (SCREENS A5.1).
    """

    user = models.OneToOneField(
        USER, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"read {self.read_at:%Y-%m-%d}"


class Notice(models.Model):
    """That someone is to be told. Unique, so that nobody is told twice.

    `event` says what is told once; `about` is the row to look it up in (no foreign
    keys: causes live in several tables). Mostly the two are the same row; a reminder
    is another event each day. No clinical word is stored: what a notice says is
    looked up, and decided again, when it is read or sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.UUIDField()
    about = models.UUIDField()
    kind = models.CharField(max_length=30, choices=NoticeKind)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="notices"
    )
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="notices")
    channel = models.CharField(max_length=10, choices=NoticeChannel)
    epoch = models.BigIntegerField()
    created_at = models.DateTimeField()
    mail = models.ForeignKey(
        OutgoingMail,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "user", "channel"], name="told_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["user", "-created_at"],
                name="notice_unseen",
                condition=Q(seen_at=None, cancelled_at=None),
            ),
            models.Index(
                fields=["user"],
                name="notice_unmailed",
                condition=Q(channel="email", mail=None, cancelled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Followed(models.Model):
    """How far the sweep has followed a patient: bookkeeping, nothing clinical.

    `log_seq` is the last row of the disclosure log that it looked at. `epoch` and
    `decided_at` are the gate's epoch and the instant of the last decision about held
    updates: without a change of either kind there is nothing to decide again.
    """

    patient = models.OneToOneField(
        "patients.Patient",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    log_seq = models.BigIntegerField(default=0)
    epoch = models.BigIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "followed"

    def __str__(self) -> str:
        return f"log {self.log_seq}, epoch {self.epoch}"


class Chore(models.Model):
    """When a part of the sweep that need not run every two seconds ran last."""

    name = models.CharField(max_length=30, primary_key=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
