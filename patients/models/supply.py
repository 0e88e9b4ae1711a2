"""How much of a medicine was left on a day, and who refills it."""

from django.db import models

from consents.disclosable import Disclosable
from patients.models.medicines import MedicationStatement


class SupplyCount(Disclosable):
    """Counted by the patient; the newest stands. It has the lineage of its medicine.

    When it runs out is computed from the dose (patients/supply.py), never stored.
    """

    medicine = models.ForeignKey(
        MedicationStatement, on_delete=models.PROTECT, related_name="supply_counts"
    )
    left = models.DecimalField(max_digits=9, decimal_places=3)
    counted_date = models.DateField()
    refills_left = models.PositiveSmallIntegerField(null=True, blank=True)
    refilled_by = models.CharField(max_length=100, blank=True)

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"supply {self.pk}"
