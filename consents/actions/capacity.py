"""A clinician states that a patient cannot decide now, and that they can again."""

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.actions.representatives import end_representative, treats
from consents.actions.terms import RuleError
from consents.models import Incapacity, Representative
from providers.models import Party

NOT_YOURS = "Only a licensed clinician on the care team states this."


@transaction.atomic
def state_incapacity(
    *, patient, party: Party, reason: str, by: User, at: datetime
) -> Incapacity:
    """Kept in the clinician's own words. It opens nothing by itself.

    A health-care agent's document is recorded on it, by the privacy officer, who has
    seen the paper: so it takes two people. Raises RuleError with a sentence.
    """
    if party.user_id != by.pk or not treats(party, patient):
        raise RuleError(NOT_YOURS)
    if patient.died_at:
        raise RuleError("A death is recorded. Nothing is stated after it.")
    if not reason.strip():
        raise RuleError("Say what you saw that the patient cannot decide now.")
    gate.bump(patient.pk)
    if standing(patient.pk).filter(party=party).exists():
        raise RuleError("You stated this already.")
    return Incapacity.objects.create(
        patient=patient, party=party, reason=reason, stated_at=at, stated_by=by
    )


@transaction.atomic
def end_incapacity(*, incapacity: Incapacity, by: User, at: datetime) -> int:
    """The patient can decide again: whoever acted on this statement stops at once.

    Returns how many stopped. Raises RuleError for anybody but whoever stated it.
    """
    if incapacity.stated_by_id != by.pk:
        raise RuleError("Only the clinician who stated it takes it back.")
    gate.bump(incapacity.patient_id)
    Incapacity.objects.filter(pk=incapacity.pk, ended_at=None).update(
        ended_at=at, ended_by=by
    )
    acting = Representative.objects.filter(
        patient_id=incapacity.patient_id,
        stated_by_id=incapacity.party_id,
        ended_at=None,
    )
    rows = list(acting)
    for row in rows:
        end_representative(representative=row, by=by, at=at)
    return len(rows)


def standing(patient_id):
    """What clinicians state of this patient now."""
    return Incapacity.objects.filter(patient_id=patient_id, ended_at=None)
