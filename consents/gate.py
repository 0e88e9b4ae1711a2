"""One lock per patient around everything that changes what may be seen."""

import uuid
from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from consents.models import ConsentGate


def lock(patient_id: uuid.UUID) -> ConsentGate:
    """SELECT … FOR UPDATE; waits for reads in flight. Inside atomic() only.

    Raises ConsentGate.DoesNotExist for an unknown patient.
    """
    _queue_up(patient_id)
    return ConsentGate.objects.select_for_update().get(patient_id=patient_id)


def lock_all(patient_ids: Iterable[uuid.UUID]) -> list[ConsentGate]:
    """Several gates, in patient order, so that two callers never deadlock."""
    return [lock(patient_id) for patient_id in sorted(set(patient_ids))]


def bump(patient_id: uuid.UUID) -> int:
    """Locks the gate and raises the epoch. Returns the new epoch."""
    gate = lock(patient_id)
    ConsentGate.objects.filter(patient_id=patient_id).update(epoch=F("epoch") + 1)
    return gate.epoch + 1


def share(patient_id: uuid.UUID) -> None:
    """Holds the gate open for a read that needs more than one statement.

    A revoke waits until this transaction ends. SQLite has one writer anyway: every
    clinical transaction there begins IMMEDIATE.
    """
    _queue_up(patient_id, reads=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT epoch FROM consents_consentgate WHERE patient_id = %s "
                "FOR SHARE",
                [patient_id],
            )


def epoch_of(patient_id: uuid.UUID) -> int:
    return ConsentGate.objects.values_list("epoch", flat=True).get(
        patient_id=patient_id
    )


def hold(patient_id: uuid.UUID) -> None:
    """FOR UPDATE at the start of a POST; silent about an unknown patient."""
    _queue_up(patient_id)
    ConsentGate.objects.select_for_update().filter(patient_id=patient_id).first()


def _queue_up(patient_id: uuid.UUID, *, reads: bool = False) -> None:
    """First come, first served, before the row itself is locked.

    A row that is locked FOR SHARE lets more readers in past a waiting FOR UPDATE:
    eight who read without a pause held up a stop of sharing for nine seconds.
    Advisory locks have a queue, in which nobody overtakes.
    """
    if connection.vendor != "postgresql":
        return
    # Random bits of the id, no sign; two patients in one place would only wait.
    place = int.from_bytes(patient_id.bytes[:8]) >> 1
    with connection.cursor() as cursor:
        if reads:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [place])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [place])
