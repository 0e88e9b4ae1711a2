"""The rest of the one-page summary: each of its fields has a home here (S3)."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from consents.codes import ErCore
from consents.disclosable import Disclosable
from patients.codes import ConditionStatus, Measure


class Condition(Disclosable):
    """A diagnosis or a medical condition."""

    AUTHOR_KEEPS = True
    ER_CORE = ErCore.ALWAYS

    name = models.CharField(max_length=200)
    since_year = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(
        max_length=12, choices=ConditionStatus, default=ConditionStatus.ACTIVE
    )

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=ConditionStatus.values),
                name="condition_status",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Symptom(Disclosable):
    """What is happening now: since when, what makes it better or worse."""

    what = EncryptedTextField()
    since = models.CharField(max_length=100, blank=True)
    better = EncryptedTextField(blank=True)
    worse = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"symptom {self.pk}"


class Observation(Disclosable):
    """A number: sleep, panic, missed doses, a score, a vital sign."""

    DATED = True
    AUTHOR_KEEPS = True
    COMPARED = True

    measure = models.CharField(max_length=30, choices=Measure)
    value = models.DecimalField(max_digits=7, decimal_places=2)
    note = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(measure__in=Measure.values), name="measure_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_measure_display()


class Goal(Disclosable):
    """A goal with a measure, where it started, and where it should go."""

    what = EncryptedTextField()
    measure = models.CharField(max_length=30, choices=Measure, blank=True)
    baseline = models.CharField(max_length=60, blank=True)
    target = models.CharField(max_length=60, blank=True)
    target_date = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"goal {self.pk}"


class HospitalStay(Disclosable):
    """A hospital stay or an emergency visit."""

    DATED = True

    where = models.CharField(max_length=200)
    why = EncryptedTextField(blank=True)
    when = models.CharField(max_length=60)
    how_long = models.CharField(max_length=60, blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"hospital stay {self.pk}"


class TreatmentTried(Disclosable):
    """A treatment other than a medicine, and what came of it."""

    what = models.CharField(max_length=200)
    when = models.CharField(max_length=60, blank=True)
    effect = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"treatment {self.pk}"


class EmergencyContact(Disclosable):
    ER_CORE = ErCore.ALWAYS

    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=60, blank=True)
    phone = EncryptedTextField()

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"emergency contact {self.pk}"


class DailyLife(Disclosable):
    """Work, sleep, kind of visit, hospital, pharmacy, insurance: one row a patient."""

    ER_CORE = ErCore.ALWAYS

    work_schedule = models.CharField(max_length=200, blank=True)
    sleep_pattern = models.CharField(max_length=200, blank=True)
    visit_preference = models.CharField(max_length=200, blank=True)
    preferred_hospital = models.CharField(max_length=200, blank=True)
    pharmacy = EncryptedTextField(blank=True)
    insurance = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient"], name="one_daily_life_for_a_patient"
            ),
        ]

    def __str__(self) -> str:
        return f"daily life {self.pk}"


class DecisionWanted(Disclosable):
    """What the patient wants decided at the next visit."""

    what = EncryptedTextField()

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"decision wanted {self.pk}"
