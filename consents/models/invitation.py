"""An invitation is a proposal to share. It names no condition and opens nothing."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from carecoord.fields import EncryptedTextField
from carecoord.models import User
from providers import roles

USER = settings.AUTH_USER_MODEL


class Invitation(models.Model):
    """A single-use link, stored as a hash, valid for 72 hours.

    From a patient to a clinician or relative: `patient` is set, and nothing opens
    until the patient confirms who accepted, or the person types the code that the
    patient gave by voice. From a clinician to a patient: `patient` is empty until
    it is accepted. The proposed consent travels as masks.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    voice_code_hash = models.CharField(max_length=64, blank=True)
    voice_attempts = models.PositiveSmallIntegerField(default=0)
    patient = models.ForeignKey(
        "patients.Patient",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    to_name = EncryptedTextField()
    to_address = EncryptedTextField()
    message = EncryptedTextField(blank=True)
    role = models.CharField(max_length=30, choices=roles.choices(), blank=True)
    categories = models.PositiveIntegerField(default=0)
    labels = models.PositiveIntegerField(default=0)
    purposes = models.PositiveIntegerField(default=0)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # "This is not me": said by whoever opened the link, who need not sign in.
    not_me_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="invitation_confirmed_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="invitation_cancelled_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(accepted_at__isnull=False),
                name="invitation_accepted_before_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("sent_at")),
                name="invitation_expires_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def acceptor(self) -> User:
        """Who said that they are meant. Raises ValueError before anybody did."""
        if self.accepted_by is None:
            raise ValueError("Nobody has accepted this invitation.")
        return self.accepted_by

    @property
    def is_to_patient(self) -> bool:
        """From a clinician, and not accepted yet: there is no record so far."""
        return self.patient_id is None

    def state(self, at: datetime) -> str:
        """waiting, expired, accepted (to be confirmed), confirmed, not_me, cancelled.

        Only the time to accept runs out; an answer that was given waits. So it does
        with the right of who sent it, where a read asked for it (inviting.with_right).
        """
        if self.not_me_at:
            return "not_me"
        if self.cancelled_at:
            return "cancelled"
        if self.confirmed_at:
            return "confirmed"
        if self.accepted_at:
            return "accepted"
        is_over = self.expires_at <= at or not getattr(self, "by_right", True)
        return "expired" if is_over else "waiting"
