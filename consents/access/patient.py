"""Open a patient: load, authorise and record the disclosure in one call, or 404.

The same 404, after the same queries, for a patient who does not exist and for one
who is not yours to open.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from consents import decisions, entrances, gate, harvest, representing, scopes
from consents.access.reading import Reading, Shown
from consents.access.request import Request
from consents.codes import Relation
from consents.decisions import Guest, Reader
from consents.disclosable import Disclosable
from consents.models import ConsentGate, Representative
from consents.scopes import Scope
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES, Role

if TYPE_CHECKING:
    # Only for the reader of this file: at run time the patient comes through the
    # gate's foreign key, since consents never imports upward.
    from patients.models import Patient

Item = TypeVar("Item", bound=Disclosable)


@dataclass
class OpenPatient:
    """A patient opened by one person, in one relation, for one purpose."""

    patient: Patient
    epoch: int
    reading: Reading
    relation: str
    purpose: str
    participant: CareTeamParticipant | None
    # Who reads and signs for the patient, by which document; else nobody.
    representative: Representative | None = None

    @property
    def is_patient(self) -> bool:
        return self.relation == Relation.PATIENT

    def decides(self, category: str) -> bool:
        """Whether this person decides about it: the patient, or for the patient."""
        if self.is_patient:
            return True
        acting = self.representative
        return bool(acting and acting.may_sign and self.scope.has(category))

    @property
    def signs(self) -> bool:
        """Whether this person gives and takes permission, and not only looks."""
        return self.is_patient or bool(
            self.representative and self.representative.may_sign
        )

    @property
    def role(self) -> Role | None:
        """What they do on the care team; nobody acts for a patient in a role."""
        if self.representative or not self.participant:
            return None
        return ROLES[self.participant.role]

    @property
    def member(self) -> CareTeamParticipant:
        """Who reads, in a place only for the care team. Raises ValueError elsewhere."""
        if self.participant is None:
            raise ValueError("Only for the care team.")
        return self.participant

    @property
    def party(self) -> Party:
        """The same, as whoever can disclose or receive. Raises ValueError."""
        return self.member.party

    @property
    def party_id(self) -> uuid.UUID | None:
        acting = self.representative or self.participant
        return acting.party_id if acting else None

    @property
    def reader_name(self) -> str:
        """Whoever reads, as the pages and the paper call them."""
        acts = self.representative or self.participant
        return acts.party.name if acts else ""

    @property
    def shared_with(self) -> str:
        """The reader in "Medicines shared with ... (9)", above a list."""
        return self.reader_name

    @property
    def at(self):
        return self.reading.at

    @cached_property
    def reader(self) -> Reader | Guest:
        return self.reading.reader(self.purpose)

    @cached_property
    def scope(self) -> Scope:
        """What consent says is shared here, whatever the record holds."""
        if self.representative:
            return scopes.of_acting(self.representative, self.at)
        return scopes.scope(self.patient.pk, self.reader)

    def items(self, items: QuerySet[Item], *, limit: int | None = None) -> list[Item]:
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

    def show(
        self,
        rows: Sequence[Shown],
        *,
        channel: str | None = None,
    ) -> None:
        """Queues the disclosure of items that this reading was permitted."""
        self.reading.shown(
            rows,
            relation=self.relation,
            purpose=self.purpose,
            recipient_id=self.party_id,
            channel=channel,
        )

    def item(self, items: QuerySet[Item], pk: uuid.UUID) -> Item:
        """One permitted item of this patient, or the 404."""
        rows = self.items(items.filter(pk=pk))
        if not rows:
            self.refuse()
        return rows[0]

    def refuse(self) -> NoReturn:
        """Notes that something was asked for and not given. Raises Http404."""
        if not self.is_patient:
            self.reading.refuse(self.patient.pk)
        raise Http404

    def require(self, allowed: bool) -> None:
        """Goes on only if `allowed`; else the 404. For what a role may do."""
        if not allowed:
            self.refuse()


def open_patient(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    """The patient, for whoever is the patient or on the care team now; else 404.

    A GET holds the gate FOR SHARE while it reads; any other method takes it FOR
    UPDATE at once, never upgrading a shared lock.
    """
    return open_for(request.reading, patient_id, writes=request.method not in SAFE)


def open_to_try(request: Request, patient_id: uuid.UUID) -> OpenPatient:
    """The same for a page that writes something, looks, and takes it back, by GET too.

    Two such pages that held the gate for reading would wait for each other for ever.
    """
    return open_for(request.reading, patient_id, writes=True)


SAFE = {"GET", "HEAD", "OPTIONS"}


def open_for(reading: Reading, patient_id: uuid.UUID, *, writes: bool) -> OpenPatient:
    """open_patient without a request: for documents and tasks.

    Raises Http404, and TooManyCharts for a clinician who harvests (harvest.py).
    """
    reading.asked.add(patient_id)
    if writes:
        gate.hold(patient_id)
    else:
        gate.share(patient_id)
    gate_row = _known(reading, patient_id)
    participant = _participant(reading, patient_id)
    representative = _representative(reading, patient_id)
    opened = _opened(reading, gate_row, participant, representative)
    if opened is None:
        reading.refuse(patient_id)
        raise Http404
    if opened.relation == Relation.CLINICIAN and reading.counts:
        harvest.check(reading, patient_id)
    if not opened.is_patient:
        opened.require(_has_what_it_takes(opened))
    if opened.representative:
        reading.acted_by.add(opened.representative.pk)
    return opened


def _has_what_it_takes(opened: OpenPatient) -> bool:
    """The role and the sharing that the address asks for (consents/policy.py)."""
    line = entrances.entrance(opened.reading.entrance)
    if line is None:
        return False
    if line.needs and not (opened.role and line.suits(opened.role)):
        return False
    if line.shares == entrances.ANYTHING:
        return bool(opened.scope.categories)
    return not line.shares or opened.scope.has(line.shares)


def _known(reading: Reading, patient_id: uuid.UUID) -> ConsentGate | None:
    """The patient's gate, if this user is the patient or on the care team now."""
    members = CareTeamParticipant.objects.of_user(reading.user.pk)
    acts_for = representing.of_user(reading.user.pk, reading.at)
    return (
        ConsentGate.objects.select_related("patient", "patient__list_owner")
        .filter(
            Q(patient__user_id=reading.user.pk, patient__user__is_active=True)
            | Q(patient_id__in=members.values("patient_id"))
            | Q(patient_id__in=acts_for.values("patient_id")),
            patient_id=patient_id,
        )
        .first()
    )


def _participant(reading: Reading, patient_id: uuid.UUID) -> CareTeamParticipant | None:
    return (
        CareTeamParticipant.objects.of_user(reading.user.pk)
        .filter(patient_id=patient_id)
        .select_related("party", "party__practitioner")
        .order_by("started_at", "pk")
        .first()
    )


def _representative(reading: Reading, patient_id: uuid.UUID) -> Representative | None:
    """Who acts for this patient, where this entrance is open to those who do."""
    if reading.purpose(Relation.REPRESENTATIVE) is None:
        return None
    return representing.acting_for(patient_id, reading.user.pk, reading.at)


def _opened(
    reading: Reading,
    gate_row: ConsentGate | None,
    participant: CareTeamParticipant | None,
    representative: Representative | None,
) -> OpenPatient | None:
    if gate_row is None:
        return None
    patient = gate_row.patient
    relation = _relation(reading, patient, participant, representative)
    purpose = reading.purpose(relation) if relation else None
    if relation is None or purpose is None:
        return None
    return OpenPatient(
        patient,
        gate_row.epoch,
        reading,
        relation,
        purpose,
        participant,
        representative if relation == Relation.REPRESENTATIVE else None,
    )


def _relation(
    reading: Reading,
    patient: Patient,
    participant: CareTeamParticipant | None,
    representative: Representative | None,
) -> str | None:
    if patient.user_id == reading.user.pk:
        return Relation.PATIENT
    if representative:
        return Relation.REPRESENTATIVE
    if participant is None:
        # Acts for the patient, but not through this entrance.
        return None
    if ROLES[participant.role].related:
        return Relation.FAMILY
    return Relation.CLINICIAN
