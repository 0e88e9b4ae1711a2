"""Records from elsewhere: kept as proposals, accepted one by one, never merged."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carecoord.models import User
from consents import gate
from consents.disclosable import Disclosable
from patients.actions import allergies
from patients.actions.import_adding import (
    ADD,
    SUBSTANCE,
    Answer,
    ImportRefused,
    standing,
)
from patients.actions.room import ListFull
from patients.codes import Comparison, ProposalState
from patients.fhir import ImportedBundle
from patients.models import (
    ImportedItem,
    ImportFile,
    Patient,
)
from patients.proposals import (
    Kind,
    Row,
    Standing,
    compare_again,
    decode,
    rows_of,
)
from patients.proposals.content import (
    ImportedMedicine,
    decode_as,
)
from patients.proposals.fitting import (
    DoesNotFit,
    status_known,
)

# What one click adds; the rest waits for the next.
MOST_AT_ONCE = 100
UNSURE, MINE = "unsure", "mine"
# What patients.fhir calls a medicine that has only a code.
NAMELESS = "without a name"


class AlreadyRead(Exception):
    """The same bytes were read before. `file` is that reading."""

    def __init__(self, file: ImportFile) -> None:
        super().__init__("This file was read before.")
        self.file = file


# Reading ------------------------------------------------------------------------


@transaction.atomic
def read_file(
    *,
    patient: Patient,
    bundle: ImportedBundle,
    warnings: tuple[str, ...],
    by: User,
    at: datetime,
) -> ImportFile:
    """Keeps what a file says as proposals that nobody but the patient sees.

    `warnings` say why it may be about somebody else: then nothing can be added before
    the patient says that it is theirs. Raises AlreadyRead.
    """
    gate.lock(patient.pk)
    before = ImportFile.objects.filter(patient=patient, sha256=bundle.fingerprint)
    if known := before.first():
        raise AlreadyRead(known)
    rows = rows_of(bundle, standing(patient))
    file = ImportFile.objects.create(
        patient=patient,
        source=bundle.source_name,
        sha256=bundle.fingerprint,
        read_at=at,
        read_by=by,
        counts=_counts(bundle, rows, len(warnings)),
        problems="\n".join([*warnings, *bundle.problems]),
    )
    ImportedItem.objects.bulk_create(
        _item(row, file=file, by=by, at=at) for row in rows
    )
    return file


def _counts(
    bundle: ImportedBundle, rows: list[Row], warnings: int
) -> dict[str, object]:
    kinds = [row.kind for row in rows]
    return {
        "entries": dict(bundle.counts),
        "ignored": dict(bundle.ignored),
        "proposals": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "whose": UNSURE if warnings else MINE,
        "warnings": warnings,
    }


def _item(row: Row, *, file: ImportFile, by: User, at: datetime) -> ImportedItem:
    pk = uuid.uuid4()
    return ImportedItem(
        id=pk,
        lineage=pk,
        patient_id=file.patient_id,
        # No category: the patient's own and nobody else's, whatever consent says.
        categories=0,
        labels=row.labels,
        part2_origin=row.part2_origin,
        occurred_at=at,
        recorded_at=at,
        recorded_by=by,
        file=file,
        kind=row.kind,
        name=row.name,
        line=row.line,
        content=row.content,
        comparison=row.compared.result,
        difference=row.compared.difference,
        beside=row.compared.beside,
        never_active=row.never_active,
    )


@transaction.atomic
def say_whose(*, file: ImportFile, is_mine: bool, by: User, at: datetime) -> None:
    """The patient says whether a file is about them. If not, all of it is left out."""
    file.counts = file.counts | {"whose": MINE}
    file.save(update_fields=["counts"])
    if not is_mine:
        waiting(file).update(
            state=ProposalState.DECLINED, answered_at=at, answered_by=by
        )


def what_to_know(file: ImportFile) -> list[str]:
    """Sentences about the file. Whom it may be about, until the patient said it."""
    said = file.problems.splitlines()
    answered = file.counts.get("whose") == MINE
    return said[file.counts.get("warnings", 0) :] if answered else said


def waiting(file: ImportFile):
    return ImportedItem.objects.filter(file=file, state=ProposalState.WAITING)


# Answering ----------------------------------------------------------------------


@transaction.atomic
def decline(*, item: ImportedItem, by: User, at: datetime) -> None:
    """Leaves a proposal out. It stays in the file's list of what was left out."""
    _answer(item, ProposalState.DECLINED, by=by, at=at)


@transaction.atomic
def accept(
    *, item: ImportedItem, answer: Answer, by: User, at: datetime
) -> Disclosable:
    """Adds what one proposal says, as the patient's own item.

    The proposal takes the lineage of the item: "only me" covers it too. Raises
    ImportRefused with a sentence, and then nothing changes.
    """
    if item.never_active or item.kind not in ADD:
        raise ImportRefused(_("This stands here to be read. It cannot be added."))
    if item.file.counts.get("whose") == UNSURE:
        raise ImportRefused(_("Say first whether this file is about you."))
    try:
        with transaction.atomic():
            added = ADD[item.kind](item, _from_there(item, answer), by, at)
    except (DoesNotFit, ListFull) as error:
        raise ImportRefused(str(error)) from error
    except allergies.AlreadyThere as error:
        raise ImportRefused(_("This allergy is on your list already.")) from error
    except allergies.HasAllergies as error:
        raise ImportRefused(_("Your list has an allergy. Look at it first.")) from error
    item.lineage = added.lineage
    _answer(item, ProposalState.ACCEPTED, by=by, at=at)
    return added


def _from_there(item: ImportedItem, answer: Answer) -> Answer:
    """What a program of 42 CFR part 2 sent stays what it is, whatever was answered."""
    if not item.part2_origin:
        return answer
    return replace(answer, labels=answer.labels | SUBSTANCE, part2_origin=True)


def _answer(item: ImportedItem, state: str, *, by: User, at: datetime) -> None:
    taken = ImportedItem.objects.filter(pk=item.pk, state=ProposalState.WAITING).update(
        state=state, answered_at=at, answered_by=by, lineage=item.lineage
    )
    if not taken:
        raise ImportRefused(_("This was answered already."))
    item.refresh_from_db()


def needs_an_answer(item: ImportedItem) -> bool:
    """Whether the person must say something before it can be added.

    A label to decide on, whether it is taken, a medicine without a name, or "no known
    allergies": never by a click on "all".
    """
    if item.labels or item.kind == Kind.NO_ALLERGIES:
        return True
    if item.kind != Kind.MEDICINE:
        return False
    medicine = decode_as(ImportedMedicine, item.content)
    return NAMELESS in item.name or not status_known(medicine)


@transaction.atomic
def accept_new(*, file: ImportFile, by: User, at: datetime) -> int:
    """Adds what is new and asks nothing, at most 100 at once. Returns how many.

    New is decided again now: what came onto the list since is left waiting.
    """
    now = standing(file.patient)
    added = 0
    new = waiting(file).filter(comparison=Comparison.NEW, never_active=False)
    for item in new.select_related("file", "patient").order_by("pk"):
        if added == MOST_AT_ONCE:
            break
        added += _accept_if_plain(item, now, by=by, at=at)
    return added


def _accept_if_plain(
    item: ImportedItem, now: Standing, *, by: User, at: datetime
) -> bool:
    if item.kind not in ADD or needs_an_answer(item):
        return False
    if compare_again(decode(item.content), now).result != Comparison.NEW:
        return False
    try:
        accept(item=item, answer=Answer(), by=by, at=at)
    except ImportRefused:
        return False
    return True


__all__ = [
    "AlreadyRead",
    "Answer",
    "ImportRefused",
    "accept",
    "accept_new",
    "decline",
    "needs_an_answer",
    "read_file",
    "say_whose",
    "standing",
    "waiting",
    "what_to_know",
]
