"""A record begins."""

from datetime import date, datetime

from django.db import transaction

from carecoord.clock import database_now
from carecoord.models import User
from consents import actions as consent_actions
from consents import reaching
from patients.models import Patient

OWN_NUMBER = "Enter a number of your own: one that nobody else answers."


@transaction.atomic
def begin_record(
    *,
    name: str,
    birth_date: date | None,
    user: User | None,
    at: datetime,
    **fields: object,
) -> Patient:
    """A new patient, with the gate and the log that every disclosure needs."""
    patient = Patient(
        name=name, birth_date=birth_date, user=user, created_at=at, **fields
    )
    # A record that comes in from a file begins without anybody.
    patient._history_user, patient._history_date = user, at
    patient.save()
    consent_actions.open_gate(patient=patient)
    return patient


@transaction.atomic
def change_details(*, patient: Patient, by: User, **fields: object) -> Patient:
    """Name, pronouns, birth date, phone, language, zone, state, who keeps the list.

    What was there before stays as a version, with who changed it. Raises RuleError
    for a number at which somebody is reached who acts for the patient (T92).
    """
    phone = str(fields.get("phone") or "")
    if phone and reaching.is_reached_at(patient.pk, phone, database_now()):
        raise consent_actions.RuleError(OWN_NUMBER)
    if turns := bool({"birth_date", "time_zone", "state"} & set(fields)):
        at = database_now()
        was = consent_actions.settle_majority(patient=patient, by=by, at=at)
    for name, value in fields.items():
        setattr(patient, name, value)
    patient._history_user = by
    patient.save(update_fields=list(fields))
    if turns:
        consent_actions.follow_majority(patient=patient, was=was, by=by, at=at)
    return patient
