"""manage.py shared_contacts: patients who are reached where a relative is (T92, L22).

For staff: ids and what is shared, never the address or the number itself.
"""

from django.core.management.base import BaseCommand

from carecoord.contacts import shared_contact
from providers.models import RelatedPerson


class Command(BaseCommand):
    help = "Lists patients who share an address or a number with someone close."

    def handle(self, *args: object, **options: object) -> None:
        close = RelatedPerson.objects.select_related("party__user", "patient__user")
        count = 0
        for related in close.order_by("patient_id", "pk").iterator():
            if what := shared_contact(related.patient, related.party):
                count += 1
                self.stdout.write(
                    f"patient {related.patient_id}, person {related.pk}: same {what}"
                )
        self.stdout.write(f"{count} found.")
