"""Keeps the rows of a list, so many at a time; the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from patients.drug_list.rows import NotThisFile, Row, digest_of
from patients.medicine_knowledge.keys import key
from patients.medicine_knowledge.near import grams
from patients.models import ListedMedicine, ListedName, NameGram

BATCH = 1_000
# A release lacks some hundred codes of the one before; a broken download, most.
CUT_SHORT = 1_000
_words = str.split
KEPT = _words(
    "term_type full_name digest named strength form release is_suppressed "
    "retired_date replaced_by run"
)


class Loaded(NamedTuple):
    """What an import did: codes seen, names to choose by, codes retired by it."""

    codes: int
    names: int
    retired: int


def load(
    rows: Iterable[Row],
    *,
    source: str,
    release: str,
    on: date,
    progress: Callable[[int], None] = lambda count: None,
    may_retire_many: bool = False,
) -> Loaded:
    """Keeps every row, then retires the codes of this source that no row named.

    Each batch is its own short transaction, so that the service goes on working. An
    import that was broken off retires nothing and is simply run again.

    Raises NotThisFile where the file names no medicine, or where it lacks so many codes
    that it looks cut short; `may_retire_many` says that it is meant.
    """
    run = _next_run(source)
    keeper = _Keeper(source=source, release=release, on=on, run=run)
    for batch in _batches(rows):
        keeper.keep(batch)
        progress(keeper.codes)
    if not keeper.codes:
        raise NotThisFile("This file names no medicine. Nothing was changed.")
    if not may_retire_many:
        _refuse_what_is_cut_short(keeper, source=source, run=run)
    retired = _retire(source=source, run=run, on=on)
    _offer_what_is_made()
    return Loaded(keeper.codes, ListedName.objects.count(), retired)


def _next_run(source: str) -> int:
    last = ListedMedicine.objects.filter(source=source).aggregate(last=Max("run"))
    return (last["last"] or 0) + 1


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    given = iter(rows)
    while batch := list(islice(given, BATCH)):
        yield batch


class _Keeper:
    """Keeps batches; knows the names it has met, so that each is asked for once."""

    def __init__(self, *, source: str, release: str, on: date, run: int) -> None:
        self.source, self.release, self.on, self.run = source, release, on, run
        self.codes = 0
        self.names: dict[str, int] = {}
        self.seen: set[str] = set()

    @transaction.atomic
    def keep(self, batch: list[Row]) -> None:
        """One row for each code: the first that names it, as files repeat codes."""
        fresh: dict[str, Row] = {}
        for row in batch:
            if row.rxcui not in self.seen and key(row.name):
                fresh.setdefault(row.rxcui, row)
        self._know_names(fresh.values())
        ListedMedicine.objects.bulk_create(
            [self._made(row) for row in fresh.values()],
            update_conflicts=True,
            unique_fields=["source", "rxcui"],
            update_fields=KEPT,
        )
        self.seen.update(fresh)
        self.codes += len(fresh)

    def _made(self, row: Row) -> ListedMedicine:
        return ListedMedicine(
            source=self.source,
            rxcui=row.rxcui,
            term_type=row.term_type,
            full_name=row.full_name,
            digest=digest_of(row.full_name),
            named_id=self.names[key(row.name)],
            strength=row.strength,
            form=row.form,
            release=self.release,
            is_suppressed=row.is_suppressed,
            retired_date=self.on if row.is_retired else None,
            replaced_by=row.replaced_by,
            run=self.run,
        )

    def _know_names(self, rows: Iterable[Row]) -> None:
        """Makes the names that are new, and tells a brand what it holds."""
        wanted = {key(row.name): row for row in rows}
        self._remember(one for one in wanted if one not in self.names)
        new = {one: row for one, row in wanted.items() if one not in self.names}
        ListedName.objects.bulk_create(
            ListedName(key=one, name=row.name, generic=row.generic)
            for one, row in new.items()
        )
        self._remember(new)
        NameGram.objects.bulk_create(
            (
                NameGram(gram=gram, named_id=self.names[one])
                for one in new
                for gram in sorted(grams(one))
            ),
            batch_size=BATCH,
        )
        self._say_what_it_holds(wanted)

    def _say_what_it_holds(self, wanted: dict[str, Row]) -> None:
        """RxNorm names a brand alone first; its medicines say later what is in it."""
        told = {one: row for one, row in wanted.items() if row.generic}
        bare = ListedName.objects.filter(key__in=list(told), generic="")
        found = list(bare)
        for named in found:
            named.generic = told[named.key].generic
        ListedName.objects.bulk_update(found, ["generic"], batch_size=BATCH)

    def _remember(self, wanted: Iterable[str]) -> None:
        found = ListedName.objects.filter(key__in=list(wanted))
        self.names.update(found.values_list("key", "pk"))


@transaction.atomic
def _retire(*, source: str, run: int, on: date) -> int:
    """Codes of this source that this file no longer has: kept, and not offered."""
    return _lacking(source, run).update(retired_date=on)


def _lacking(source: str, run: int) -> QuerySet[ListedMedicine]:
    offered = ListedMedicine.objects.filter(source=source, retired_date=None)
    return offered.exclude(run=run)


def _refuse_what_is_cut_short(keeper: _Keeper, *, source: str, run: int) -> None:
    lacking = _lacking(source, run).count()
    if lacking > CUT_SHORT and lacking * 4 > keeper.codes:
        raise NotThisFile(
            f"This file has {keeper.codes:,} codes and lacks {lacking:,} that were "
            "there. It may be cut short: nothing was retired. "
            "If it is whole, run it again with --retire-many."
        )


@transaction.atomic
def _offer_what_is_made() -> None:
    """A name is offered as long as one of its medicines is."""
    made = ListedMedicine.objects.filter(
        named=OuterRef("pk"), retired_date=None, is_suppressed=False
    )
    names = ListedName.objects.annotate(is_made=Exists(made))
    names.filter(is_made=False, is_offered=True).update(is_offered=False)
    names.filter(is_made=True, is_offered=False).update(is_offered=True)
