"""manage.py anchor_disclosures: what the worker does, without a broker or elsewhere."""

from django.core.management.base import BaseCommand

from carecoord.clock import database_now
from consents.log import anchor


class Command(BaseCommand):
    help = "Notes the ends of the disclosure log in the anchor file, now."

    def handle(self, *args: object, **options: object) -> None:
        count = anchor.note(at=database_now(), now=True)
        self.stdout.write(f"{count} ends noted in {anchor.path()}.")
