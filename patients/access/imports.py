"""Files from elsewhere and their proposals: for the patient alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, Value, When

from consents.access import OpenPatient
from patients.codes import ProposalState
from patients.models import ImportedItem, ImportFile
from patients.proposals import Kind

# What one page shows; the rest comes up as these are answered.
SHOWN = 100


@dataclass(frozen=True)
class FileRows:
    """One file: what waits (the first hundred), and how much was answered."""

    file: ImportFile
    waiting: list[ImportedItem]
    waiting_count: int
    accepted_count: int
    declined_count: int


def files(opened: OpenPatient) -> list[ImportFile]:
    """Every file that was read, newest first, with `waiting_count`."""
    opened.require(opened.is_patient)
    waiting = Count("items", filter=Q(items__state=ProposalState.WAITING))
    return list(
        ImportFile.objects.filter(patient_id=opened.patient.pk)
        .annotate(waiting_count=waiting)
        .order_by("-read_at", "-pk")
    )


def file(opened: OpenPatient, pk: uuid.UUID) -> ImportFile:
    """One file of this patient; or 404."""
    opened.require(opened.is_patient)
    found = (
        ImportFile.objects.select_related("patient")
        .filter(patient_id=opened.patient.pk, pk=pk)
        .first()
    )
    if found is None:
        opened.refuse()
    return found


def rows(opened: OpenPatient, found: ImportFile) -> FileRows:
    """What waits, medicines first, and what can't be added last."""
    counts = ImportedItem.objects.filter(file=found).aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in ProposalState}
    )
    waiting = (
        ImportedItem.objects.filter(file=found, state=ProposalState.WAITING)
        .annotate(place=_place())
        .order_by("never_active", "place", "name", "pk")
    )
    return FileRows(
        file=found,
        waiting=opened.items(waiting, limit=SHOWN),
        waiting_count=counts[ProposalState.WAITING],
        accepted_count=counts[ProposalState.ACCEPTED],
        declined_count=counts[ProposalState.DECLINED],
    )


def _place() -> Case:
    kinds = [When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind)]
    return Case(*kinds, default=Value(99), output_field=IntegerField())


def item(opened: OpenPatient, found: ImportFile, pk: uuid.UUID) -> ImportedItem:
    """One proposal that waits; or 404."""
    return opened.item(
        ImportedItem.objects.select_related("file", "patient").filter(
            file=found, state=ProposalState.WAITING
        ),
        pk,
    )
