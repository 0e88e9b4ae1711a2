"""Loads the demo world."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from carecoord.clock import database_now
from carecoord.models import User


class Command(BaseCommand):
    help = "Builds a small demo world through the real actions, on this machine only."

    def handle(self, *args: object, **options: object) -> None:
        if User.objects.exists():
            raise CommandError("The database has people in it already: refused.")
        if not settings.EMBEDDED:
            raise CommandError("The demo world never loads beside DATABASE_URL.")
        from carecoord.demo import world

        with transaction.atomic():
            stage = world.build(database_now())
        settings.DEMO_MARKER.write_text("demo\n")
        self.stdout.write(f"The demo world stands: {len(stage.users)} accounts.")
