"""Loads the demo world, or a large synthetic one for benchmarks."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from carecoord.clock import database_now
from carecoord.models import User


class Command(BaseCommand):
    help = "Builds a small demo world through the real actions, on this machine only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, help="a synthetic world of so many")
        parser.add_argument("--updates", type=int, default=0)

    def handle(self, *args: object, **options: object) -> None:
        if User.objects.exists():
            raise CommandError("The database has people in it already: refused.")
        if options["patients"]:
            return self._bulk(options["patients"], options["updates"])
        return self._demo()

    def _demo(self) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demo world never loads beside DATABASE_URL.")
        from carecoord.demo import world

        with transaction.atomic():
            stage = world.build(database_now())
        settings.DEMO_MARKER.write_text("demo\n")
        self.stdout.write(f"The demo world stands: {len(stage.users)} accounts.")

    def _bulk(self, patients: int, updates: int) -> None:
        from carecoord.bench.world import build_bulk_world

        build_bulk_world(patients=patients, updates=updates)
        self.stdout.write(f"{patients} patients and {updates} updates stand.")
