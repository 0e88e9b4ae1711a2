"""`manage.py leave_organization E-MAIL NAME`: a clinician works there no more."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carecoord.clock import database_now
from patients.access.invitations import practitioner_of
from patients.actions.people import work_no_more_for
from patients.management.commands.join_organization import user_of


class Command(BaseCommand):
    help = (
        "Takes a clinician off the staff of an organization. What patients shared with "
        "the organization is over for the clinician at once; what they shared with the "
        "clinician by name goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL", help="of the clinician")
        parser.add_argument("organization", metavar="NAME", help="of the organization")
        parser.add_argument(
            "--by", metavar="E-MAIL", required=True, help="who decided it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        practitioner = practitioner_of(user_of(options["email"]))
        if practitioner is None:
            raise CommandError(f"{options['email']} is not a clinician here.")
        name = " ".join(options["organization"].split())
        ended = work_no_more_for(
            practitioner=practitioner,
            organization_name=name,
            by=user_of(options["by"]),
            at=database_now(),
        )
        if not ended:
            raise CommandError(f"{practitioner} does not work for {name}.")
        self.stdout.write(f"{practitioner} works for {name} no more.")
