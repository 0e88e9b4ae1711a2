"""What a file said, standing as a proposal beside the list."""

import uuid

from django.db import models
from django.db.models import Q

from carecoord.fields import EncryptedTextField
from consents.disclosable import USER, Disclosable
from patients.codes import Comparison, ProposalState


class ImportFile(models.Model):
    """One file that was read. The bytes are not kept, their SHA-256 is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="import_files"
    )
    source = EncryptedTextField()
    sha256 = models.CharField(max_length=64)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    counts = models.JSONField(default=dict)
    problems = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "sha256"], name="a_file_is_read_once"
            )
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"


class ImportedItem(Disclosable):
    """One thing a file said. Nobody but the patient sees it until it is accepted."""

    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=300)
    line = EncryptedTextField(blank=True)
    content = EncryptedTextField()
    comparison = models.CharField(max_length=10, choices=Comparison)
    difference = EncryptedTextField(blank=True)
    beside = models.UUIDField(null=True, blank=True)
    never_active = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, state="waiting")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False)
                    & Q(state__in=["accepted", "declined"])
                ),
                name="imported_item_answered_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
