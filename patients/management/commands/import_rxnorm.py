"""`manage.py import_rxnorm RXNCONSO.RRF [RXNATOMARCHIVE.RRF]`: all RxNorm names."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carecoord.clock import database_now
from patients.drug_list.loading import load
from patients.drug_list.rows import NotThisFile, Row, archive_rows, conso_rows
from patients.drug_list.starter_codes import doubts
from patients.models import ListSource

EVERY = 10_000


class Command(BaseCommand):
    help = (
        "Reads RXNCONSO.RRF and, if given after it, RXNATOMARCHIVE.RRF with the codes "
        "that are over. The same files twice change nothing; codes that they lack are "
        "retired, not removed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--retire-many",
            action="store_true",
            help="also where the file lacks most of the codes that were there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [Path(name) for name in options["files"]]
        # Codes that are in use come first: the first row of a code is kept.
        paths.sort(key=_is_archive)
        if _is_archive(paths[0]):
            raise CommandError("Name RXNCONSO.RRF too. The archive alone is no list.")
        try:
            loaded = load(
                _rows(paths),
                source=ListSource.RXNORM,
                release="",
                on=database_now().date(),
                progress=self._say,
                may_retire_many=options["retire_many"],
            )
        except OSError as error:
            raise CommandError(f"A file cannot be read: {error.strerror}.") from error
        except NotThisFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{loaded.codes:,} codes and {loaded.names:,} names are there now. "
            f"{loaded.retired:,} codes were retired."
        )
        for doubt in doubts():
            self.stdout.write(doubt)

    def _say(self, codes: int) -> None:
        if codes % EVERY == 0:
            self.stdout.write(f"{codes:,} codes …")


def _is_archive(path: Path) -> bool:
    return "ARCHIVE" in path.name.upper()


def _rows(paths: list[Path]) -> Iterator[Row]:
    for path in paths:
        read = archive_rows if _is_archive(path) else conso_rows
        with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            yield from read(lines)
