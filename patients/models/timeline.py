"""The timeline event is the outbox: written in the transaction of the change."""

from django.db import models
from django.db.models import Q

from carecoord.fields import EncryptedTextField
from consents.codes import ErCore
from consents.disclosable import USER, Disclosable
from patients.codes import CONVERSATION, EventKind


class TimelineEvent(Disclosable):
    """Something that changed the plan. Everyone allowed is told, once.

    `due_at` is ten minutes after the change, so that changes are gathered and can be
    undone. `fanned_out_at` is set in the transaction that wrote the notices.
    """

    DATED = True
    ER_CORE = ErCore.RECENT
    TALK = Q(kind__in=CONVERSATION)

    kind = models.CharField(max_length=30, choices=EventKind)
    title = EncryptedTextField()
    detail = EncryptedTextField(blank=True)
    # What to expect and to watch for until when, in words; beside a medicine's change.
    watch = EncryptedTextField(blank=True)
    # A question to one person: nobody else is told of it.
    addressee = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    about = models.UUIDField(null=True, blank=True)
    happened_date = models.DateField(null=True, blank=True)
    epoch = models.BigIntegerField()
    due_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fanned_out_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="event_cancelled_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values), name="event_kind"
            ),
        ]
        indexes = [
            *Disclosable.Meta.indexes,
            models.Index(
                fields=["next_attempt_at"],
                name="event_waiting",
                condition=Q(
                    fanned_out_at=None,
                    cancelled_at=None,
                    next_attempt_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.kind

    @property
    def said(self) -> str:
        """Why it was, and what to watch for."""
        return " ".join(part for part in (self.detail, self.watch) if part)
