"""`manage.py import_rxterms RxTermsYYYYMM.txt`: what prescribers choose from."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carecoord.clock import database_now
from patients.drug_list.loading import load
from patients.drug_list.rows import NotThisFile, rxterms_rows
from patients.models import ListSource

EVERY = 10_000


class Command(BaseCommand):
    help = (
        "Reads the RxTerms file of the National Library of Medicine. The same file "
        "twice changes nothing; codes that it lacks are retired, not removed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--retire-many",
            action="store_true",
            help="also where the file lacks most of the codes that were there",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        release = re.search(r"\d{6}", path.name)
        try:
            with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
                loaded = load(
                    rxterms_rows(lines),
                    source=ListSource.RXTERMS,
                    release=release[0] if release else "",
                    on=database_now().date(),
                    progress=self._say,
                    may_retire_many=options["retire_many"],
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except NotThisFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{loaded.codes:,} codes and {loaded.names:,} names are there now. "
            f"{loaded.retired:,} codes were retired."
        )

    def _say(self, codes: int) -> None:
        if codes % EVERY == 0:
            self.stdout.write(f"{codes:,} codes …")
