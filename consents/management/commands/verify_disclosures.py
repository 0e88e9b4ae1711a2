"""Proves that nobody changed the disclosure log."""

from django.core.management.base import BaseCommand, CommandError

from consents import log, walls
from consents.models import DisclosureHead


class Command(BaseCommand):
    help = "Verifies the hash chain of every patient's disclosure log."

    def handle(self, *args: object, **options: object) -> None:
        faults = list(log.verify())
        for fault in faults:
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
