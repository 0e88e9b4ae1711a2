"""The new-enemy race (SECURITY A5): stop sharing, have it confirmed, add something.

A former grantee must never see what was added after the confirmation, and a read that
starts after it sees nothing at all.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.http import Http404

from consents import actions
from consents.access import Reading, open_for
from consents.codes import CATEGORIES
from consents.models import Consent
from patients.models import Condition
from tests.cast import Cast, permit

# Work between the decision and the content, as a page does it.
BETWEEN_SECONDS = 0.006
# Between two reads. SQLite has no queue: who hardly lets go starves the writer.
PAUSE_SECONDS = {"postgresql": 0.004, "sqlite": 0.04}

Reader = Callable[[Cast], set[uuid.UUID]]


@dataclass(frozen=True)
class Read:
    """One read of the former grantee: when it began, and which items it got."""

    started: float
    items: frozenset[uuid.UUID]


@dataclass
class Trial:
    """One stop of sharing. Times are of time.monotonic()."""

    confirmed: float = 0.0
    added: uuid.UUID | None = None
    reads: list[Read] = field(default_factory=list)

    @property
    def leaks(self) -> int:
        """Reads that got the new item, or that began afterwards and got anything."""
        return sum(
            self.added in read.items
            or bool(read.started > self.confirmed and read.items)
            for read in self.reads
        )


def share_again(cast: Cast) -> Consent:
    return permit(
        cast.amina,
        cast.chidi,
        at=cast.at,
        categories=CATEGORIES.mask("conditions", "care_team"),
    )


def stop_and_add(cast: Cast, consent: Consent, trial: Trial) -> None:
    """The patient: stops sharing, and once that is confirmed writes something new."""
    time.sleep(random.uniform(0, 2 * BETWEEN_SECONDS))
    actions.revoke(consent=consent, by=cast.amina.user, at=cast.at)
    trial.confirmed = time.monotonic()
    trial.added = add(cast)


def add(cast: Cast) -> uuid.UUID:
    item = Condition(
        patient=cast.amina,
        categories=CATEGORIES["conditions"],
        name="new",
        lineage=None,
        occurred_at=cast.at,
        recorded_at=cast.at,
        recorded_by=cast.amina.user,
    )
    item.save()
    return item.pk


def read_while(
    cast: Cast, reader: Reader, reads: list[Read], is_over: Callable[[], bool]
) -> None:
    """The former grantee: reads again and again."""
    while True:
        last = is_over()
        started = time.monotonic()
        reads.append(Read(started, frozenset(reader(cast))))
        if last:
            return
        time.sleep(random.uniform(0, PAUSE_SECONDS[connection.vendor]))


# Ways to read -------------------------------------------------------------------


def as_pages_do(cast: Cast) -> set[uuid.UUID]:
    """open_patient, some work, then the items: two statements behind the gate."""
    reading = Reading(user=cast.user("chidi"), entrance="patients:chart")
    try:
        with transaction.atomic():
            opened = open_for(reading, cast.amina.pk, writes=False)
            _ = opened.scope
            time.sleep(BETWEEN_SECONDS)
            found = {item.pk for item in opened.items(Condition.objects.all())}
            reading.write_disclosures()
            return found
    except Http404:
        return set()


def as_one_statement(cast: Cast) -> set[uuid.UUID]:
    """permitted() alone takes no lock: it decides and reads in one statement."""
    reading = Reading(user=cast.user("chidi"), entrance="patients:chart")
    items = Condition.objects.filter(patient=cast.amina)
    return set(items.permitted(reading.reader("TREAT")).values_list("pk", flat=True))


def decided_then_read(cast: Cast) -> set[uuid.UUID]:
    """The vulnerable twin: asks for the consent, then reads, and holds no gate."""
    with transaction.atomic(durable=False):
        stands = Consent.objects.in_force(cast.at).filter(
            patient=cast.amina, recipient=cast.chidi, decision="permit"
        )
        if not stands.exists():
            return set()
        time.sleep(BETWEEN_SECONDS)
        items = Condition.objects.filter(patient=cast.amina)
        return set(items.values_list("pk", flat=True))


def decided_then_read_apart(cast: Cast) -> set[uuid.UUID]:
    """The twin on SQLite, where a transaction would be a snapshot: two of them."""
    stands = Consent.objects.in_force(cast.at).filter(
        patient=cast.amina, recipient=cast.chidi, decision="permit"
    )
    if not stands.exists():
        return set()
    time.sleep(BETWEEN_SECONDS)
    items = Condition.objects.filter(patient=cast.amina)
    return set(items.values_list("pk", flat=True))
