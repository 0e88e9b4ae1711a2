"""Clinicians in clinics, patients, and who is on whose care team."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from carecoord.models import User
from consents.models import ConsentGate, DisclosureHead
from messaging.models import Followed
from patients.models import Patient
from providers.codes import PartyKind
from providers.models import (
    CareTeamParticipant,
    Organization,
    Party,
    PatientUserObjectPermission,
    Practitioner,
    PractitionerRole,
)
from providers.querysets import ON_CARE_TEAM

ROLES = ("psychiatrist", "therapist", "primary_care")
PATIENTS_OF_A_CLINICIAN = 20
CLINICIANS_OF_A_CLINIC = 9
BATCH = 2_000


@dataclass
class Team:
    """One patient with those who care for them, by role."""

    patient: Patient
    members: dict[str, Party]
    # On the team besides: the clinicians with a known share of all patients.
    others: list[Party] = field(default_factory=list)

    @property
    def everyone(self) -> list[tuple[str, Party]]:
        extra = [("psychiatrist", party) for party in self.others]
        return [*self.members.items(), *extra]


@dataclass
class World:
    """Everyone of it, and where each clinician works."""

    teams: list[Team]
    clinic_of: dict[object, object]

    def are_colleagues(self, one: Party, other: Party) -> bool:
        return self.clinic_of[one.pk] == self.clinic_of[other.pk]


def make(
    count: int, *, chance: random.Random, caseloads: dict[str, float], at: datetime
) -> World:
    """`count` patients with three clinicians each, and the named caseloads."""
    start = at - timedelta(days=800)
    pool = _clinicians(max(2, count // PATIENTS_OF_A_CLINICIAN))
    named = {name: _clinician(f"caseload-{name}", ROLES[0]) for name in caseloads}
    everyone = [*(each for role in ROLES for each in pool[role]), *named.values()]
    _save_clinicians(everyone)
    clinic_of = _clinics(everyone, at=start)
    teams = [
        Team(_patient(number, chance, at=start), _pick(pool, number, chance))
        for number in range(count)
    ]
    for name, share in caseloads.items():
        for team in teams[: max(1, round(count * share))]:
            team.others.append(named[name][1])
    _save_patients(teams)
    _save_teams(teams, at=start)
    return World(teams, clinic_of)


def _user(address: str, name: str) -> User:
    # Without a password nobody signs in.
    return User(
        email=f"{address}@bulk.example", name=name, password=make_password(None)
    )


Clinician = tuple[User, Party, Practitioner]


def _clinician(address: str, profession: str) -> Clinician:
    user = _user(address, f"Synthetic {address}")
    party = Party(kind=PartyKind.PRACTITIONER, name=user.name, user=user)
    return user, party, Practitioner(party=party, profession=profession)


def _clinicians(each: int) -> dict[str, list[Clinician]]:
    return {
        role: [_clinician(f"{role}-{number}", role) for number in range(each)]
        for role in ROLES
    }


def _save_clinicians(clinicians: list[Clinician]) -> None:
    User.objects.bulk_create([user for user, _, _ in clinicians])
    Party.objects.bulk_create([party for _, party, _ in clinicians])
    Practitioner.objects.bulk_create([row for _, _, row in clinicians])


def _clinics(clinicians: list[Clinician], *, at: datetime) -> dict[object, object]:
    """Psychiatrists, therapists and others mixed, nine to a clinic."""
    count = max(2, len(clinicians) // CLINICIANS_OF_A_CLINIC)
    parties = [
        Party(kind=PartyKind.ORGANIZATION, name=f"Synthetic clinic {number}")
        for number in range(count)
    ]
    Party.objects.bulk_create(parties)
    clinics = [Organization(party=party) for party in parties]
    Organization.objects.bulk_create(clinics)
    works = [
        PractitionerRole(
            practitioner=practitioner,
            organization=clinics[number % count],
            started_at=at,
            started_by=user,
        )
        for number, (user, _, practitioner) in enumerate(clinicians)
    ]
    PractitionerRole.objects.bulk_create(works)
    return {row.practitioner_id: row.organization_id for row in works}


def _pick(
    pool: dict[str, list[Clinician]], number: int, chance: random.Random
) -> dict[str, Party]:
    """A therapist and a psychiatrist who mostly sit in different clinics."""
    return {
        role: row[(number + chance.randrange(3)) % len(row)][1]
        for role, row in pool.items()
    }


def _patient(number: int, chance: random.Random, *, at: datetime) -> Patient:
    name = f"Synthetic patient {number}"
    return Patient(
        user=_user(f"patient-{number}", name),
        name=name,
        birth_date=date(1940, 1, 1) + timedelta(days=chance.randrange(24_000)),
        created_at=at,
    )


def _save_patients(teams: list[Team]) -> None:
    patients = [team.patient for team in teams]
    User.objects.bulk_create([each.account for each in patients], BATCH)
    Patient.objects.bulk_create(patients, BATCH)
    ConsentGate.objects.bulk_create([ConsentGate(patient=p) for p in patients], BATCH)
    DisclosureHead.objects.bulk_create(
        [DisclosureHead(patient=p) for p in patients], BATCH
    )
    Followed.objects.bulk_create([Followed(patient=p) for p in patients], BATCH)


def _save_teams(teams: list[Team], *, at: datetime) -> None:
    permission = Permission.objects.get(
        codename=ON_CARE_TEAM, content_type__app_label="patients"
    )
    CareTeamParticipant.objects.bulk_create(
        [
            CareTeamParticipant(
                patient=team.patient,
                party=party,
                role=role,
                started_at=at,
                started_by=team.patient.user,
            )
            for team in teams
            for role, party in team.everyone
        ],
        BATCH,
    )
    PatientUserObjectPermission.objects.bulk_create(
        [
            PatientUserObjectPermission(
                user=party.user, content_object=team.patient, permission=permission
            )
            for team in teams
            for _, party in team.everyone
        ],
        BATCH,
    )
