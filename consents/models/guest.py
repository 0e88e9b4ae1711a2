"""A code for somebody outside the care team: one page, for a time, some openings.

The permission itself is a Consent like any other (42 CFR 2.31; 45 CFR 164.508); the
code is only the way to it. Ended by ending the consent, decided again at each use.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from carecoord.fields import EncryptedTextField
from consents.codes import GuestPage
from consents.models.disclosure import AppendOnlyQuerySet, ImmutableError

USER = settings.AUTH_USER_MODEL


class GuestCode(models.Model):
    """One code for one page. The code itself is kept as a keyed hash only.

    `epoch` is that of the gate when the code was made: an opening compares it, and
    each page of an opening compares the opening's.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="guest_codes"
    )
    consent = models.OneToOneField(
        "consents.Consent", on_delete=models.PROTECT, related_name="guest_code"
    )
    page = models.CharField(max_length=20, choices=GuestPage)
    code_hash = models.CharField(max_length=64, unique=True)
    most_visits = models.PositiveSmallIntegerField()
    epoch = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    # Only where a query counts them.
    visits_made: int
    is_open_again: bool

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(page__in=GuestPage.values), name="guest_code_page"
            ),
            models.CheckConstraint(
                condition=Q(most_visits__gt=0), name="guest_code_visits"
            ),
        ]

    def __str__(self) -> str:
        return f"guest code {self.pk}"


class GuestVisit(models.Model):
    """A code was used: what the person said of themselves, which nobody checked.

    The disclosure log points here, so that it holds no names of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.ForeignKey(GuestCode, on_delete=models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    epoch = models.BigIntegerField()
    name = EncryptedTextField()
    organization = EncryptedTextField()
    reason = EncryptedTextField()

    objects = AppendOnlyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"visit {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("What was said at an opening is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object):
        raise ImmutableError("What was said at an opening is never deleted.")


class GuestNote(models.Model):
    """What the person with the code wrote back: once an opening, for the patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.OneToOneField(
        GuestVisit, on_delete=models.PROTECT, related_name="note"
    )
    text = EncryptedTextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"note {self.pk}"


class GuestTry(models.Model):
    """A try that opened nothing: what the limits count.

    Kept for a day; of a code that stands, until it ends.

    Keyed hashes of the code, of the address it came from and of the network around
    it; nothing else. `turned_away`: how many tries after it were not looked at.
    """

    at = models.DateTimeField(db_index=True)
    # Counted at each try, and of each code whose patient looks.
    code_hash = models.CharField(max_length=64, db_index=True)
    source_hash = models.CharField(max_length=64)
    network_hash = models.CharField(max_length=64, default="")
    turned_away = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"try {self.pk}"
