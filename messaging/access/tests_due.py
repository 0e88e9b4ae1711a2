"""The late tests of the patients whose labs this clinician looks after (S24, S35).

Over all of them at once: three queries, each row decided and logged for its purpose.
What is kept back takes no part, so that no test can tell of it.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from carecoord import zones
from consents import decisions, scopes
from consents.decisions import Reader
from messaging.access import WITHIN
from patients import duties
from patients import monitoring_words as words
from patients.access.medicines import statements
from patients.access.monitoring import TestRow, asked_for, numbers_that_count
from patients.documents.text import line_text
from patients.models import Patient, TestResult
from providers.models import CareTeamParticipant

if TYPE_CHECKING:
    from messaging.access.worklist import Clinician


@dataclass(frozen=True)
class LateTests:
    """One patient, and what is late of it among what this clinician may see."""

    patient: Patient
    rows: list[dict[str, str]]


def late(who: Clinician) -> list[LateTests]:
    """By the name of the patient."""
    patients = _looked_after(who)
    if not patients:
        return []
    medicines = _by_patient(who, statements().order_by("name", "pk"), patients)
    results = TestResult.objects.select_related("author", "patient")
    done = _by_patient(who, results.order_by("-done_date", "-recorded_at"), patients)
    numbers = _by_patient(who, numbers_that_count().select_related("patient"), patients)
    found = []
    for patient in sorted(patients.values(), key=lambda one: (one.name, one.pk)):
        rows = asked_for(
            medicines[patient.pk],
            results=done[patient.pk],
            numbers=numbers[patient.pk],
            today=zones.today(who.reading.at, patient.time_zone),
        )
        late_rows = [_row(row) for row in rows if row.due.is_late]
        if late_rows:
            found.append(LateTests(patient, late_rows))
    return found


def _row(row: TestRow) -> dict[str, str]:
    return {
        "name": row.test.name,
        "due": words.due_words(row.due, own=False),
        "tone": words.TONES[row.due.state],
        "done": line_text(words.result_line(row.results[0]))
        if row.results
        else words.number_line(row),
    }


def _looked_after(who: Clinician) -> dict[uuid.UUID, Patient]:
    """Where this clinician owns the labs, and both kinds of things are shared."""
    members = CareTeamParticipant.objects.of_user(who.user_id).select_related("patient")
    reader = Reader(user_id=who.user_id, purpose=WITHIN, at=who.reading.at)
    found = {}
    for member in members:
        if "labs" not in duties.duties_in(member.owns):
            continue
        scope = scopes.scope(member.patient_id, reader)
        if scope.has("medications") and scope.has("measures"):
            found[member.patient_id] = member.patient
    return found


def _by_patient(
    who: Clinician, items: QuerySet, patients: dict[uuid.UUID, Patient]
) -> dict[uuid.UUID, list[Any]]:
    """Permitted rows for treatment, as on the chart, and logged as shown."""
    reader = Reader(user_id=who.user_id, purpose=WITHIN, at=who.reading.at)
    standing = items.filter(patient_id__in=patients, entered_in_error_at=None)
    rows = list(decisions.with_basis(standing, reader))
    who.show(rows, WITHIN)
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found
