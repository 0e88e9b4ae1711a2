"""Reading, with its disclosure. Content comes out of here and nowhere else."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import DatabaseError, Error, IntegrityError, models, transaction

from carecoord.clock import database_now
from carecoord.models import User
from consents import entrances, gate, log
from consents.access import refusal_bounds as bounds
from consents.codes import OFFICE, Basis, Channel, Relation
from consents.decisions import Reader
from consents.disclosable import Disclosable
from consents.exceptions import EMERGENCY
from consents.log import Entry
from consents.models import AccessRefusal, CaseContent, Disclosure
from providers.models import CareTeamParticipant

if TYPE_CHECKING:
    from consents.part2 import Part2Notice

logger = logging.getLogger(__name__)

BY_RIGHT = (Relation.PATIENT, Relation.REPRESENTATIVE)

# What a reading can disclose: an item of the record, a member of the care team, or
# what the author of an exceptional case wrote for whom they named.
Shown = Disclosable | CareTeamParticipant | CaseContent


class Reading:
    """One person reading through one entrance: a request, a task, a command.

    Loaders queue what they showed; the owner of the transaction calls
    `write_disclosures()` as its last statement.
    """

    # Whether a chart that is opened counts against harvesting (consents/harvest.py).
    counts = True

    def __init__(
        self, *, user: User | None, entrance: str, request_id: str = ""
    ) -> None:
        self._user = user
        self.user_id = user.pk if user else None
        self.entrance = entrance
        self.request_id = request_id
        # Set for somebody who came with a code and has no sign-in.
        self.visit_id: uuid.UUID | None = None
        # Rows of an open page that asks by itself (consents/access/open_page.py).
        self.open_pages: tuple[uuid.UUID, ...] = ()
        # Whose record was asked for, and of these what was refused.
        self.asked: set[uuid.UUID] = set()
        self.refused: set[uuid.UUID] = set()
        # By which papers this person acted here (consents/access/still.py).
        self.acted_by: set[uuid.UUID] = set()
        # Consents under which something of Part 2 origin was read (consents/part2.py).
        self.part2_consents: set[uuid.UUID] = set()
        self._shown: dict[tuple, Entry] = {}
        # Updates whose recipient has them open in full (messaging/openings.py).
        self.opened: list = []

    @property
    def user(self) -> User:
        """Raises RuntimeError where somebody reads with a code, without a sign-in."""
        if self._user is None:
            raise RuntimeError("Nobody is signed in.")
        return self._user

    @cached_property
    def at(self) -> datetime:
        """The instant of this reading: read once, from the database's clock."""
        return database_now()

    @property
    def channel(self) -> str:
        line = entrances.entrance(self.entrance)
        return line.channel if line else Channel.WEB

    def purpose(self, relation: str) -> str | None:
        return entrances.purpose_of(self.entrance, relation)

    def reader(self, purpose: str) -> Reader:
        return Reader(user_id=self.user.pk, purpose=purpose, at=self.at)

    def shown(
        self,
        items: Sequence[Shown],
        *,
        relation: str,
        purpose: str,
        recipient_id: uuid.UUID | None,
        channel: str | None = None,
        about: uuid.UUID | None = None,
    ) -> None:
        """Queues one disclosure per patient for these items (with `relied_on`).

        `about` is the outside recipient for whom a packet is printed.
        """
        for item in items:
            entry = self._entry(
                item.patient_id,
                relation,
                purpose,
                recipient_id,
                channel,
                exception=None
                if relation == Relation.PATIENT
                else getattr(item, "excepted_by", None),
                about=about,
            )
            mark = [item._meta.label_lower, str(item.pk), getattr(item, "version", 1)]
            if mark not in entry.items:
                entry.items.append(mark)
            entry.categories |= item.categories
            # A member of the roster comes from nowhere.
            entry.part2 |= getattr(item, "part2_origin", False)
            self._rest_on(entry, item, relation)

    def taken_back(self, item: Shown) -> None:
        """It was written to be checked, and is gone: it was shown to nobody."""
        name = [item._meta.label_lower, str(item.pk)]
        for entry in self._shown.values():
            entry.items = [mark for mark in entry.items if mark[:2] != name]

    @property
    def part2_notice(self) -> Part2Notice | None:
        """What must stand on the page with what was read so far (42 CFR 2.32).

        Asked by base.html, last of all. Raises texts.WordingError.
        """
        from consents.part2 import notice_of

        return notice_of(self)

    def _entry(
        self,
        patient_id,
        relation,
        purpose,
        recipient_id,
        channel,
        *,
        exception=None,
        about=None,
    ) -> Entry:
        """The row to be: one for what consent opens, one for each exception."""
        channel = channel or self.channel
        key = (patient_id, relation, purpose, recipient_id, channel, exception, about)
        if key not in self._shown:
            self._shown[key] = Entry(
                patient_id=patient_id,
                at=self.at,
                user_id=self.user_id,
                visit_id=self.visit_id,
                recipient_id=recipient_id,
                relation=relation,
                purpose=purpose,
                channel=channel,
                entrance=self.entrance,
                basis=_first_basis(relation, purpose, exception),
                epoch=0,
                request_id=self.request_id,
                exception=exception,
                about=about,
            )
        return self._shown[key]

    def looked(self, patient_id: uuid.UUID, *, relation, purpose, recipient_id) -> None:
        """A page about this patient was opened, even if nothing is shared on it."""
        self._entry(patient_id, relation, purpose, recipient_id, None)

    def officer_read(
        self,
        row: models.Model,
        *,
        patient_id: uuid.UUID,
        exception: uuid.UUID | None = None,
        about: uuid.UUID | None = None,
    ) -> None:
        """Queues that the privacy officer read this about one patient.

        The line: what is said of one named patient (a report, a paper, an emergency,
        the steps of a case) is written down. A list that says only that something
        waits, and of whom, is not. `exception`: the case with whose rows this one
        waits. `about`: a report; the patient reads only of their own
        (consents/withheld.py).
        """
        entry = self._entry(
            patient_id,
            Relation.OFFICER,
            OFFICE.name,
            # Nothing is shared with them: an officer may be somebody's doctor too.
            None,
            None,
            exception=exception,
            about=about,
        )
        mark = [row._meta.label_lower, str(row.pk), 1]
        if mark not in entry.items:
            entry.items.append(mark)

    def _rest_on(self, entry: Entry, item: Shown, relation: str) -> None:
        consent_id = getattr(item, "relied_on", None)
        # Neither the patient nor who acts for them rests on a permission.
        if relation in BY_RIGHT or consent_id is None:
            return
        entry.basis = Basis.CONSENT
        if str(consent_id) not in entry.consents:
            entry.consents.append(str(consent_id))
        if getattr(item, "part2_origin", False):
            self.part2_consents.add(consent_id)

    def write_disclosures(self) -> list[Disclosure]:
        """Writes what is queued. If it cannot, the read fails: but for one's own."""
        entries = [entry for entry in self._shown.values() if entry.items]
        self._shown = {}
        written = []
        # In one order over both kinds, so that two readers never wait for each other.
        for entry in sorted(entries, key=lambda entry: entry.patient_id):
            entry.epoch = gate.epoch_of(entry.patient_id)
            is_own = entry.relation == Relation.PATIENT
            written += self._write_own([entry]) if is_own else log.write([entry])
        return written

    @staticmethod
    def _write_own(entries: list[Entry]) -> list[Disclosure]:
        # A patient's own reading never depends on the log being writable.
        try:
            with transaction.atomic():
                return log.write(entries)
        except DatabaseError:
            logger.exception("own_reading_not_logged")
            return []

    def not_delivered(self, rows: list[Disclosure]) -> None:
        """The file of these disclosures was never handed over: say so in the log."""
        with transaction.atomic():
            log.write([_outcome(row, self.at) for row in rows])

    def refuse(self, patient_id: uuid.UUID) -> None:
        self.refused.add(patient_id)

    def write_refusals(self) -> None:
        """In a transaction of its own, after the read has been rolled back.

        The same statements whether or not such a patient exists; some more for an open
        page that asks by itself. Within bounds (refusal_bounds.py).
        """
        rows = [self._refusal(patient_id) for patient_id in bounds.to_note(self)]
        self.refused = set()
        if rows and self.open_pages and self._written_as_open_pages(rows):
            return
        if rows:
            with transaction.atomic():
                AccessRefusal.objects.bulk_create(rows)

    def _written_as_open_pages(self, rows: list[AccessRefusal]) -> bool:
        """False where another request of the same page was faster: each asks once."""
        from consents.access.open_page import asking

        try:
            with transaction.atomic():
                for row in rows:
                    row.open_page = asking(row, self.open_pages)
                AccessRefusal.objects.bulk_create(rows)
        except IntegrityError:
            for row in rows:
                row.pk, row.open_page, row._state.adding = None, None, True
            return False
        return True

    def write_failures(self) -> None:
        """The same for what went wrong, within the same bounds.

        A database that is gone takes no row either.
        """
        try:
            with transaction.atomic():
                for patient_id in bounds.failures_to_note(self):
                    self._refusal(patient_id, failed=True).save()
        except Error as error:
            logger.error("failure_not_logged: %s", type(error).__name__)

    def _refusal(self, patient_id: uuid.UUID, *, failed: bool = False) -> AccessRefusal:
        return AccessRefusal(
            patient_id=patient_id,
            user=self.user,
            at=self.at,
            entrance=self.entrance[:60],
            request_id=self.request_id,
            failed=failed,
        )


def _first_basis(relation: str, purpose: str, exception: uuid.UUID | None) -> str:
    """What a row rests on before a consent is seen to cover an item of it."""
    if relation == Relation.PATIENT:
        return Basis.PATIENT
    if relation == Relation.REPRESENTATIVE:
        return Basis.REPRESENTATIVE
    if relation == Relation.OFFICER:
        return Basis.OFFICE
    if exception is None:
        return Basis.OWN_TEXT
    return Basis.EMERGENCY if purpose == EMERGENCY else Basis.EXCEPTIONAL


def _outcome(row: Disclosure, at: datetime) -> Entry:
    return Entry(
        patient_id=row.patient_id,
        at=at,
        user_id=row.user_id,
        visit_id=row.visit_id,
        recipient_id=row.recipient_id,
        relation=row.relation,
        purpose=row.purpose,
        channel=row.channel,
        entrance=row.entrance,
        basis=row.basis,
        epoch=row.epoch,
        outcome="not_delivered",
        about=row.pk,
        request_id=row.request_id,
        exception=row.exception,
    )
