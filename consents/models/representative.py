"""Somebody who acts for the patient: by a document, within a scope, from and until."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from carecoord.fields import EncryptedTextField
from consents.codes import CATEGORIES, LABELS, BeginsHow, RepresentativeKind

USER = settings.AUTH_USER_MODEL

# What each kind can begin with; nothing else is in the table.
BEGINS = {
    RepresentativeKind.AGENT: BeginsHow.INCAPACITY,
    RepresentativeKind.GUARDIAN: BeginsHow.COURT,
    RepresentativeKind.PARENT: BeginsHow.MINORITY,
    RepresentativeKind.ESTATE: BeginsHow.DEATH,
}


class Representative(models.Model):
    """A health-care agent, guardian, parent or representative of the estate.

    45 CFR 164.502(g); 42 CFR 2.14 and 2.15. Sees `categories` and `labels`, and signs
    for the patient if `may_sign`. A parent's ends by itself at the 18th birthday
    (Patient.majority_at); the rule compares instants, no job ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="representatives"
    )
    party = models.ForeignKey(
        "providers.Party", on_delete=models.PROTECT, related_name="represents"
    )
    kind = models.CharField(max_length=20, choices=RepresentativeKind)
    document = EncryptedTextField()
    begins_how = models.CharField(max_length=20, choices=BeginsHow)
    # The clinician who stated that the patient cannot decide now.
    stated_by = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    categories = models.PositiveIntegerField()
    labels = models.PositiveIntegerField(default=0)
    may_sign = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    # The privacy officer who saw the paper itself. Nobody yet: a parent's own word.
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(kind=kind, begins_how=how) for kind, how in BEGINS.items()),
                    _connector=Q.OR,
                ),
                name="representative_begins",
            ),
            models.CheckConstraint(
                condition=~Q(begins_how=BeginsHow.INCAPACITY)
                | Q(stated_by__isnull=False),
                name="representative_incapacity_is_stated",
            ),
            models.CheckConstraint(
                condition=Q(categories__gt=0, categories__lte=CATEGORIES.all),
                name="representative_categories",
            ),
            models.CheckConstraint(
                condition=Q(labels__gte=0, labels__lte=LABELS.all),
                name="representative_labels",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="representative_period",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="representative_ended_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(checked_at=None, checked_by=None)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="representative_checked_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["patient", "party"],
                condition=Q(ended_at=None) & ~Q(kind=RepresentativeKind.PARENT),
                name="represents_a_patient_once",
            ),
            # Beside it, until the 18th birthday: see `actions.check_person`.
            models.UniqueConstraint(
                fields=["patient", "party"],
                condition=Q(ended_at=None, kind=RepresentativeKind.PARENT),
                name="represents_a_child_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
