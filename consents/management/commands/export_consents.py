"""`manage.py export_consents --patient UUID`: permissions as FHIR, printed."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from carecoord.clock import database_now
from consents.fhir import writing
from consents.models import Consent


class Command(BaseCommand):
    help = "Writes every permission of one patient as a FHIR R4 Bundle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patient", metavar="UUID", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        patient = patient_of(options["patient"])
        consents = (
            Consent.objects.filter(patient=patient)
            .select_related("recipient", "representative__party")
            .prefetch_related("disclosers__party")
            .order_by("-signed_at", "-pk")
        )
        # For whoever runs the database: nobody is kept from them.
        found = writing.bundle(
            list(consents), patient=patient, at=database_now(), unnamed=()
        )
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))


def patient_of(given: str) -> Any:
    """The patient of that id. Raises CommandError with a sentence."""
    model = apps.get_model("patients", "Patient")
    try:
        return model.objects.get(pk=uuid.UUID(given))
    except (ValueError, model.DoesNotExist) as error:
        raise CommandError(f"There is no patient {given}.") from error
