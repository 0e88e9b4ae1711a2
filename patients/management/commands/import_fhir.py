"""`manage.py import_fhir FILE… [--patient UUID]`: files from elsewhere as proposals."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from carecoord.clock import database_now
from carecoord.json_files import MAX_BYTES
from carecoord.models import User
from patients.actions import imports
from patients.actions.patients import begin_record
from patients.fhir import ImportedBundle, UnreadableFile, may_be_someone_else, read
from patients.models import Patient
from patients.proposals import Kind

# Stands as the writer of what no person typed. Nobody can sign in with it.
WORDS = {
    Kind.MEDICINE: "medicines",
    Kind.ALLERGY: "allergies",
    Kind.CONDITION: "diagnoses",
    Kind.NO_ALLERGIES: "statements of no known allergies",
    Kind.STATEMENT: "other statements",
}
TAKEN_IN = (
    "MedicationStatement",
    "MedicationRequest",
    "AllergyIntolerance",
    "Condition",
)


class Command(BaseCommand):
    help = (
        "Reads FHIR R4 files. What they say waits as proposals for the patient. "
        "Without --patient each file makes a new patient without a sign-in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument(
            "--patient", metavar="UUID", help="add to the record of this patient"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        patient = self._patient(options["patient"])
        failed = [name for name in options["files"] if not self._import(name, patient)]
        if failed:
            count = len(options["files"])
            raise CommandError(f"{len(failed)} of {count} files were not imported.")

    @staticmethod
    def _patient(given: str | None) -> Patient | None:
        if given is None:
            return None
        try:
            return Patient.objects.get(pk=uuid.UUID(given))
        except (ValueError, Patient.DoesNotExist) as error:
            raise CommandError(f"There is no patient {given}.") from error

    def _import(self, name: str, patient: Patient | None) -> bool:
        """Says what became of one file; False when it changed nothing."""
        try:
            bundle = read(
                _bytes(name), source_name=Path(name).name, check_standard=True
            )
            self._keep(name, bundle, patient)
        except UnreadableFile as error:
            self.stderr.write(f"{name}: {error}")
            return False
        except imports.AlreadyRead as error:
            self.stderr.write(f"{name}: this file was read on {error.file.read_at:%F}.")
            return False
        return True

    @transaction.atomic
    def _keep(self, name: str, bundle: ImportedBundle, patient: Patient | None) -> None:
        at = database_now()
        warnings: tuple[str, ...] = ()
        if patient is None:
            patient = _new_patient(bundle)
        else:
            warnings = may_be_someone_else(
                bundle.person, name=patient.name, birth_date=patient.birth_date
            )
        file = imports.read_file(
            patient=patient,
            bundle=bundle,
            warnings=warnings,
            by=User.objects.importer(),
            at=at,
        )
        self.stdout.write(f"{name}: patient {patient.pk}")
        self.stdout.write(f"  in the file: {_entries(bundle)}")
        self.stdout.write(f"  proposals: {_proposals(file.counts['proposals'])}")
        for line in file.problems.splitlines():
            self.stdout.write(f"  {line}")


def _bytes(name: str) -> bytes:
    """Raises UnreadableFile with a sentence for a file that is not there."""
    try:
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            f"This file cannot be opened: {error.strerror}."
        ) from error


def _new_patient(bundle: ImportedBundle) -> Patient:
    """A record without a sign-in, named from the file. Raises UnreadableFile."""
    person = bundle.person
    if person is None or not person.name:
        raise UnreadableFile(
            "The file does not say whom it is about. Name the patient with --patient."
        )
    born = person.birth_date
    return begin_record(
        name=person.name[:200],
        birth_date=born.date if born and born.precision == "day" else None,
        user=None,
        at=database_now(),
    )


def _entries(bundle: ImportedBundle) -> str:
    counted = {name: bundle.counts.get(name, 0) for name in TAKEN_IN}
    said = [f"{count} {name}" for name, count in counted.items()]
    others = sum(bundle.counts.values()) - sum(counted.values())
    return ", ".join([*said, f"{others} others"])


def _proposals(counts: dict[str, int]) -> str:
    said = [f"{count} {WORDS[Kind(kind)]}" for kind, count in counts.items()]
    return ", ".join(said) or "none"
