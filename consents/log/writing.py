"""Adding to the log, and what the hash of a row covers."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from consents.models import Disclosure, DisclosureHead

FIRST = "0" * 64


@dataclass
class Entry:
    """One disclosure to be written: everything but its place in the chain."""

    patient_id: uuid.UUID
    at: datetime
    user_id: uuid.UUID | None
    relation: str
    purpose: str
    channel: str
    entrance: str
    basis: str
    epoch: int
    recipient_id: uuid.UUID | None = None
    visit_id: uuid.UUID | None = None
    consents: list[str] = field(default_factory=list)
    items: list[list] = field(default_factory=list)
    categories: int = 0
    part2: bool = False
    outcome: str = "shown"
    about: uuid.UUID | None = None
    exception: uuid.UUID | None = None
    request_id: str = ""


def write(entries: list[Entry]) -> list[Disclosure]:
    """Adds to the chains, sorted by patient so that two writers never deadlock.

    Call as the last statements of the transaction that reads the content: if this
    raises, nothing is disclosed. Times never go back along a chain, whatever a clock
    does: a row is never older than the row before it.
    """
    written = []
    for entry in sorted(entries, key=lambda entry: entry.patient_id):
        head = DisclosureHead.objects.select_for_update().get(
            patient_id=entry.patient_id
        )
        row = Disclosure(seq=head.seq + 1, previous_hash=head.hash, **vars(entry))
        row.at = max(entry.at, head.at or entry.at)
        row.hash = row_hash(row)
        row.save(force_insert=True)
        DisclosureHead.objects.filter(pk=head.pk).update(
            seq=row.seq, hash=row.hash, at=row.at
        )
        written.append(row)
    return written


# What the hash covers: name in the hash -> column. All of them.
COLUMNS = {
    "id": "id",
    "patient": "patient_id",
    "seq": "seq",
    "at": "at",
    "user": "user_id",
    "recipient": "recipient_id",
    "relation": "relation",
    "purpose": "purpose",
    "channel": "channel",
    "entrance": "entrance",
    "basis": "basis",
    "consents": "consents",
    "items": "items",
    "categories": "categories",
    "epoch": "epoch",
    "outcome": "outcome",
    "about": "about",
    "previous": "previous_hash",
    "request": "request_id",
    "part2": "part2",
    "visit": "visit_id",
    "exception": "exception",
}
# Younger than the first rows: part of the hash only where something stands in them,
# so that the rows from before keep their hash.
YOUNGER = ("request", "part2", "visit", "exception")
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def row_hash(row: Disclosure) -> str:
    """SHA-256 over the row's own values and the hash before it."""
    return hash_of(getattr(row, column) for column in COLUMNS.values())


def hash_of(values) -> str:
    """The same from the plain values, in the order of COLUMNS."""
    named = dict(zip(COLUMNS, values, strict=True))
    named["id"], named["patient"] = str(named["id"]), str(named["patient"])
    for name in ("user", "visit", "recipient", "about", "exception"):
        named[name] = str(named[name] or "")
    named["at"] = named["at"].astimezone(UTC).isoformat(timespec="microseconds")
    for name in YOUNGER:
        if not named[name]:
            del named[name]
    return hashlib.sha256(_encode(named).encode()).hexdigest()
