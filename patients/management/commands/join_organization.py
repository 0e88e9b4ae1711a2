"""`manage.py join_organization E-MAIL NAME`: a clinician works for an organization."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from carecoord.clock import database_now
from carecoord.models import User
from patients.access.invitations import practitioner_of
from patients.actions.people import work_for
from providers.models import Organization, PractitionerRole


class Command(BaseCommand):
    help = (
        "Puts a clinician on the staff of an organization. Whoever shared with the "
        "organization shares with its staff who are on their care team."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="E-MAIL", help="of the clinician")
        parser.add_argument("organization", metavar="NAME", help="of the organization")
        parser.add_argument(
            "--by", metavar="E-MAIL", help="who decided it; the clinician if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = user_of(options["email"])
        practitioner = practitioner_of(user)
        if practitioner is None:
            raise CommandError(f"{options['email']} is not a clinician here.")
        name = " ".join(options["organization"].split())
        if not name:
            raise CommandError("Name the organization.")
        organization, is_new = work_for(
            practitioner=practitioner,
            organization_name=name,
            by=user_of(options["by"]) if options["by"] else user,
            at=database_now(),
        )
        said = "works for" if is_new else "worked for already"
        self.stdout.write(f"{practitioner} {said} {organization}.")
        if is_new and is_only_one_there(organization):
            # A slip in the name begins a place with which nobody shares anything.
            self.stdout.write(
                f"Nobody else works for {organization}. If the name is a slip, run "
                "leave_organization with it, and this command with the right one."
            )


def is_only_one_there(organization: Organization) -> bool:
    staff = PractitionerRole.objects.filter(organization=organization, ended_at=None)
    return staff.count() == 1


def user_of(email: str) -> User:
    try:
        return User.objects.get_by_natural_key(email)
    except User.DoesNotExist as error:
        raise CommandError(f"Nobody signs in as {email}.") from error
