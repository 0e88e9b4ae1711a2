"""People who act for a patient, recorded through the real action."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from carecoord.models import User
from consents import actions
from consents.codes import CATEGORIES, LABELS
from consents.models import Consent, Representative
from patients.actions import patients as patient_actions
from patients.models import Patient
from providers import actions as providers
from providers.models import Party
from tests import cast as people
from tests.consents.guests import signature_of

ZONE = "America/New_York"


def record(cast, patient: Patient, party, kind: str, **fields) -> Representative:
    fields = {
        "document": "Paper of Jan 5, 2026",
        "categories": CATEGORIES.all,
        "labels": LABELS.all,
        "may_sign": True,
        "by": cast.ines,
        "at": cast.at,
        "stated_by": cast.bram if kind == "agent" else None,
    } | fields
    return actions.record_representative(
        patient=patient, party=party, kind=kind, **fields
    )


def signs(held: Representative, party: Party, *, at: datetime, **scope) -> Consent:
    """A permission for a year that somebody who acts signs, for this party."""
    return actions.grant(
        patient=held.patient,
        terms=actions.Terms(
            recipient=party, starts_at=at, ends_at=at + timedelta(days=365), **scope
        ),
        signature=signature_of(held),
        by=held.party.user,
        at=at,
    )


def relative(patient: Patient, name: str, *, user: User | None = None, **fields):
    """Somebody close to the patient, with a sign-in, on no care team."""
    return providers.add_related_person(
        patient=patient,
        name=name,
        relationship="PRN",
        user=user or people.user(name),
        **fields,
    ).party


def child(cast, *, born: date, at: datetime | None = None, **fields) -> Patient:
    """Noor, with a sign-in of her own."""
    return patient_actions.begin_record(
        name="Noor Haddad",
        birth_date=born,
        user=people.user("Noor Haddad"),
        at=at or cast.at,
        **{"time_zone": ZONE} | fields,
    )


def small_child(cast, years: int, **fields) -> Patient:
    """Mia, without a sign-in: that many years old since forty days."""
    day = cast.at.date() - timedelta(days=40)
    return patient_actions.begin_record(
        name="Mia Haddad",
        birth_date=day.replace(year=day.year - years, day=min(day.day, 28)),
        user=None,
        at=cast.at,
        **{"time_zone": ZONE} | fields,
    )
