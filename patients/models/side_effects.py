"""What a medicine did that it should not, and what a therapist makes of it."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from consents.disclosable import Disclosable
from patients.codes import Bother, Course, SideEffectKind
from patients.models.medicines import MedicationStatement


class SideEffect(Disclosable):
    """Entered once by the patient; it carries the lineage of its medicine (S20).

    So "only me" on the medicine covers it, with its events and a therapist's view.
    """

    medicine = models.ForeignKey(
        MedicationStatement, on_delete=models.PROTECT, related_name="side_effects"
    )
    kind = models.CharField(max_length=20, choices=SideEffectKind)
    what = EncryptedTextField(blank=True)
    began_date = models.DateField(null=True, blank=True)
    severity = models.CharField(max_length=10, choices=Bother)
    daily_life = EncryptedTextField(blank=True)
    therapy = EncryptedTextField(blank=True)
    over_date = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=SideEffectKind.values), name="side_effect_kind"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=Bother.values), name="side_effect_severity"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class SideEffectMark(Disclosable):
    """Worsening or adjustment, and taking part in therapy, by a clinician (S21)."""

    AUTHOR_KEEPS = True

    side_effect = models.ForeignKey(
        SideEffect, on_delete=models.PROTECT, related_name="marks"
    )
    course = models.CharField(max_length=12, choices=Course)
    therapy = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(course__in=Course.values), name="side_effect_course"
            ),
        ]

    def __str__(self) -> str:
        return self.course
