"""manage.py record_death: closes sharing, from a document that the officer has seen."""

import uuid
from datetime import date

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from carecoord import zones
from carecoord.clock import database_now
from consents import actions
from consents.management.commands.record_representative import found, officer


class Command(BaseCommand):
    help = "Records a death: all sharing ends, the record and the log stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patient", type=uuid.UUID, required=True)
        parser.add_argument("--day", type=date.fromisoformat, required=True)
        parser.add_argument("--document", required=True, help="which, and its date")
        parser.add_argument("--by", required=True, help="the privacy officer's address")

    def handle(self, *args: object, **options) -> None:
        patient = found(apps.get_model("patients.Patient"), options["patient"])
        try:
            actions.record_death(
                patient=patient,
                died_at=zones.start_of(options["day"], patient.time_zone),
                document=options["document"],
                by=officer(options["by"]),
                at=database_now(),
            )
        except actions.RuleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Recorded. Nothing of this record is shared any more.")
