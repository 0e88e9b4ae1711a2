"""The kinds of proposals."""

from django.db import models


class Kind(models.TextChoices):
    MEDICINE = "medicine", "Medicine"
    ALLERGY = "allergy", "Allergy"
    CONDITION = "condition", "Diagnosis"
    NO_ALLERGIES = "no_allergies", "No known allergies"
    # Said by the file, and nothing that a record can hold: shown, never added.
    STATEMENT = "statement", "What the file says"
