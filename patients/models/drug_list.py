"""The complete list of medicines that a deployment imports: facts, nobody's record.

Source: RxTerms and RxNorm, made by the National Library of Medicine. Nothing here says
anything of a patient.
"""

from django.db import models
from django.db.models import Q


class ListSource(models.TextChoices):
    RXTERMS = "rxterms", "RxTerms"
    RXNORM = "rxnorm", "RxNorm"


class ListedName(models.Model):
    """A name to choose from: an ingredient, or a brand with what it holds.

    `key` is the spelling for looking up. A name without any medicine that is still
    made stays here and is not offered.
    """

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    generic = models.CharField(max_length=200, blank=True)
    is_offered = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["is_offered", "key"], name="listed_name_begin")]

    def __str__(self) -> str:
        return self.name


class NameGram(models.Model):
    """Three letters of a name, so that a misspelled one is found by an index."""

    gram = models.CharField(max_length=3)
    named = models.ForeignKey(
        ListedName, on_delete=models.CASCADE, related_name="grams", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gram", "named"], name="gram_once_a_name")
        ]

    def __str__(self) -> str:
        return self.gram


class ListedMedicine(models.Model):
    """One code of a list. A code that a newer list lacks is retired, never removed.

    `digest` finds a full name by an index, however long it is. `run` is the import
    that saw the code last.
    """

    source = models.CharField(max_length=10, choices=ListSource)
    rxcui = models.CharField(max_length=12)
    term_type = models.CharField(max_length=8)
    full_name = models.CharField(max_length=4000)
    digest = models.CharField(max_length=32, db_index=True)
    named = models.ForeignKey(
        ListedName, on_delete=models.PROTECT, related_name="medicines"
    )
    strength = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=100, blank=True)
    release = models.CharField(max_length=40, blank=True)
    is_suppressed = models.BooleanField(default=False)
    retired_date = models.DateField(null=True, blank=True)
    replaced_by = models.CharField(max_length=12, blank=True)
    run = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "rxcui"], name="listed_code_once_a_source"
            ),
            models.CheckConstraint(
                condition=Q(source__in=ListSource.values), name="listed_source_known"
            ),
        ]
        indexes = [models.Index(fields=["rxcui"], name="listed_medicine_rxcui")]

    def __str__(self) -> str:
        return self.full_name
