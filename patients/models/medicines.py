"""The master list: medicines, allergies, what was tried, what else is taken."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from consents.codes import ErCore
from consents.disclosable import USER, Disclosable, Named
from patients.codes import (
    ChangeReason,
    Criticality,
    DatePrecision,
    DecidedBy,
    MedicineKind,
    MedicineStatus,
    Schedule,
    Substance,
    Unit,
)
from patients.dosage import Dosage, days_from_json, steps_from_json


def amount(**kwargs: Any) -> models.DecimalField:
    """An amount with three decimals: 0.125 mg is real, 0.0001 is a slip."""
    return models.DecimalField(
        max_digits=9, decimal_places=3, null=True, blank=True, **kwargs
    )


class Dosed(Disclosable):
    """A medicine with a dose: the patient's line, or a prescriber's entry beside it.

    The columns are those of patients.dosage.Dosage.
    """

    ER_CORE = ErCore.ALWAYS

    name = models.CharField(max_length=200)
    brand = models.CharField(max_length=100, blank=True)
    rxcui = models.CharField(max_length=12, blank=True)
    form = models.CharField(max_length=60, blank=True)
    strength = amount()
    unit = models.CharField(max_length=20, blank=True)
    schedule = models.CharField(max_length=12, choices=Schedule)
    count = amount()
    morning = amount()
    noon = amount()
    evening = amount()
    bedtime = amount()
    as_needed_for = models.CharField(max_length=200, blank=True)
    min_gap_hours = amount()
    max_in_24_hours = amount()
    recent_use = models.CharField(max_length=100, blank=True)
    every_count = models.PositiveSmallIntegerField(null=True, blank=True)
    every_unit = models.CharField(max_length=6, choices=Unit, blank=True)
    last_given_date = models.DateField(null=True, blank=True)
    next_due_date = models.DateField(null=True, blank=True)
    steps = models.JSONField(default=list, blank=True)
    other = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(Disclosable.Meta):
        abstract = True

    @property
    def dosage(self) -> Dosage:
        # One column holds what differs: by date in a step plan, by day in a week.
        weekly = self.schedule == Schedule.WEEK
        return Dosage(
            schedule=self.schedule,
            strength=self.strength,
            unit=self.unit,
            form=self.form,
            count=self.count,
            morning=self.morning,
            noon=self.noon,
            evening=self.evening,
            bedtime=self.bedtime,
            as_needed_for=self.as_needed_for,
            min_gap_hours=self.min_gap_hours,
            max_in_24_hours=self.max_in_24_hours,
            recent_use=self.recent_use,
            every_count=self.every_count,
            every_unit=self.every_unit,
            last_given_date=self.last_given_date,
            next_due_date=self.next_due_date,
            steps=() if weekly else steps_from_json(self.steps),
            days=days_from_json(self.steps) if weekly else (),
            other=self.other,
        )


class MedicationStatement(Dosed):
    """One line of the list: what the patient takes. Only the patient changes it.

    `last_change_*` describe the newest change, for the line and the sheet; the
    versions are in `history`.
    """

    PAST = Q(status=MedicineStatus.STOPPED)
    # Its events say "Decided by …": those of a time when it named another one, too.
    NAMED = (Named("prescriber", changes=True),)

    kind = models.CharField(
        max_length=20, choices=MedicineKind, default=MedicineKind.PRESCRIPTION
    )
    status = models.CharField(
        max_length=20, choices=MedicineStatus, default=MedicineStatus.ACTIVE
    )
    prescriber = models.ForeignKey(
        "providers.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    prescriber_name = models.CharField(max_length=200, blank=True)
    started_date = models.DateField(null=True, blank=True)
    started_precision = models.CharField(
        max_length=10, choices=DatePrecision, default=DatePrecision.UNKNOWN
    )
    hold_until_date = models.DateField(null=True, blank=True)
    stopped_date = models.DateField(null=True, blank=True)
    stopped_for_good = models.BooleanField(default=False)
    last_change_date = models.DateField(null=True, blank=True)
    last_change_decided_by = models.CharField(
        max_length=20, choices=DecidedBy, blank=True
    )
    last_change_reason = models.CharField(
        max_length=20, choices=ChangeReason, blank=True
    )
    last_change_note = EncryptedTextField(blank=True)
    last_change_text = models.CharField(max_length=300, blank=True)
    unsure = models.BooleanField(default=False)
    source_text = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=MedicineStatus.values), name="medicine_status"
            ),
            models.CheckConstraint(
                condition=Q(schedule__in=Schedule.values), name="medicine_schedule"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MedicineKind.values), name="medicine_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prescribed_by(self) -> str:
        return self.prescriber.name if self.prescriber else self.prescriber_name


class MedicationRequest(Dosed):
    """A prescriber's own entry beside the patient's line.

    "Prescribed, not yet confirmed by the patient" until the patient adopts it
    (`adopted_at`) or sets it aside. `beside` is the line it speaks about.
    """

    AUTHOR_KEEPS = True
    NAMED = (
        # One by itself begins the lineage; one that was taken over speaks in the line.
        # And so it does once the taking over was undone: what was told of it stays.
        Named(
            "author",
            when=Q(adopted_at__isnull=False) | Q(lineage=F("id")),
            changes=True,
        ),
        Named("author", found_by="about"),
    )
    # Whether whoever reads it may know what the patient answered (access.medicines).
    answer_known = True

    beside = models.ForeignKey(
        MedicationStatement,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
    )
    starts_date = models.DateField(null=True, blank=True)
    stops = models.BooleanField(default=False)
    why = EncryptedTextField(blank=True)
    expected = EncryptedTextField(blank=True)
    expected_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    watch_for = EncryptedTextField(blank=True)
    watch_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    therapy = EncryptedTextField(blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The patient takes something else than this entry says, and said so.
    disagreed_at = models.DateTimeField(null=True, blank=True)
    disagreed_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(adopted_at=None, adopted_by=None)
                | Q(adopted_at__isnull=False, adopted_by__isnull=False),
                name="entry_adopted_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_by=None)
                | Q(set_aside_at__isnull=False, set_aside_by__isnull=False),
                name="entry_set_aside_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(disagreed_at=None, disagreed_by=None)
                | Q(disagreed_at__isnull=False, disagreed_by__isnull=False),
                name="entry_disagreed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MedicineTrial(Disclosable):
    """A medicine tried before: dose reached, how long, effect, why it stopped."""

    ER_CORE = ErCore.ALWAYS

    name = models.CharField(max_length=200)
    dose_reached = models.CharField(max_length=100, blank=True)
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    effect = EncryptedTextField(blank=True)
    why_stopped = EncryptedTextField(blank=True)
    dangerous = models.BooleanField(default=False)
    statement = models.ForeignKey(
        MedicationStatement,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trials",
    )

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class AllergyIntolerance(Disclosable):
    """An allergy or a bad reaction. Never shortened, never clipped."""

    ER_CORE = ErCore.ALWAYS

    substance = models.CharField(max_length=200)
    reaction = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    criticality = models.CharField(
        max_length=20, choices=Criticality, default=Criticality.UNKNOWN
    )

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        verbose_name_plural = "allergies"

    def __str__(self) -> str:
        return self.substance


class AllergyAssertion(Disclosable):
    """The patient says: no known allergies. Ends when one is added."""

    ER_CORE = ErCore.ALWAYS

    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        USER, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="assertion_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return "no known allergies"


class SubstanceUse(Disclosable):
    """Alcohol, cannabis, nicotine and the like: a block and a category of its own."""

    substance = models.CharField(max_length=20, choices=Substance)
    name = models.CharField(max_length=100, blank=True)
    amount = models.CharField(max_length=100, blank=True)
    often = models.CharField(max_length=100, blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(substance__in=Substance.values), name="substance_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_substance_display()

    @property
    def called(self) -> str:
        """ "Alcohol", "Cannabis (edible)"; of something else its own name."""
        kind = self.get_substance_display()
        if not self.name:
            return kind
        if self.substance == Substance.OTHER or kind.lower() in self.name.lower():
            return self.name
        return f"{kind} ({self.name})"


class ListConfirmation(Disclosable):
    """ "This list is correct today": who said so, and when."""

    ER_CORE = ErCore.ALWAYS

    takes_none = models.BooleanField(default=False)

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"list checked {self.occurred_at:%Y-%m-%d}"


class ListReview(Disclosable):
    """A clinician went through the list with the patient: beside "confirmed", not it.

    `differences` is how many they noted, for themselves: they may see more than who
    reads it. What they are stands in entries and updates.
    """

    differences = models.PositiveSmallIntegerField(default=0)

    class Meta(Disclosable.Meta):
        pass

    def __str__(self) -> str:
        return f"list reviewed {self.occurred_at:%Y-%m-%d}"
