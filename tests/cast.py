"""The cast. Every test says who.

| who   | is                                                                        |
|-------|---------------------------------------------------------------------------|
| Amina | patient; shares everyday care with Bram and Jon, never substance use      |
| Bram  | psychiatrist at Harbor Clinic, on Amina's team, consent in force          |
| Chidi | therapist at Oak Practice, on Amina's team, **no** consent                |
| Dana  | psychiatrist at another clinic, on nobody's team here                     |
| Edo   | superuser and staff; sees nothing clinical                                |
| Fatou | therapist, was on Amina's team, left                                      |
| Gus   | patient who shared with Bram and stopped yesterday                        |
| Hana  | Amina's sister, on the team, tells but sees nothing                       |
| Ines  | privacy officer; metadata only                                            |
| Jon   | primary care at Harbor Clinic, on Amina's team, consent in force          |

Built through the real actions; each test has rows of its own (copies.py).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from carecoord import zones
from carecoord.clock import database_now
from carecoord.models import User
from consents import actions as consents
from consents.codes import CATEGORIES, PURPOSES
from consents.models import Consent, ConsentRequest
from patients.actions import patients as patient_actions
from patients.models import Patient
from providers import actions as providers
from providers.codes import EndReason
from providers.models import Organization, Party

PASSWORD = "a long enough passphrase"
# MD5 in tests only: argon2 would cost 0.2 s for every sign-in.
COORDINATION = CATEGORIES.mask(
    "medications",
    "allergies",
    "conditions",
    "updates",
    "measures",
    "goals",
    "history",
    "safety",
    "care_team",
    "contacts",
)
CARE = PURPOSES.mask("TREAT", "COC")


@dataclass
class Cast:
    """Everyone, and the consents that stand."""

    at: datetime
    amina: Patient
    gus: Patient
    bram: Party
    chidi: Party
    dana: Party
    fatou: Party
    hana: Party
    jon: Party
    edo: User
    ines: User
    harbor: Organization
    oak: Organization
    amina_to_bram: Consent
    amina_to_jon: Consent
    gus_to_bram: Consent

    def user(self, who: str) -> User:
        """The user of a member of the cast, by first name."""
        member = getattr(self, who)
        return member if isinstance(member, User) else member.user

    @property
    def today(self) -> date:
        """The day it is for Amina: before midnight there it may be tomorrow in UTC."""
        return zones.today(self.at, "America/New_York")

    NAMES = (
        "amina bram chidi dana edo fatou gus hana ines jon".split()  # noqa: RUF012, SIM905
    )


def user(name: str, **fields: object) -> User:
    email = f"{name.split()[-2 if len(name.split()) > 2 else 0].lower()}@cast.example"
    return User.objects.create_user(email, PASSWORD, name=name, **fields)


def permit(
    patient: Patient,
    recipient: Party,
    *,
    at: datetime,
    categories: int = COORDINATION,
    labels: int = 0,
    purposes: int = CARE,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    **terms: object,
) -> Consent:
    """A signed permit, by the patient, through the real action."""
    starts_at = starts_at or at - timedelta(days=60)
    return consents.grant(
        patient=patient,
        terms=consents.Terms(
            recipient=recipient,
            categories=categories,
            labels=labels,
            purposes=purposes,
            starts_at=starts_at,
            ends_at=ends_at or at + timedelta(days=180),
            **terms,
        ),
        signature=signature(patient),
        by=patient.user,
        at=at,
    )


def never(
    patient: Patient,
    recipient: Party,
    *,
    at: datetime,
    categories: int = CATEGORIES.all,
    **terms: object,
) -> Consent:
    """A signed "never", by the patient, from yesterday on, for all purposes."""
    spoken = {
        "purposes": PURPOSES.all,
        "starts_at": at - timedelta(days=1),
        "ends_at": at + timedelta(days=900),
    }
    return consents.deny(
        patient=patient,
        terms=consents.Terms(
            recipient=recipient, categories=categories, **spoken | terms
        ),
        signature=signature(patient),
        by=patient.user,
        at=at,
    )


def asks(
    patient: Patient,
    party: Party,
    *,
    at: datetime,
    categories: int = CATEGORIES["goals"],
    purposes: int = PURPOSES["TREAT"],
) -> ConsentRequest:
    """Somebody asks the patient for more, for themselves."""
    return consents.ask(
        patient=patient,
        recipient=party,
        asked_by=party,
        categories=categories,
        purposes=purposes,
        at=at,
    )


def newcomer(cast: "Cast") -> Party:
    """Dana joins Amina's team only now, with a permission for all everyday care."""
    consents.join(
        patient=cast.amina,
        party=cast.dana,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    permit(cast.amina, cast.dana, at=cast.at)
    return cast.dana


def signature(patient: Patient) -> consents.Signature:
    return consents.Signature(
        name=patient.name, how="password", text="I agree.", text_version="test"
    )


def statement(kind: str = "unconscious", **words: str) -> consents.Statement:
    """What somebody says who opens the emergency page."""
    said = {
        "reason": "Found unconscious, brought in by ambulance.",
        "affiliation": "Harbor Clinic",
        "discloser": "Example Care",
    }
    return consents.Statement(kind=kind, **(said | words))


def build(at: datetime | None = None) -> Cast:
    """The whole cast, as of `at`."""
    at = at or database_now()
    start = at - timedelta(days=90)
    harbor = providers.add_organization(name="Harbor Clinic")
    oak = providers.add_organization(name="Oak Practice")
    far = providers.add_organization(name="Far Hospital")

    amina_user, gus_user = user("Amina Diallo"), user("Gus Moreau")
    amina = patient_actions.begin_record(
        name="Amina Diallo",
        birth_date=date(1991, 2, 14),
        user=amina_user,
        at=start,
        phone="(555) 010-0199",
    )
    gus = patient_actions.begin_record(
        name="Gus Moreau", birth_date=date(1980, 7, 1), user=gus_user, at=start
    )

    def clinician(name: str, profession: str, organization, **fields: object) -> Party:
        person = user(name)
        practitioner = providers.add_practitioner(
            name=name, profession=profession, user=person, **fields
        )
        providers.join_organization(
            practitioner=practitioner, organization=organization, by=person, at=start
        )
        return practitioner.party

    bram = clinician("Dr. Bram Visser", "psychiatrist", harbor, phone="(555) 010-0110")
    chidi = clinician("Chidi Okafor", "therapist", oak, phone="(555) 010-0111")
    dana = clinician("Dr. Dana Levy", "psychiatrist", far)
    fatou = clinician("Fatou Sow", "therapist", oak)
    jon = clinician("Dr. Jon Ortiz", "primary_care", harbor, phone="(555) 010-0112")
    hana = providers.add_related_person(
        patient=amina, name="Hana Diallo", relationship="SIB", user=user("Hana Diallo")
    ).party
    edo = User.objects.create_superuser("edo@cast.example", PASSWORD, name="Edo")
    ines = user("Ines Ruiz", is_privacy_officer=True)

    for person in (amina_user, gus_user, hana.user):
        consents.acknowledge_limits(
            limits=settings.JURISDICTION.limits, by=person, at=start
        )

    def join(patient: Patient, party: Party, role: str):
        return consents.join(
            patient=patient, party=party, role=role, by=patient.user, at=start
        )

    join(amina, bram, "psychiatrist")
    join(amina, chidi, "therapist")
    join(amina, jon, "primary_care")
    join(amina, hana, "caregiver")
    join(gus, bram, "psychiatrist")
    left = join(amina, fatou, "therapist")
    amina_to_fatou = permit(amina, fatou, at=start, starts_at=start)
    consents.leave(
        participant=left,
        by=amina_user,
        at=start + timedelta(days=30),
        reason=EndReason.LEFT,
    )
    assert amina_to_fatou.revoked_at is None

    gus_to_bram = permit(gus, bram, at=start, starts_at=start)
    consents.revoke(consent=gus_to_bram, by=gus_user, at=at - timedelta(days=1))
    return Cast(
        at=at,
        amina=amina,
        gus=gus,
        bram=bram,
        chidi=chidi,
        dana=dana,
        fatou=fatou,
        hana=hana,
        jon=jon,
        edo=edo,
        ines=ines,
        harbor=harbor,
        oak=oak,
        amina_to_bram=permit(amina, bram, at=at - timedelta(days=60)),
        amina_to_jon=permit(amina, jon, at=at - timedelta(days=60)),
        gus_to_bram=gus_to_bram,
    )
