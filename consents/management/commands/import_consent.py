"""`manage.py import_consent FILE --patient UUID`: a permission from elsewhere.

It waits for the patient as a draft. Nothing is shared by it.
"""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carecoord.clock import database_now
from carecoord.json_files import UnreadableFile
from carecoord.models import User
from consents import actions
from consents.access.imported import whose
from consents.fhir.reading import MAX_BYTES, read
from consents.management.commands.export_consents import patient_of


class Command(BaseCommand):
    help = "Reads a FHIR R4 Consent. It waits as a draft that the patient can sign."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--patient", metavar="UUID", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        patient = patient_of(options["patient"])
        try:
            with Path(options["file"]).open("rb") as opened:
                raw = opened.read(MAX_BYTES + 1)
            file = read(raw, whose=whose(patient))
        except OSError as error:
            raise CommandError(
                f"This file cannot be opened: {error.strerror}."
            ) from error
        except UnreadableFile as error:
            raise CommandError(error.sentence) from error
        try:
            kept = actions.keep_imported(
                patient=patient,
                file=file,
                digest=hashlib.sha256(raw).hexdigest(),
                by=User.objects.importer(),
                at=database_now(),
            )
        except actions.RuleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{len(kept)} drafts wait for the patient. Nothing is shared."
        )
        for sentence in file.said:
            self.stdout.write(f"  {sentence}")
