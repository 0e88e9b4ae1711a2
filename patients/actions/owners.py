"""Who looks after a test: chosen by the patient, or for the patient."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from carecoord.models import User
from consents import gate
from consents.codes import CATEGORIES
from patients.models import Patient, TestOwner
from patients.monitoring import Test
from providers.models import CareTeamParticipant, Party


class NotOnTheTeam(ValueError):
    """Only somebody who is on the care team now can look after a test."""


@transaction.atomic
def choose(
    *, patient: Patient, test: Test, owner: Party | None, by: User, at: datetime
) -> TestOwner:
    """From now on this one; nobody named brings the default back.

    The same again writes nothing. Raises NotOnTheTeam.
    """
    gate.lock(patient.pk)
    team = CareTeamParticipant.objects.current().filter(patient_id=patient.pk)
    if owner is not None and not team.filter(party=owner).exists():
        raise NotOnTheTeam(owner.pk)
    rows = TestOwner.objects.standing().filter(patient=patient, test=test.key)
    last = rows.order_by("-recorded_at", "-pk").first()
    if last and last.owner_id == (owner.pk if owner else None):
        return last
    item = TestOwner(
        patient=patient,
        test=test.key,
        owner=owner,
        categories=CATEGORIES.mask("measures", "medications"),
        recorded_by=by,
        recorded_at=at,
        occurred_at=at,
    )
    item.lineage = item.id
    item.save(force_insert=True)
    return item
