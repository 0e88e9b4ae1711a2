"""Loads the demo world, or a large one for measuring."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from carecoord.clock import database_now
from carecoord.models import User
from patients.models import Patient


class Command(BaseCommand):
    help = (
        "Builds a small demo world through the real actions, on this machine only. "
        "With --patients and --updates: a large world of synthetic rows instead, in "
        "which nobody can sign in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=int, metavar="N")
        parser.add_argument("--updates", type=int, metavar="M")

    def handle(self, *args: object, **options: object) -> None:
        if User.objects.exists() or Patient.objects.exists():
            raise CommandError("The database has people in it already: refused.")
        patients, updates = options["patients"], options["updates"]
        if patients is None and updates is None:
            self._small()
        elif isinstance(patients, int) and isinstance(updates, int):
            self._large(patients, updates)
        else:
            raise CommandError("A large world needs both --patients and --updates.")

    def _small(self) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demo world never loads beside DATABASE_URL.")
        from carecoord.demo import world

        with transaction.atomic():
            stage = world.build(database_now())
        settings.DEMO_MARKER.write_text("demo\n")
        self.stdout.write(f"The demo world stands: {len(stage.users)} accounts.")

    def _large(self, patients: int, updates: int) -> None:
        if patients < 1 or updates < 0:
            raise CommandError(
                "Give at least one patient, and no fewer than 0 updates."
            )
        from carecoord.demo import bulk

        bulk.build(
            patients=patients,
            updates_count=updates,
            at=database_now(),
            say=self.stdout.write,
        )
        self.stdout.write(f"{patients:,} patients, {updates:,} updates. No sign-ins.")
