"""Proves that nobody changed the disclosure log."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consents import log, walls
from consents.log import anchor
from consents.models import DisclosureHead


class Command(BaseCommand):
    help = (
        "Verifies the hash chain of every patient's disclosure log, and compares it "
        "with the ends that were noted outside the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            type=Path,
            help="the file with the noted ends; by default the service's own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = self._anchors(options["anchor"])
        faults = 0
        for fault in log.verify(anchors=anchors):
            faults += 1
            self.stderr.write(
                f"patient {fault.patient_id}: row {fault.seq}: {fault.sentence}"
            )
        missing = walls.missing()
        for name in missing:
            self.stderr.write(f"the trigger {name} is missing")
        if faults or missing:
            raise CommandError("The disclosure log does not hold.")
        chains = DisclosureHead.objects.count()
        self.stdout.write(f"{chains} chains hold. All triggers stand.")

    def _anchors(self, chosen: Path | None) -> anchor.Anchors:
        file = chosen or anchor.path()
        try:
            return anchor.read(file)
        except anchor.AnchorBroken as error:
            raise CommandError(f"{file} was changed: {error}.") from error
        except OSError as error:
            if chosen:
                raise CommandError(f"{file} cannot be read.") from error
            self.stdout.write(
                f"There is no file {file} yet: rows cut off at the end together with "
                "their heads would not be found."
            )
            return anchor.Anchors()
