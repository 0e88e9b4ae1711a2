"""Worlds for the differential test: drawn with a bias, then built in the database.

Half of the instants sit on a boundary, and consents are drawn near the items, so
that a good part of the cases are permits.
"""

import random
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import Permission

from carecoord.models import User
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.models import (
    CaseContent,
    CaseItem,
    CaseRecipient,
    Consent,
    ConsentDiscloser,
    EmergencyAccess,
    EmergencyChoice,
    ExceptionalCase,
    ItemDeny,
)
from patients.actions import patients as patient_actions
from patients.models import (
    Condition,
    HospitalStay,
    Observation,
    Patient,
    TimelineEvent,
)
from providers.models import (
    CareTeamParticipant,
    Organization,
    Party,
    PatientUserObjectPermission,
    Practitioner,
    PractitionerRole,
)
from providers.roles import ROLES
from tests.consents.reference import (
    CORE,
    KeptBack,
    Paper,
    Person,
    Stated,
    Thing,
    Told,
    World,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
CATEGORY_NAMES = list(CATEGORIES.by_name)
LABEL_NAMES = list(LABELS.by_name)
PURPOSE_NAMES = ["TREAT", "COC", "FAMRQT"]
ROLE_CATEGORIES = {role.code: frozenset(role.categories) for role in ROLES.values()}
CLINICS = 2
BATCH = 20
# (dated, author keeps, part of the ER core) -> the model that is so.
KINDS = {
    (False, True, "always"): Condition,
    (True, True, "never"): Observation,
    (True, False, "never"): HospitalStay,
    (True, False, "recent"): TimelineEvent,
}
CONDITION, CHANGE = (False, True, "always"), (True, False, "recent")
HOUR = timedelta(hours=1)


def draw_batch(rng: random.Random, size: int = BATCH) -> list[World]:
    """Worlds that share their people's accounts and clinics, one patient each."""
    accounts = [draw_account(rng) for _ in range(4)]
    return [draw(rng, accounts) for _ in range(size)]


def draw_account(rng: random.Random) -> Person:
    return Person(
        role="",
        active=rng.random() < 0.97,
        clinics=frozenset(i for i in range(CLINICS) if rng.random() < 0.5),
    )


def draw(rng: random.Random, accounts: list[Person]) -> World:
    """A small world: 4 people, 5 things, up to 6 papers."""
    people = tuple(draw_member(rng, account) for account in accounts)
    things = tuple(draw_thing(rng, people) for _ in range(5))
    papers = tuple(draw_paper(rng, things) for _ in range(rng.randint(6, 12)))
    kept = tuple(draw_kept_back(rng) for _ in range(rng.choice([0, 0, 0, 1, 2])))
    return World(
        people,
        things,
        papers,
        unique(kept),
        ROLE_CATEGORIES,
        stated=tuple(draw_stated(rng) for _ in range(rng.choice([3, 6, 8]))),
        told=tuple(draw_told(rng, things) for _ in range(rng.choice([1, 2, 3]))),
        emergency_page=rng.choice([None, None, None, True, True, True, True, False]),
    )


def draw_member(rng: random.Random, account: Person) -> Person:
    often = rng.random
    return replace(
        account,
        role=rng.choice(["psychiatrist", "therapist", "primary_care"])
        if often() < 0.92
        else rng.choice(list(ROLES)),
        member=often() < 0.96,
        guardian=often() < 0.98,
        blocked=often() < 0.06,
    )


def some(rng: random.Random, names: list[str], most: int) -> frozenset[str]:
    return frozenset(rng.sample(names, rng.randint(0, min(most, len(names)))))


def draw_thing(rng: random.Random, people: tuple[Person, ...]) -> Thing:
    dated, keeps, core = rng.choice([*KINDS, CONDITION, CHANGE])
    names = CATEGORY_NAMES if core == "never" or rng.random() < 0.3 else sorted(CORE)
    back = timedelta(days=90) if core == "recent" and rng.random() < 0.4 else 0 * TICK
    return Thing(
        categories=some(rng, names, 2)
        or frozenset(rng.sample(names, rng.choice([0, 1, 1, 1, 1]))),
        labels=some(rng, LABEL_NAMES, rng.choice([0, 0, 0, 1, 2])),
        occurred=NOON
        - back
        + rng.choice([-2, -1, 0, 0, 1]) * timedelta(days=1)
        + rng.choice([0, 0, -1]) * TICK,
        core=core,
        version=rng.choice([1, 1, 2]),
        author=rng.choice([None, None, *range(len(people))]),
        dated=dated,
        author_keeps=keeps,
        lineage=rng.choice([None, None, None, 0]),
    )


def draw_paper(rng: random.Random, things: tuple[Thing, ...]) -> Paper:
    near = rng.choice(things)
    start = NOON + rng.choice([-30, -30, -30, -1, 0, 1]) * timedelta(days=1)
    return Paper(
        to=rng.choice(
            [("person", rng.randrange(4))] * 4 + [("clinic", 0), ("clinic", 1)]
        ),
        decision=rng.choices(["permit", "deny", "refusal"], [18, 1, 1])[0],
        categories=near.categories
        | some(rng, CATEGORY_NAMES, rng.choice([0, 4, 13, 13]))
        or frozenset(["goals"]),
        labels=rng.choice(
            [near.labels, frozenset(LABEL_NAMES), some(rng, LABEL_NAMES, 5)]
        ),
        purposes=frozenset(rng.sample(PURPOSE_NAMES, rng.randint(2, 3)))
        | (frozenset(["ETREAT"]) if rng.random() < 0.1 else frozenset()),
        start=start,
        end=start + rng.choice([1, 60, 60]) * timedelta(days=1),
        revoked=rng.random() < 0.08,
        items_from=rng.choice([None, None, near.occurred, near.occurred + TICK]),
        disclosers=rng.choice([frozenset()] * 3 + [frozenset([0, 1]), frozenset([2])]),
    )


def draw_stated(rng: random.Random) -> Stated:
    start = NOON + rng.choice([-4, -3, -2, -1, 0, 0, 1]) * HOUR
    return Stated(
        who=rng.randrange(4),
        start=start,
        end=start + 4 * HOUR,
        ended=rng.random() < 0.1,
    )


def draw_told(rng: random.Random, things: tuple[Thing, ...]) -> Told:
    start = NOON + rng.choice([-24, -24, -3, -1, 0, 0, 1]) * HOUR
    picked = rng.sample(range(len(things)), rng.choice([3, 4, 5]))
    to = frozenset(rng.sample(range(4), rng.choice([2, 3, 3])))
    versions = frozenset(
        (index, things[index].version - (rng.random() < 0.1)) for index in picked
    )
    end = start + rng.choice([24, 72]) * HOUR
    fate = rng.random()
    return Told(
        to=to,
        things=versions,
        start=start,
        end=end,
        closed=fate < 0.1,
        withdrawn=0.1 <= fate < 0.15,
        by=rng.choice([None, None, 0]),
    )


def draw_kept_back(rng: random.Random) -> KeptBack:
    to = rng.choice([None, ("person", rng.randrange(4)), ("clinic", 0)])
    return KeptBack(lineage=rng.randrange(5), to=to, lifted=rng.random() < 0.3)


def unique(kept: tuple[KeptBack, ...]) -> tuple[KeptBack, ...]:
    """At most one in force for an item and a person: the database says so too."""
    seen: dict = {}
    for item in kept:
        seen.setdefault((item.lineage, item.to), item)
    return tuple(seen.values())


def instants(rng: random.Random, batch: list[World]) -> list[datetime]:
    """Three instants; more than half of them on an edge, or a tick beside it."""
    kinds = ("papers", "papers", "stated", "told")
    dated = [each for world in batch for each in getattr(world, rng.choice(kinds))]
    near = rng.choice(dated or list(batch[0].papers))
    edge = rng.choice([near.start, near.end])
    return [edge, edge + rng.choice([-TICK, TICK]), NOON]


@dataclass
class Stage:
    """People and patients that stand in the database for every batch of worlds."""

    owner: User
    patients: list[Patient]
    users: list[User]
    parties: list[Party]
    clinics: list[Party]
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
    begun = [
        patient_actions.begin_record(
            name=f"Stage {index}", birth_date=date(1990, 1, 1), user=None, at=NOON
        )
        for index in range(patients)
    ]
    return Stage(owner, begun, users, parties, clinics, permission)


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
        add(
            rows,
            ItemDeny(
                patient=patient,
                lineage=items[kept.lineage].id,
                party=party_of(kept.to, stage) if kept.to else None,
                created_at=NOON,
                created_by=stage.owner,
                lifted_at=NOON if kept.lifted else None,
                lifted_by=stage.owner if kept.lifted else None,
            ),
        )
    stated = [
        build_stated(each, index, patient, stage, rows)
        for index, each in enumerate(world.stated)
    ]
    told = [
        build_told(each, index, patient, items, stage, rows)
        for index, each in enumerate(world.told)
    ]
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


def party_of(to: tuple[str, int], stage: Stage) -> Party:
    kind, index = to
    return stage.parties[index] if kind == "person" else stage.clinics[index]


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
