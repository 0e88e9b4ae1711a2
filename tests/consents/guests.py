"""Codes for tests: made through the real action, as the patient's pages make them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from consents import actions
from consents.codes import CATEGORIES, PURPOSES, GuestPage
from consents.models import GuestVisit, Representative
from patients.models import Patient
from providers.codes import PartyKind
from providers.models import Party
from tests.cast import COORDINATION, signature

CLAIM = actions.Claim("Dr. Ruth Novak", "Mercy Hospital", "Seen in the emergency room")
CORE = CATEGORIES.mask("medications", "allergies", "conditions", "safety", "contacts")


def make(
    patient: Patient,
    *,
    at: datetime,
    page: str = GuestPage.SUMMARY,
    categories: int = COORDINATION,
    labels: int = 0,
    visits: int = 3,
    lasts: timedelta = timedelta(days=3),
    held: Representative | None = None,
) -> actions.Made:
    """By the patient, or by whoever acts for the patient by what is `held`."""
    made = actions.make_code(
        patient=patient,
        terms=actions.Terms(
            recipient=Party(kind=PartyKind.GUEST, name="A clinician with my code"),
            categories=categories,
            labels=labels,
            purposes=PURPOSES["TREAT"],
            starts_at=at,
            ends_at=at + lasts,
        ),
        opens=actions.CodeTerms(page, visits),
        signature=signature_of(held) if held else signature(patient),
        by=held.party.user if held else patient.user,
        at=at,
        key=uuid.uuid4(),
    )
    assert made
    return made


def signature_of(held: Representative) -> actions.Signature:
    return actions.Signature(
        held.party.name, "password", "x", "test", held.get_kind_display(), held
    )


def use(
    code: str,
    *,
    at: datetime,
    birth_date: date,
    source: str = "203.0.113.7",
    claim: actions.Claim = CLAIM,
    key: uuid.UUID | None = None,
) -> GuestVisit | None:
    return actions.use_code(
        code=code,
        birth_date=birth_date,
        claim=claim,
        source=source,
        at=at,
        key=key or uuid.uuid4(),
    )
