"""A change of a medicine with its window, the answer to it, and therapy beside it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from carecoord.fields import EncryptedTextField
from consents.disclosable import Disclosable
from patients.codes import Change, ChangeReason, DecidedBy, Helped, Pace, Phase
from patients.models.medicines import MedicationRequest, MedicationStatement
from patients.models.timeline import TimelineEvent


class MedicineChange(Disclosable):
    """One change: from, to, who decided, why; what to expect and to watch for (S22).

    Written with its event and like it: "only me" on the medicine covers both.
    `watch_until_date` is the last day of the window. `entry` is a prescriber's own,
    which nobody takes before the patient has taken it over.
    """

    event = models.OneToOneField(
        TimelineEvent, on_delete=models.PROTECT, related_name="medicine_change"
    )
    statement = models.ForeignKey(
        MedicationStatement,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes",
    )
    entry = models.ForeignKey(
        MedicationRequest,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes",
    )
    what = models.CharField(max_length=10, choices=Change)
    name = models.CharField(max_length=200)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    since_date = models.DateField()
    decided_by = models.CharField(max_length=20, choices=DecidedBy, blank=True)
    reason = models.CharField(max_length=20, choices=ChangeReason, blank=True)
    note = EncryptedTextField(blank=True)
    pace = models.CharField(max_length=10, choices=Pace, blank=True)
    expected = EncryptedTextField(blank=True)
    expected_date = models.DateField(null=True, blank=True)
    watch_for = EncryptedTextField(blank=True)
    watch_until_date = models.DateField(null=True, blank=True)
    therapy = EncryptedTextField(blank=True)
    # "Not now", by the patient: the question comes back once.
    put_off = models.PositiveSmallIntegerField(default=0)
    put_off_date = models.DateField(null=True, blank=True)

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(what__in=Change.values), name="medicine_change_what"
            ),
            models.CheckConstraint(
                condition=Q(pace__in=["", *Pace.values])
                & Q(decided_by__in=["", *DecidedBy.values])
                & Q(reason__in=["", *ChangeReason.values]),
                name="medicine_change_codes",
            ),
            models.CheckConstraint(
                condition=Q(put_off=0, put_off_date=None)
                | Q(put_off__gt=0, put_off_date__isnull=False),
                name="medicine_change_put_off",
            ),
        ]
        indexes = [
            *Disclosable.Meta.indexes,
            models.Index(
                fields=["watch_until_date"],
                name="medicine_change_window",
                condition=Q(watch_until_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


class CheckIn(Disclosable):
    """ "Helped or hurt?": the patient's answer when the window of a change ended.

    `mattered` are the ids of side effects of the same medicine.
    """

    change = models.OneToOneField(
        MedicineChange, on_delete=models.PROTECT, related_name="check_in"
    )
    helped = models.CharField(max_length=10, choices=Helped)
    since_date = models.DateField(null=True, blank=True)
    mattered = models.JSONField(default=list, blank=True)
    note = EncryptedTextField(blank=True)

    history = HistoricalRecords()

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(helped__in=Helped.values), name="check_in_helped"
            ),
        ]

    def __str__(self) -> str:
        return self.helped


class TherapyPhase(Disclosable):
    """What begins or ends in therapy, and for how many weeks it may raise distress."""

    AUTHOR_KEEPS = True

    what = models.CharField(max_length=10, choices=Phase)
    starts_date = models.DateField()
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta(Disclosable.Meta):
        constraints = [
            *Disclosable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(what__in=Phase.values), name="therapy_phase_what"
            ),
        ]

    def __str__(self) -> str:
        return self.what
