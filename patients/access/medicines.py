"""Loaders of the medicine list. Each row comes with its disclosure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from consents import decisions
from consents.access import OpenPatient
from consents.codes import Relation
from consents.models import ItemDeny
from patients.codes import CURRENT, EventKind, MedicineStatus
from patients.models import (
    ListConfirmation,
    ListReview,
    MedicationRequest,
    MedicationStatement,
    MedicineTrial,
    TimelineEvent,
)

# What changes the master list, and so stands under its recent changes.
LIST_EVENTS = [
    kind for kind in EventKind.values if kind.startswith(("medicine_", "allergy_"))
]


@dataclass(frozen=True)
class MedicineRows:
    """What one reader may see of the list, and nothing that tells of the rest."""

    statements: list[MedicationStatement]
    entries: list[MedicationRequest]
    checked: ListConfirmation | None
    reviewed: ListReview | None = None

    @property
    def current(self) -> list[MedicationStatement]:
        return [row for row in self.statements if row.status in CURRENT]

    @property
    def stopped(self) -> list[MedicationStatement]:
        """Newest stop first."""
        rows = [row for row in self.statements if row.status == MedicineStatus.STOPPED]
        dated = [row for row in rows if row.stopped_date]
        dated.sort(key=lambda row: row.stopped_date or date.min, reverse=True)
        return dated + [row for row in rows if not row.stopped_date]


def statements() -> QuerySet:
    return MedicationStatement.objects.select_related("prescriber", "patient")


def load_list(opened: OpenPatient) -> MedicineRows:
    """The whole list: four queries, whatever its length."""
    checks = ListConfirmation.objects.select_related("recorded_by")
    reviews = ListReview.objects.select_related("author")
    return MedicineRows(
        statements=opened.items(statements().order_by("name", "pk")),
        entries=open_entries(opened),
        checked=next(
            iter(opened.items(checks.order_by("-occurred_at", "-pk"), limit=1)), None
        ),
        reviewed=next(
            iter(opened.items(reviews.order_by("-occurred_at", "-pk"), limit=1)), None
        ),
    )


def open_entries(opened: OpenPatient) -> list[MedicationRequest]:
    """Prescribers' entries that wait for the patient's answer, newest first.

    And those of which their author may not know the answer: an entry that went away
    would tell it.
    """
    own = _without_answer(opened)
    waiting = MedicationRequest.objects.filter(
        Q(adopted_at=None, set_aside_at=None) | Q(pk__in=own)
    ).select_related("author", "patient")
    rows = opened.items(waiting.order_by("-occurred_at", "-pk"))
    for row in rows:
        row.answer_known = row.pk not in own
    return rows


def _without_answer(opened: OpenPatient) -> set[uuid.UUID]:
    """Entries that the reader keeps as own words alone, the newest of each medicine.

    Asked of the event that told of an entry: nobody keeps that as own text.
    """
    if opened.relation != Relation.CLINICIAN:
        return set()
    mine = {"patient_id": opened.patient.pk, "author_id": opened.party_id}
    own = set(
        MedicationRequest.objects.standing()
        .filter(**mine)
        .exclude(set_aside_by=F("recorded_by"))
        .values_list("pk", flat=True)
    )
    events = TimelineEvent.objects.filter(
        **mine, kind=EventKind.MEDICINE_PRESCRIBED, about__in=own
    )
    told = decisions.permitted(events, opened.reader)
    return own - set(told.values_list("about", flat=True))


def load_medicine(opened: OpenPatient, pk: uuid.UUID) -> MedicationStatement:
    """One line, or the 404."""
    return opened.item(statements(), pk)


def load_own_medicine(opened: OpenPatient, pk: uuid.UUID) -> MedicationStatement:
    """One line that this person may change: the patient, or for the patient. Or 404."""
    opened.require(opened.decides("medications"))
    return load_medicine(opened, pk)


def newest_trial(opened: OpenPatient, item: MedicationStatement) -> MedicineTrial:
    """What was kept of this line when it was stopped last, or the 404."""
    opened.require(opened.is_patient)
    rows = MedicineTrial.objects.filter(statement=item).order_by("-recorded_at", "-pk")
    found = opened.items(rows, limit=1)
    opened.require(bool(found))
    return found[0]


def load_entry(opened: OpenPatient, pk: uuid.UUID) -> MedicationRequest:
    return opened.item(
        MedicationRequest.objects.select_related("author", "beside", "patient"), pk
    )


def find_entry(opened: OpenPatient, pk: uuid.UUID) -> MedicationRequest | None:
    """The entry, or nothing where there is none for this reader."""
    rows = MedicationRequest.objects.filter(pk=pk)
    return next(iter(opened.items(rows.select_related("author__practitioner"))), None)


def load_event(opened: OpenPatient, pk: uuid.UUID) -> TimelineEvent:
    return opened.item(TimelineEvent.objects.select_related("patient"), pk)


def find_event(opened: OpenPatient, pk: uuid.UUID) -> TimelineEvent | None:
    """The event, or nothing where there is none for this reader."""
    standing = TimelineEvent.objects.filter(pk=pk, cancelled_at=None)
    return next(iter(opened.items(standing.select_related("patient"))), None)


def load_taken_back(opened: OpenPatient, pk: uuid.UUID) -> MedicationStatement:
    """One line, for its patient, also when it was marked as a mistake; or 404."""
    opened.require(opened.is_patient)
    item = statements().filter(pk=pk, patient_id=opened.patient.pk).first()
    if item is None:
        opened.refuse()
    opened.show([item])
    return item


def recent_changes(opened: OpenPatient, *, since) -> list[TimelineEvent]:
    """Events about medicines and allergies on or after an instant, newest first."""
    return opened.items(
        TimelineEvent.objects.filter(
            occurred_at__gte=since,
            cancelled_at=None,
            kind__in=LIST_EVENTS,
        )
        # Written together with its event, and as visible.
        .select_related("medicine_change")
        .order_by("-occurred_at", "-pk")
    )


def kept_back(opened: OpenPatient) -> dict[uuid.UUID, list[ItemDeny]]:
    """For the patient alone: what is kept from whom, by lineage."""
    opened.require(opened.is_patient)
    found: dict[uuid.UUID, list[ItemDeny]] = {}
    for row in ItemDeny.objects.standing().filter(patient_id=opened.patient.pk):
        found.setdefault(row.lineage, []).append(row)
    return found
