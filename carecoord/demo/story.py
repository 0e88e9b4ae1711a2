"""The stage: a clock that can be set, the accounts, and short words for deeds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress

from carecoord.models import User
from consents import actions as consents
from consents import signing, texts, windows
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import Consent, Representative
from consents.presets import preset
from messaging.sweeping import Sweep
from patients.actions import patients as patient_actions
from patients.models import Patient
from providers import actions as providers
from providers.models import CareTeamParticipant, Party
from providers.roles import ROLES

PASSWORD = "carecoord-demo"
ZONE = ZoneInfo("America/New_York")
COORDINATION = CATEGORIES.mask(*preset("coordination").categories)
CARE = PURPOSES.mask("TREAT", "COC")
FAMILY = PURPOSES.mask("FAMRQT")


@dataclass
class Stage:
    """Today, and everyone who has come on so far."""

    now: datetime
    users: dict[str, User] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """An hour of a day in the patients' zone; never after now."""
        day = (self.now.astimezone(ZONE) - timedelta(days=days)).date()
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
        return min(at, self.now - timedelta(minutes=30))

    def day(self, days: int) -> date:
        """The day so many days ago; a negative number is in the future."""
        return (self.now.astimezone(ZONE) - timedelta(days=days)).date()

    def tell(self, at: datetime) -> None:
        """What the workers would have done by a quarter of an hour later."""
        Sweep(now=lambda: at + timedelta(minutes=15)).run()


def account(stage: Stage, key: str, name: str, **fields: object) -> User:
    address = f"{key}@demo.example"
    user = User.objects.create_user(address, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    stage.users[key] = user
    return user


def clinician(
    stage: Stage, key: str, name: str, profession: str, *, clinic=None, **card: object
) -> Party:
    user = account(stage, key, name)
    practitioner = providers.add_practitioner(
        name=name, profession=profession, user=user, **card
    )
    if clinic:
        providers.join_organization(
            practitioner=practitioner, organization=clinic, by=user, at=stage.ago(400)
        )
    stage.parties[key] = practitioner.party
    return practitioner.party


def begin(
    stage: Stage, key: str, name: str, born: date, *, at: datetime, **details: object
) -> Patient:
    user = account(stage, key, name)
    return patient_actions.begin_record(
        name=name, birth_date=born, user=user, at=at, **details
    )


def join(
    patient: Patient,
    party: Party,
    role: str,
    *,
    at: datetime,
    owns: str = "",
    by: User | None = None,
) -> CareTeamParticipant:
    """Onto the team: taken on by the patient, or `by` who acts for them."""
    return consents.join(
        patient=patient,
        party=party,
        role=role,
        by=by or patient.account,
        at=at,
        owns=owns,
    )


def permit(
    patient: Patient,
    recipient: Party,
    *,
    at: datetime,
    until: datetime,
    categories: int = COORDINATION,
    labels: tuple[str, ...] = (),
    purposes: int = CARE,
    supersedes: Consent | None = None,
    signer: Representative | None = None,
) -> Consent:
    """A permission with the real text, signed as the pages would: by the patient, or
    by a `signer` who acts for them."""
    terms = consents.Terms(
        recipient=recipient,
        categories=consents.with_allergies(categories),
        labels=LABELS.mask(*labels),
        purposes=purposes,
        starts_at=at,
        ends_at=until,
    )
    # As the pages do: no longer than until a parent's signature counts.
    terms = windows.no_later(terms, signer=signer, patient=patient)
    return consents.grant(
        patient=patient,
        terms=terms,
        signature=signed(patient, terms, signer),
        by=signer.party.account if signer else patient.account,
        at=at,
        supersedes=supersedes,
        key=uuid.uuid4(),
    )


def signed(
    patient: Patient, terms: consents.Terms, signer: Representative | None = None
) -> consents.Signature:
    role = (
        patient.care_team.filter(party=terms.recipient)
        .values_list("role", flat=True)
        .first()
    )
    text = texts.render_terms(
        signing.wording_of(
            patient=patient,
            recipient=terms.recipient,
            role=ROLES[role].name if role else "",
            terms=terms,
            representative=signer,
        )
    )
    return signing.signature(
        name=signer.party.name if signer else patient.name,
        how="password",
        text=text,
        representative=signer,
    )


def amount(value: str) -> Decimal:
    return Decimal(value)
