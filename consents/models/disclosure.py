"""Who looked, at what, on which permission. Append-only."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from consents.codes import DOWNLOADS, USUAL, Basis, Channel, Outcome, Relation
from consents.models.consent import ImmutableError

USER = settings.AUTH_USER_MODEL


class AppendOnlyQuerySet(models.QuerySet):
    """The model's half of the wall; the database's half is a trigger (walls.py)."""

    def update(self, **kwargs: object) -> int:
        raise ImmutableError("The log is only ever added to.")

    def delete(self):
        raise ImmutableError("The log is only ever added to.")


class DisclosureQuerySet(AppendOnlyQuerySet):
    def looks(self) -> DisclosureQuerySet:
        """In which somebody looked at the record.

        Who was told in a talk looked at nothing. Who read their own words again read
        nothing that they did not bring. The privacy officer reads what is there to be
        checked, never the record: it stands in the log, and is no look.
        """
        no_look = (Basis.OWN_TEXT, Basis.OFFICE)
        return self.exclude(channel=Channel.PHONE).exclude(basis__in=no_look)


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
    at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"seq {self.seq}"


class Disclosure(models.Model):
    """One act of letting information reach a person (45 CFR 164.528(b)).

    Ids and codes only, no text and no names. `items` lists [model, id, version,
    categories]. `about` points to the row whose outcome this one reports, or to the
    outside recipient of a case, or the report that the privacy officer read.
    `exception` is the emergency or exceptional case relied on, where no consent was, or
    the case that the officer read, with which the row waits. Whoever read has a sign-in
    (`user`) or came with a code (`visit`): one of the two.
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
        USER,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    visit = models.ForeignKey(
        "consents.GuestVisit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="disclosures",
    )
    recipient = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
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
    # The request in the logs of the web process.
    request_id = models.CharField(max_length=36, blank=True)
    # Something of Part 2 origin was in it (42 CFR 2.25).
    part2 = models.BooleanField(default=False)
    exception = models.UUIDField(null=True, blank=True, db_index=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "seq"], name="disclosure_seq_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, visit=None)
                | Q(user=None, visit__isnull=False),
                name="disclosure_by_a_user_or_a_visit",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-at"], name="disclosure_patient_at"),
            # First and last looks of one person, the pages of one person.
            models.Index(
                fields=["patient", "user", "seq"], name="disclosure_patient_user"
            ),
            models.Index(
                fields=["recipient", "patient", "seq"], name="disclosure_recipient"
            ),
            # How many charts somebody opened in the last minutes.
            models.Index(fields=["user", "-at"], name="disclosure_user_at"),
            models.Index(
                fields=["patient", "seq"],
                condition=Q(channel__in=DOWNLOADS),
                name="disclosure_downloads",
            ),
            # Few rows in many: the accountings of disclosures.
            models.Index(
                fields=["patient", "seq"],
                condition=Q(part2=True) | ~Q(basis__in=USUAL),
                name="disclosure_accounted",
            ),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.seq}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("The log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object):
        raise ImmutableError("The log is only ever added to.")


class AccessRefusal(models.Model):
    """Something was asked for and not given.

    `patient_id` is whatever the address said, without a foreign key: writing it
    costs the same whether or not such a patient exists. `failed`: it was not refused,
    it went wrong on our side (T14); the person who asked did nothing. `open_page` is
    the row of a page that stood open and asked by itself (access/open_page.py): each
    asks once.
    """

    patient_id = models.UUIDField()
    user = models.ForeignKey(
        USER, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    entrance = models.CharField(max_length=60)
    request_id = models.CharField(max_length=36, blank=True)
    failed = models.BooleanField(default=False)
    # An id without a foreign key: the log stands by itself.
    open_page = models.UUIDField(null=True, blank=True, unique=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["patient_id", "-at"], name="refusal_patient_at"),
            models.Index(fields=["user", "-at"], name="refusal_user_at"),
        ]

    def __str__(self) -> str:
        return f"refusal {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableError("The log is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object):
        raise ImmutableError("The log is only ever added to.")
