"""Open a patient: load, authorise and record the disclosure in one call, or 404.

The same 404, after the same queries, for a patient who does not exist and for one
who is not yours to open.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from consents import decisions, gate
from consents.access import Reading
from consents.codes import Relation
from consents.decisions import Reader, Scope
from consents.disclosable import Disclosable
from patients.models import Patient
from providers.models import CareTeamParticipant
from providers.roles import ROLES, Role


@dataclass
class OpenPatient:
    """A patient opened by one person, in one relation, for one purpose."""

    patient: Patient
    reading: Reading
    relation: str
    purpose: str
    participant: CareTeamParticipant | None

    @property
    def is_patient(self) -> bool:
        return self.relation == Relation.PATIENT

    @property
    def role(self) -> Role | None:
        return ROLES[self.participant.role] if self.participant else None

    @property
    def party_id(self) -> uuid.UUID | None:
        return self.participant.party_id if self.participant else None

    @property
    def at(self):
        return self.reading.at

    @cached_property
    def reader(self) -> Reader:
        return self.reading.reader(self.purpose)

    @cached_property
    def scope(self) -> Scope:
        """What consent says is shared here, whatever the record holds."""
        return decisions.scope(self.patient.pk, self.reader)

    def items(self, items: QuerySet, *, limit: int | None = None) -> list:
        """The permitted items of this patient, their disclosure queued.

        Without what was entered in error. Newest first unless the queryset orders.
        """
        found = decisions.with_basis(
            items.filter(patient_id=self.patient.pk, entered_in_error_at=None),
            self.reader,
        )
        rows = list(found[:limit] if limit else found)
        self.show(rows)
        return rows

    def show(self, rows: list[Model], *, channel: str | None = None) -> None:
        """Queues the disclosure of items that this reading was permitted."""
        self.reading.shown(
            rows,
            relation=self.relation,
            purpose=self.purpose,
            recipient_id=self.party_id,
            channel=channel,
        )

    def item(self, items: QuerySet, pk: uuid.UUID) -> Disclosable:
        """One permitted item of this patient, or the 404."""
        rows = self.items(items.filter(pk=pk))
        if not rows:
            self.refuse()
        return rows[0]

    def refuse(self) -> None:
        """Notes that something was asked for and not given. Raises Http404."""
        if not self.is_patient:
            self.reading.refuse(self.patient.pk)
        raise Http404

    def require(self, allowed: bool) -> None:
        """Goes on only if `allowed`; else the 404. For what a role may do."""
        if not allowed:
            self.refuse()


def open_patient(request: HttpRequest, patient_id: uuid.UUID) -> OpenPatient:
    """The patient, for whoever is the patient or on the care team now; else 404.

    A GET holds the gate FOR SHARE while it reads; any other method takes it FOR
    UPDATE at once, never upgrading a shared lock.
    """
    return open_for(request.reading, patient_id, writes=request.method not in SAFE)


SAFE = {"GET", "HEAD", "OPTIONS"}


def open_for(reading: Reading, patient_id: uuid.UUID, *, writes: bool) -> OpenPatient:
    """open_patient without a request: for documents and tasks."""
    if writes:
        gate.hold(patient_id)
    else:
        gate.share(patient_id)
    patient = (
        Patient.objects.known_to(reading.user.pk)
        .select_related("list_owner")
        .filter(pk=patient_id)
        .first()
    )
    participant = _participant(reading, patient_id)
    opened = _opened(reading, patient, participant)
    if opened is None:
        reading.refuse(patient_id)
        raise Http404
    return opened


def _participant(reading: Reading, patient_id: uuid.UUID) -> CareTeamParticipant | None:
    return (
        CareTeamParticipant.objects.of_user(reading.user.pk)
        .filter(patient_id=patient_id)
        .select_related("party", "party__practitioner")
        .order_by("started_at")
        .first()
    )


def _opened(
    reading: Reading,
    patient: Patient | None,
    participant: CareTeamParticipant | None,
) -> OpenPatient | None:
    if patient is None:
        return None
    relation = _relation(reading, patient, participant)
    purpose = reading.purpose(relation)
    if purpose is None:
        return None
    return OpenPatient(patient, reading, relation, purpose, participant)


def _relation(
    reading: Reading, patient: Patient, participant: CareTeamParticipant | None
) -> str:
    if patient.user_id == reading.user.pk:
        return Relation.PATIENT
    if participant and ROLES[participant.role].related:
        return Relation.FAMILY
    return Relation.CLINICIAN
