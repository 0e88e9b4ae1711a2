"""The disclosure log: written last, hash-chained per patient, verifiable."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from consents.models import Disclosure, DisclosureHead

FIRST = "0" * 64


@dataclass
class Entry:
    """One disclosure to be written: everything but its place in the chain."""

    patient_id: uuid.UUID
    at: datetime
    user_id: uuid.UUID
    relation: str
    purpose: str
    channel: str
    entrance: str
    basis: str
    epoch: int
    recipient_id: uuid.UUID | None = None
    consents: list[str] = field(default_factory=list)
    items: list[list] = field(default_factory=list)
    categories: int = 0
    outcome: str = "shown"
    about: uuid.UUID | None = None


def write(entries: list[Entry]) -> list[Disclosure]:
    """Adds to the chains, sorted by patient so that two writers never deadlock.

    Call as the last statements of the transaction that reads the content: if this
    raises, nothing is disclosed.
    """
    written = []
    for entry in sorted(entries, key=lambda entry: entry.patient_id):
        head = DisclosureHead.objects.select_for_update().get(
            patient_id=entry.patient_id
        )
        row = Disclosure(seq=head.seq + 1, previous_hash=head.hash, **vars(entry))
        row.hash = row_hash(row)
        row.save(force_insert=True)
        DisclosureHead.objects.filter(pk=head.pk).update(seq=row.seq, hash=row.hash)
        written.append(row)
    return written


def row_hash(row: Disclosure) -> str:
    """SHA-256 over the row's own values and the hash before it."""
    values = {
        "id": str(row.id),
        "patient": str(row.patient_id),
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": str(row.user_id),
        "recipient": str(row.recipient_id or ""),
        "relation": row.relation,
        "purpose": row.purpose,
        "channel": row.channel,
        "entrance": row.entrance,
        "basis": row.basis,
        "consents": row.consents,
        "items": row.items,
        "categories": row.categories,
        "epoch": row.epoch,
        "outcome": row.outcome,
        "about": str(row.about or ""),
        "previous": row.previous_hash,
    }
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """The first bad place in one patient's chain."""

    patient_id: uuid.UUID
    seq: int
    sentence: str


def verify(patient_ids: list[uuid.UUID] | None = None) -> Iterator[Fault]:
    """Walks the chains; yields the first fault of each. Streams, keeps one row."""
    heads = DisclosureHead.objects.all()
    if patient_ids is not None:
        heads = heads.filter(patient_id__in=patient_ids)
    for head in heads.order_by("patient_id").iterator():
        if fault := _fault_in(head):
            yield fault


def _fault_in(head: DisclosureHead) -> Fault | None:
    seq, last = 0, FIRST
    rows = Disclosure.objects.filter(patient_id=head.patient_id).order_by("seq")
    for row in rows.iterator(chunk_size=2000):
        sentence = _wrong_with(row, seq=seq + 1, previous=last)
        if sentence:
            return Fault(head.patient_id, row.seq, sentence)
        seq, last = row.seq, row.hash
    if (seq, last) != (head.seq, head.hash):
        return Fault(head.patient_id, seq + 1, "rows are missing at the end")
    return None


def _wrong_with(row: Disclosure, *, seq: int, previous: str) -> str:
    if row.seq != seq:
        return f"row {seq} is missing or out of order"
    if row.previous_hash != previous:
        return "the row does not follow the one before it"
    if row.hash != row_hash(row):
        return "the row was changed"
    return ""
