"""The way by which a child comes to a sign-in of their own."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from carecoord.fields import EncryptedTextField

USER = settings.AUTH_USER_MODEL


class SignInOffer(models.Model):
    """A single-use link to a record that nobody signs in to yet, kept as a hash only.

    From a parent, to the child; or from the privacy officer, to somebody of age.
    Whoever opens it also says the birth date.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="sign_in_offers"
    )
    to_address = EncryptedTextField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None)
                | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="sign_in_offer_taken_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")),
                name="sign_in_offer_expires_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-in offer {self.pk}"

    @property
    def is_to_adult(self) -> bool:
        turned = self.patient.majority_at
        return turned is not None and turned <= self.sent_at
