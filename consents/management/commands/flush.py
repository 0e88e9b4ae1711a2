"""Django's flush, which the walls would refuse; for a test database only."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections

from consents import walls


class Command(Flush):
    def handle(self, **options: Any) -> None:
        name = str(connections[options["database"]].settings_dict["NAME"])
        if "test" not in name.rpartition("/")[2]:
            raise CommandError("flush would erase the disclosure log: refused.")
        walls.remove()
        try:
            super().handle(**options)
        finally:
            walls.install()
