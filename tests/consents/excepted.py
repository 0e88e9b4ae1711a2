"""A disclosure without permission, as an exceptional case writes it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from consents import log
from consents.log import Entry
from consents.models import (
    CaseContent,
    CaseReasons,
    CaseRecipient,
    Disclosure,
    ExceptionalCase,
    PatientTold,
)


def case(cast, patient, *, name: str = "Officer Kay", place: str = "City Police"):
    """A case with its ground and one recipient outside: (case, recipient)."""
    signed = {"signed_at": cast.at, "signed_by": cast.user("bram")}
    row = ExceptionalCase.objects.create(
        patient=patient,
        author=cast.bram,
        recorded_at=cast.at,
        recorded_by=cast.user("bram"),
    )
    CaseReasons.objects.create(
        case=row,
        ground="threat",
        ground_name="To prevent serious harm",
        rule="45 CFR 164.512(j)",
        covers_part2=False,
        reasons="x",
        **signed,
    )
    content = CaseContent.objects.create(
        case=row, ends_at=cast.at + timedelta(hours=4), epoch=1, **signed
    )
    recipient = CaseRecipient.objects.create(
        content=content, name=name, organization=place, reached_by="1 Main St", why="x"
    )
    # The patient was told, so that the case keeps nothing back.
    PatientTold.objects.create(
        case=row, told_at=cast.at, told_by=cast.user("bram"), words="x", **signed
    )
    return row, recipient


def told(cast, patient, *, days_ago: int = 0, known=None, **changes) -> Disclosure:
    """One row of the log that rests on such a case."""
    row, recipient = known or case(cast, patient)
    entry = Entry(
        patient_id=patient.pk,
        at=cast.at - timedelta(days=days_ago),
        user_id=cast.user("bram").pk,
        relation="clinician",
        purpose="THREAT",
        channel="pdf",
        entrance="patients:chart",
        basis="exceptional",
        epoch=1,
        items=[["patients.condition", str(uuid.uuid4()), 1]],
        categories=8,
        about=recipient.pk,
        exception=row.pk,
    )
    for name, value in changes.items():
        setattr(entry, name, value)
    return log.write([entry])[0]
