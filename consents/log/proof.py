"""Walking the chains: the first fault of each, found in one pass over the table."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from consents.log.anchor import Anchors
from consents.log.writing import COLUMNS, FIRST, hash_of
from consents.models import Disclosure, DisclosureHead

CHUNK = 2000
_NAMES = list(COLUMNS.values())
_PATIENT, _SEQ = _NAMES.index("patient_id"), _NAMES.index("seq")
_PREVIOUS, _AT = _NAMES.index("previous_hash"), _NAMES.index("at")
_HASH = len(_NAMES)
MISSING_AT_END = "rows are missing at the end"


@dataclass(frozen=True)
class Fault:
    """The first bad place in one patient's chain."""

    patient_id: uuid.UUID
    seq: int
    sentence: str


def verify(
    patient_ids: list[uuid.UUID] | None = None, *, anchors: Anchors | None = None
) -> Iterator[Fault]:
    """Walks the chains in one query; yields the first fault of each.

    Streams: one chunk of rows is in memory at a time. A chain that looks wrong is
    read once more under its lock, since a reader may have added to it in between.
    With `anchors`, each chain is also compared with what was noted outside.
    """
    anchors = anchors or Anchors()
    for patient_id, head, rows in _chains(patient_ids):
        fault = _fault_in(patient_id, head, rows, anchors)
        if fault and (again := _under_lock(patient_id, anchors)):
            yield again
    yield from _without_any_row(patient_ids, anchors)


def _chains(patient_ids: list[uuid.UUID] | None) -> Iterator[tuple]:
    """(patient, head or None, rows) for every patient with a head or a row."""
    heads = _heads(patient_ids).iterator(chunk_size=CHUNK)
    groups = groupby(_rows(patient_ids), key=lambda row: row[_PATIENT])
    head, group = next(heads, None), next(groups, None)
    while head or group:
        first = min(each[0] for each in (head, group) if each)
        mine = group[1] if group and group[0] == first else ()
        yield first, head if head and head[0] == first else None, mine
        if head and head[0] == first:
            head = next(heads, None)
        if group and group[0] == first:
            group = next(groups, None)


def _heads(patient_ids: list[uuid.UUID] | None):
    heads = DisclosureHead.objects.order_by("patient_id")
    if patient_ids is not None:
        heads = heads.filter(patient_id__in=patient_ids)
    return heads.values_list("patient_id", "seq", "hash", "at")


def _rows(patient_ids: list[uuid.UUID] | None) -> Iterator[tuple]:
    rows = Disclosure.objects.order_by("patient_id", "seq")
    if patient_ids is not None:
        rows = rows.filter(patient_id__in=patient_ids)
    return rows.values_list(*_NAMES, "hash").iterator(chunk_size=CHUNK)


def _under_lock(patient_id: uuid.UUID, anchors: Anchors) -> Fault | None:
    with transaction.atomic():
        head = _heads([patient_id]).select_for_update().first()
        return _fault_in(patient_id, head, _rows([patient_id]), anchors)


def _fault_in(
    patient_id: uuid.UUID, head: tuple | None, rows: Iterable[tuple], anchors: Anchors
) -> Fault | None:
    noted = anchors.of(patient_id)
    seq, last, good, at = 0, FIRST, 0, None
    for row in rows:
        if sentence := _wrong_with(row, seq=seq + 1, previous=last):
            return Fault(patient_id, row[_SEQ], sentence)
        seq, last, at = row[_SEQ], row[_HASH], row[_AT]
        if noted.get(seq, last) != last:
            return Fault(
                patient_id,
                good + 1,
                f"rows {good + 1} to {seq} are not those that were noted outside",
            )
        good = seq if seq in noted else good
    if head is None:
        return Fault(patient_id, 1, "the end of the chain is not noted any more")
    if (seq, last) != head[1:3] or max(noted, default=0) > seq:
        return Fault(patient_id, seq + 1, MISSING_AT_END)
    if head[3] not in (None, at):
        # Later rows would take it for their own, and the anchor note none of them.
        return Fault(patient_id, seq, "the end of the chain has another time")
    return None


def _wrong_with(row: tuple, *, seq: int, previous: str) -> str:
    if row[_SEQ] != seq:
        return f"row {seq} is missing or out of order"
    if row[_PREVIOUS] != previous:
        return "the row does not follow the one before it"
    if row[_HASH] != hash_of(row[:_HASH]):
        return "the row was changed"
    return ""


def _without_any_row(
    patient_ids: list[uuid.UUID] | None, anchors: Anchors
) -> Iterator[Fault]:
    """Patients whose chain was noted outside and of whom nothing is left."""
    noted = set(anchors.patients())
    if patient_ids is not None:
        noted &= set(patient_ids)
    left = DisclosureHead.objects.filter(patient_id__in=noted)
    for patient_id in sorted(noted - set(left.values_list("patient_id", flat=True))):
        if not Disclosure.objects.filter(patient_id=patient_id).exists():
            yield Fault(patient_id, 1, "the whole chain is missing")
