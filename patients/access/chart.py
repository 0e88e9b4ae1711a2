"""Everything of one patient that one reader may see, for chart, summary and text.

One loader for all of them, so that the page, the paper and the copy can't differ. The
same number of queries for one row as for twenty, and whatever is kept back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from consents.access import OpenPatient
from patients import missed_doses
from patients.access.allergies import AllergyRows, load_allergies
from patients.access.medicines import MedicineRows, load_list, recent_changes
from patients.access.monitoring import Monitoring, load_monitoring
from patients.access.substances import load_substances
from patients.access.supply import load_missed
from patients.access.team import roster
from patients.codes import EventKind, Measure
from patients.conversation import Conversation, Counted, conversation
from patients.models import (
    Condition,
    DailyLife,
    DecisionWanted,
    EmergencyContact,
    Goal,
    HospitalStay,
    MedicationStatement,
    MedicineTrial,
    Observation,
    SubstanceUse,
    Symptom,
    TimelineEvent,
    TreatmentTried,
)
from providers.models import CareTeamParticipant

RECENT = timedelta(days=90)
VALUES_SHOWN = 6
# A mistake put right and a list checked did not change what is taken.
NOT_A_CHANGE = (EventKind.MEDICINE_CORRECTED, EventKind.LIST_CONFIRMED)


@dataclass(frozen=True)
class ChartRows:
    """Permitted rows only; nothing here counts or names what is not among them."""

    medicines: MedicineRows
    allergies: AllergyRows
    substances: list[SubstanceUse]
    changes: list[TimelineEvent]
    trials: list[MedicineTrial]
    treatments: list[TreatmentTried]
    conditions: list[Condition]
    stays: list[HospitalStay]
    symptoms: list[Symptom]
    goals: list[Goal]
    decisions: list[DecisionWanted]
    daily_life: DailyLife | None
    contacts: list[EmergencyContact]
    numbers: dict[Measure, list[Counted]]
    team: list[CareTeamParticipant]
    conversation: Conversation
    tests: Monitoring = field(default_factory=Monitoring)


def load_chart(opened: OpenPatient) -> ChartRows:
    """The whole chart of this reader, each row with its disclosure."""
    spoken, medicines = conversation(opened), load_list(opened)
    return ChartRows(
        medicines=medicines,
        allergies=load_allergies(opened),
        substances=load_substances(opened),
        changes=load_changes(opened, medicines.statements),
        trials=opened.items(
            MedicineTrial.objects.order_by(
                "-dangerous", F("year").desc(nulls_last=True)
            )
        ),
        treatments=opened.items(TreatmentTried.objects.order_by("-occurred_at", "pk")),
        conditions=opened.items(Condition.objects.order_by("status", "name", "pk")),
        stays=opened.items(HospitalStay.objects.order_by("-occurred_at", "pk")),
        symptoms=opened.items(Symptom.objects.order_by("-occurred_at", "pk")),
        goals=opened.items(Goal.objects.order_by("-occurred_at", "pk")),
        decisions=opened.items(DecisionWanted.objects.order_by("-occurred_at", "pk")),
        daily_life=next(iter(opened.items(DailyLife.objects.all())), None),
        contacts=opened.items(EmergencyContact.objects.order_by("occurred_at", "pk")),
        numbers=load_all_numbers(opened, spoken.numbers),
        team=roster(opened),
        conversation=spoken,
        tests=load_monitoring(opened, medicines.statements),
    )


def load_changes(
    opened: OpenPatient, statements: Iterable[MedicationStatement]
) -> list[TimelineEvent]:
    """What was started, changed, held or stopped in the last 90 days.

    A medicine that was put on the list now and taken for years is no change.
    """
    since = opened.at - RECENT
    listed_at: dict[uuid.UUID | None, datetime] = {
        row.pk: row.recorded_at for row in statements
    }
    return [
        event
        for event in recent_changes(opened, since=since)
        if event.kind not in NOT_A_CHANGE
        and (listed_at.get(event.about) != event.recorded_at or _is_new(event, since))
    ]


def _is_new(event: TimelineEvent, since: datetime) -> bool:
    return bool(event.happened_date and event.happened_date >= since.date())


def load_all_numbers(
    opened: OpenPatient, spoken: Iterable[Counted]
) -> dict[Measure, list[Counted]]:
    """Of the record, of updates, and of what the patient tells with one tap."""
    found = newest_values(load_numbers(opened), spoken)
    missed = missed_doses.counted(
        load_missed(opened),
        found.get(Measure.MISSED_DOSES, ()),
        at=opened.at,
        own=opened.is_patient,
    )
    # Before the others: at the same instant as an answer, it holds that answer.
    return newest_values(missed, *found.values()) if missed else found


def load_numbers(opened: OpenPatient) -> list[Counted]:
    """The newest six values of every measure, in one query."""
    place = Window(
        RowNumber(),
        partition_by=F("measure"),
        order_by=[F("occurred_at").desc(), F("id").desc()],
    )
    rows = opened.items(
        Observation.objects.annotate(place=place)
        .filter(place__lte=VALUES_SHOWN)
        .order_by("measure", "-occurred_at", "-pk")
    )
    return [
        Counted(
            measure=Measure(row.measure),
            value=row.value,
            at=row.occurred_at,
            note=row.note,
            id=row.pk,
            part2_origin=row.part2_origin,
        )
        for row in rows
    ]


def newest_values(*sources) -> dict[Measure, list[Counted]]:
    """The newest six of each measure from all sources, in the order of the measures."""
    found: dict[Measure, list[Counted]] = {measure: [] for measure in Measure}
    for value in sorted(
        (value for source in sources for value in source),
        key=lambda value: value.at,
        reverse=True,
    ):
        found[value.measure].append(value)
    return {name: rows[:VALUES_SHOWN] for name, rows in found.items() if rows}
