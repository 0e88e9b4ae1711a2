"""manage.py record_representative: the privacy officer has seen the document."""

import uuid
from datetime import date

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser

from carecoord import zones
from carecoord.clock import database_now
from carecoord.models import User
from consents import actions
from consents.codes import CATEGORIES, LABELS, RepresentativeKind
from providers.models import Party


class Command(BaseCommand):
    help = "Lets somebody act for a patient, from a document that you have seen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patient", type=uuid.UUID, required=True)
        parser.add_argument("--person", type=uuid.UUID, required=True)
        parser.add_argument("--kind", choices=RepresentativeKind.values, required=True)
        parser.add_argument("--document", required=True, help="which, and its date")
        parser.add_argument("--by", required=True, help="the privacy officer's address")
        parser.add_argument(
            "--categories", nargs="+", required=True, choices=CATEGORIES.by_name
        )
        parser.add_argument("--labels", nargs="*", default=[], choices=LABELS.by_name)
        parser.add_argument("--may-sign", action="store_true")
        parser.add_argument("--until", type=date.fromisoformat, help="the last day")
        parser.add_argument(
            "--from-majority", action="store_true", help="begins on the 18th birthday"
        )
        parser.add_argument("--stated-by", type=uuid.UUID, help="the clinician")

    def handle(self, *args: object, **options) -> None:
        patient = found(apps.get_model("patients.Patient"), options["patient"])
        until, stated_by = options["until"], options["stated_by"]
        try:
            made = actions.record_representative(
                patient=patient,
                party=found(Party, options["person"]),
                kind=options["kind"],
                document=options["document"],
                categories=CATEGORIES.mask(*options["categories"]),
                labels=LABELS.mask(*options["labels"]),
                may_sign=options["may_sign"],
                ends_at=zones.end_of(until, patient.time_zone) if until else None,
                stated_by=found(Party, stated_by) if stated_by else None,
                from_majority=options["from_majority"],
                by=officer(options["by"]),
                at=database_now(),
            )
        except actions.RuleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Recorded: {made.pk}.")


def found(model, pk: uuid.UUID):
    row = model.objects.filter(pk=pk).first()
    if row is None:
        raise CommandError(f"There is no {model._meta.verbose_name} {pk}.")
    return row


def officer(email: str) -> User:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError("There is no such account.")
    return user
