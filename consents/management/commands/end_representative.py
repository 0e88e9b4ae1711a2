"""manage.py end_representative: a document is over, or somebody can decide again."""

import uuid

from django.core.management.base import BaseCommand, CommandError, CommandParser

from carecoord.clock import database_now
from consents import actions
from consents.management.commands.record_representative import found, officer
from consents.models import Representative


class Command(BaseCommand):
    help = "Ends what somebody may do for a patient, in the same second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("representative", type=uuid.UUID)
        parser.add_argument("--by", required=True, help="the privacy officer's address")

    def handle(self, *args: object, **options) -> None:
        by = officer(options["by"])
        if not by.is_privacy_officer:
            raise CommandError("Only the privacy officer records this.")
        actions.end_representative(
            representative=found(Representative, options["representative"]),
            by=by,
            at=database_now(),
        )
        self.stdout.write("Ended.")
