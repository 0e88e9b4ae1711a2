"""Worlds for the differential test as rows of the database; rolled back after."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Permission

from carecoord.models import User
from consents import representing
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import (
    CaseContent,
    CaseItem,
    CaseRecipient,
    Consent,
    ConsentDiscloser,
    EmergencyAccess,
    EmergencyBlock,
    EmergencyChoice,
    EmergencyReview,
    ExceptionalCase,
    ItemDeny,
    ItemExemption,
    Representative,
)
from consents.models.representative import BEGINS
from patients.actions import patients as patient_actions
from patients.models import Condition, HospitalStay, Observation, Patient, TimelineEvent
from patients.models.patient import CARRIED_FOR, majority_of
from providers.models import (
    CareTeamParticipant,
    Organization,
    Party,
    PatientUserObjectPermission,
    Practitioner,
    PractitionerRole,
)
from tests.consents.reference import (
    Acting,
    KeptBack,
    Paper,
    Person,
    Stated,
    Told,
    World,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLINICS, GUESTS = 2, 2
BATCH = 20
ZONE = "America/New_York"
# (dated, author keeps, part of the ER core) -> the model that is so.
KINDS = {
    (False, True, "always"): Condition,
    (True, True, "never"): Observation,
    (True, False, "never"): HospitalStay,
    (True, False, "recent"): TimelineEvent,
}


@dataclass
class Stage:
    """People and patients that stand in the database for every batch of worlds."""

    owner: User
    patients: list[Patient]
    users: list[User]
    parties: list[Party]
    clinics: list[Party]
    guests: list[Party]
    permission: Permission


def stage(patients: int = BATCH) -> Stage:
    owner = User.objects.create(email="stage-patient@cast.example")
    permission = Permission.objects.get(
        codename="on_care_team", content_type__app_label="patients"
    )
    users, parties = [], []
    for index in range(4):
        user = User.objects.create(email=f"stage-{index}@cast.example")
        party = Party.objects.create(kind="practitioner", name=f"P{index}", user=user)
        Practitioner.objects.create(party=party, profession="therapist")
        users.append(user)
        parties.append(party)
    clinics = []
    for index in range(CLINICS):
        party = Party.objects.create(kind="organization", name=f"C{index}")
        Organization.objects.create(party=party)
        clinics.append(party)
    guests = [
        Party.objects.create(kind="guest", name=f"G{index}") for index in range(GUESTS)
    ]
    begun = [
        patient_actions.begin_record(
            name=f"Stage {index}", birth_date=date(1990, 1, 1), user=None, at=NOON
        )
        for index in range(patients)
    ]
    return Stage(owner, begun, users, parties, clinics, guests, permission)


@dataclass
class Built:
    """What stands in the database for one world."""

    items: list
    papers: list[Consent]
    stated: list[EmergencyAccess]
    told: list[CaseContent]


def build(batch: list[World], stage: Stage) -> list[Built]:
    """Writes the rows of a batch, one patient a world. The caller rolls them back."""
    rows: dict[type, list] = {}
    for index, person in enumerate(batch[0].people):
        build_account(person, index, stage, rows)
    built = [
        build_world(world, patient, stage, rows)
        for world, patient in zip(batch, stage.patients, strict=False)
    ]
    for model, objects in rows.items():
        model._base_manager.bulk_create(objects)
    return built


def build_account(person: Person, index: int, stage: Stage, rows: dict) -> None:
    """What a person is everywhere: the account and the clinics."""
    User.objects.filter(pk=stage.users[index].pk).update(is_active=person.active)
    for clinic in range(CLINICS):
        ended = clinic not in person.clinics
        add(
            rows,
            PractitionerRole(
                practitioner_id=stage.parties[index].pk,
                organization_id=stage.clinics[clinic].pk,
                started_at=NOON,
                started_by=stage.owner,
                ended_at=NOON if ended else None,
                ended_by=stage.owner if ended else None,
            ),
        )


def add(rows: dict[type, list], row):
    rows.setdefault(type(row), []).append(row)
    return row


def build_world(world: World, patient: Patient, stage: Stage, rows: dict) -> Built:
    for index, person in enumerate(world.people):
        build_membership(person, index, patient, stage, rows)
    items = build_items(world, patient, stage, rows)
    papers = [
        build_paper(paper, index, patient, stage, rows)
        for index, paper in enumerate(world.papers)
    ]
    for kept in world.kept_back:
        build_kept_back(kept, patient, items, stage, rows)
    stated = [
        build_stated(each, index, patient, stage, rows)
        for index, each in enumerate(world.stated)
    ]
    told = [
        build_told(each, index, patient, items, stage, rows)
        for index, each in enumerate(world.told)
    ]
    for who in sorted(world.shut_out):
        build_shut_out(who, patient, stage, rows)
    build_birth(world, patient)
    for each in world.acting:
        build_acting(each, patient, stage, rows)
    if world.emergency_page is not None:
        add(
            rows,
            EmergencyChoice(
                patient=patient,
                allowed=world.emergency_page,
                answered_at=NOON,
                answered_by=stage.owner,
            ),
        )
    return Built(items, papers, stated, told)


def build_kept_back(kept: KeptBack, patient, items, stage: Stage, rows: dict) -> None:
    """ "Only me" that was lifted leaves its exemptions standing: they open nothing."""
    said = {"created_at": NOON, "created_by": stage.owner}
    over = {"lifted_at": NOON, "lifted_by": stage.owner}
    deny = add(
        rows,
        ItemDeny(
            patient=patient,
            lineage=items[kept.lineage].id,
            party=party_of(kept.to, stage) if kept.to else None,
            **said,
            **(over if kept.lifted else {}),
        ),
    )
    for to in kept.but | kept.once:
        ended = over if to in kept.once else {}
        row = ItemExemption(deny=deny, party=party_of(to, stage), **said, **ended)
        add(rows, row)


def build_birth(world: World, patient: Patient) -> None:
    """When the patient was born, and so from when on no parent acts."""
    majority = majority_of(world.born, ZONE)
    Patient.objects.filter(pk=patient.pk).update(
        birth_date=world.born,
        majority_at=majority,
        carried_until=majority and majority + CARRIED_FOR,
        **representing.own_fields(world.born, ""),
    )


def build_acting(each: Acting, patient, stage: Stage, rows: dict) -> None:
    add(
        rows,
        Representative(
            patient=patient,
            party=stage.parties[each.who],
            kind=each.kind,
            document="x",
            begins_how=BEGINS[each.kind],
            stated_by=stage.parties[0],
            categories=CATEGORIES.mask(*each.categories),
            labels=LABELS.mask(*each.labels),
            starts_at=each.start,
            ends_at=each.end,
            recorded_at=NOON,
            recorded_by=stage.owner,
            ended_at=NOON if each.ended else None,
            ended_by=stage.owner if each.ended else None,
        ),
    )


def party_of(to: tuple[str, int], stage: Stage) -> Party:
    kind, index = to
    named = {"person": stage.parties, "clinic": stage.clinics, "guest": stage.guests}
    return named[kind][index]


def build_membership(person: Person, index: int, patient, stage, rows) -> None:
    reasons = [""] if person.member else ["left"]
    for reason in reasons + ["blocked"] * person.blocked:
        add(
            rows,
            CareTeamParticipant(
                patient=patient,
                party=stage.parties[index],
                role=person.role,
                started_at=NOON - timedelta(days=90),
                started_by=stage.owner,
                ended_at=NOON if reason else None,
                ended_by=stage.owner if reason else None,
                end_reason=reason,
            ),
        )
    if person.guardian:
        add(
            rows,
            PatientUserObjectPermission(
                user=stage.users[index],
                content_object=patient,
                permission=stage.permission,
            ),
        )


FILLED = {
    Condition: {"name": "x"},
    Observation: {"measure": "phq9", "value": 1},
    HospitalStay: {"where": "x", "when": "x"},
    TimelineEvent: {"kind": "stressor", "title": "x", "epoch": 1},
}


def build_items(world: World, patient: Patient, stage: Stage, rows: dict) -> list:
    ids = [uuid.uuid4() for _ in world.things]
    items = []
    for index, thing in enumerate(world.things):
        model = KINDS[thing.dated, thing.author_keeps, thing.core]
        lineage = index if thing.lineage is None else thing.lineage
        item = model(
            id=ids[index],
            patient=patient,
            author=None if thing.author is None else stage.parties[thing.author],
            categories=CATEGORIES.mask(*thing.categories),
            labels=LABELS.mask(*thing.labels),
            lineage=ids[lineage],
            version=thing.version,
            occurred_at=thing.occurred,
            recorded_at=NOON,
            recorded_by=stage.owner,
            **FILLED[model],
        )
        items.append(add(rows, item))
    return items


def build_paper(paper: Paper, index: int, patient, stage: Stage, rows) -> Consent:
    consent = Consent(
        patient=patient,
        recipient=party_of(paper.to, stage),
        decision=paper.decision,
        any_discloser=not paper.disclosers,
        categories=CATEGORIES.mask(*paper.categories),
        labels=LABELS.mask(*paper.labels),
        purposes=PURPOSES.mask(*paper.purposes),
        items_from=paper.items_from,
        starts_at=paper.start,
        ends_at=paper.end,
        text_version="test",
        text="",
        signed_name="",
        # Later papers are newer: the deciding one is the newest that suffices.
        signed_at=NOON - timedelta(days=60) + timedelta(minutes=index),
        signed_by=stage.owner,
        signed_how="test",
        epoch=1,
        revoked_at=NOON if paper.revoked else None,
        revoked_by=stage.owner if paper.revoked else None,
        revoked_how="stopped" if paper.revoked else "",
    )
    add(rows, consent)
    for i in paper.disclosers:
        add(rows, ConsentDiscloser(consent=consent, party=stage.parties[i]))
    return consent


def build_stated(each: Stated, index: int, patient, stage: Stage, rows):
    return add(
        rows,
        EmergencyAccess(
            patient=patient,
            party=stage.parties[each.who],
            name="x",
            role="",
            discloser="x",
            kind="illness",
            reason="x",
            # Later ones are newer: the newest that is open decides.
            opened_at=each.start,
            opened_by=stage.owner,
            ends_at=each.end,
            epoch=index,
            ended_at=NOON if each.ended else None,
            ended_by=stage.owner if each.ended else None,
        ),
    )


def build_shut_out(who: int, patient, stage: Stage, rows) -> None:
    """An access long over that was found not allowed."""
    old = NOON - timedelta(days=99)
    over = Stated(who, old, old + timedelta(hours=4), ended=True)
    found = {"reviewed_at": NOON, "reviewed_by": stage.owner, "words": "x"}
    review = EmergencyReview(
        emergency=build_stated(over, 0, patient, stage, rows), outcome="wrong", **found
    )
    block = {"patient": patient, "party": stage.parties[who], "set_at": NOON}
    block["set_by"] = stage.owner
    add(rows, EmergencyBlock(review=add(rows, review), **block))


def build_told(each: Told, index: int, patient, items, stage: Stage, rows):
    case = add(
        rows,
        ExceptionalCase(
            patient=patient,
            author=stage.parties[0],
            recorded_at=NOON,
            recorded_by=stage.owner,
            closed_at=NOON if each.closed else None,
            closed_by=stage.owner if each.closed else None,
        ),
    )
    content = add(
        rows,
        CaseContent(
            case=case,
            said="x",
            signed_at=each.start,
            signed_by=stage.owner if each.by is None else stage.users[each.by],
            ends_at=each.end,
            epoch=index,
            withdrawn_at=NOON if each.withdrawn else None,
            withdrawn_by=stage.owner if each.withdrawn else None,
        ),
    )
    for who in each.to:
        add(
            rows,
            CaseRecipient(content=content, party=stage.parties[who], name="x", why="x"),
        )
    for thing, version in each.things:
        add(
            rows,
            CaseItem(
                content=content,
                label=items[thing]._meta.label_lower,
                item=items[thing].id,
                version=version,
                categories=items[thing].categories or 1,
                part2_origin=False,
            ),
        )
    return content
