"""The piece "acts for the patient" in SQL, against a naive reference; worlds at random.

The reference reads the policy text alone: it knows nothing of the columns, and counts
birthdays day by day in the child's own zone.
"""

import random
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Exists, F, Q

from consents import actions, childs_people, decisions, ready, representing
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, permitted
from consents.models import Consent, Invitation, ItemDeny, Representative
from patients.actions import patients as patient_actions
from patients.models import MedicationStatement, Patient
from providers.models import CareTeamParticipant
from tests import cast as people
from tests.consents.acting import relative

ZONES = ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
STATES = ["", "WA", "TX"]
OWN_FROM = {("WA", "hiv"): 14, ("WA", "substance_use"): 13}
NAMES = ["medications", "conditions", "goals", "updates"]
KINDS = ["agent", "guardian", "parent", "parent", "estate"]
# How somebody came onto the team: by the child, by a code that the child gave, by
# their own hand, by this parent.
HANDS = ["child", "code", "child", "code", "own", "parent"]
SIGNED = ["", "", "", "permit by parent", "ended permit by parent"]
SIGNED += ["deny by parent", "permit by child"]
# Who writes and who prescribes, of the cast.
NAMED = ["bram", "chidi"]
# Enough for each fault below to be noticed.
WORLDS = 40
SEED = 20261125
# To the seed, for whom the items name: here every fault about them meets two worlds.
PEOPLE = 192
BEGINS = {
    "agent": "incapacity",
    "guardian": "court",
    "parent": "minority",
    "estate": "death",
}


@dataclass(frozen=True)
class Held:
    kind: str
    categories: frozenset[str]
    labels: frozenset[str]
    start: datetime
    end: datetime | None
    ended: bool
    active: bool


@dataclass(frozen=True)
class Child:
    born: date
    zone: str
    state: str
    died: bool
    signs_in: bool = False


@dataclass(frozen=True)
class Person:
    """How they came onto the team, each time, and what was signed for them."""

    who: str
    hands: tuple[str, ...]
    signed: str


@dataclass(frozen=True)
class Item:
    categories: frozenset[str]
    labels: frozenset[str]
    only_me: bool
    author: Person | None = None
    prescriber: Person | None = None
    # What belongs to it, or it belongs to: of one lineage.
    beside: "Item | None" = None


def years(child: Child, day: date) -> int:
    """Birthdays had, counted one by one."""
    had = 0
    while True:
        year = child.born.year + had + 1
        try:
            birthday = child.born.replace(year=year)
        except ValueError:
            birthday = date(year, 3, 1)
        if birthday > day:
            return had
        had += 1


def may_act(child: Child, held: Held, item: Item, purpose: str, at: datetime) -> bool:
    if purpose != "PWATRNY" or not held.active or held.ended:
        return False
    if at < held.start or (held.end and at >= held.end):
        return False
    if (held.kind == "estate") != child.died:
        return False
    if not item.categories or item.only_me or (item.beside and item.beside.only_me):
        return False
    if not item.categories <= held.categories or not item.labels <= held.labels:
        return False
    if held.kind != "parent":
        return True
    if years(child, at.astimezone(ZoneInfo(child.zone)).date()) >= 18:
        return False
    named = [item.author, item.prescriber, item.beside and item.beside.prescriber]
    if any(is_childs_alone(person) for person in named if person):
        return False
    latest_day = (at + timedelta(hours=14)).date()
    return not any(
        years(child, latest_day) >= OWN_FROM.get((child.state, label), 12)
        for label in item.labels
    )


def is_childs_alone(person: Person) -> bool:
    """Brought in, each time, by the child; and this parent signed nothing for them."""
    if person.signed in ("permit by parent", "ended permit by parent"):
        return False
    return bool(person.hands) and not set(person.hands) - {"child", "code"}


def some(rng: random.Random, names: list[str], least: int = 0) -> frozenset[str]:
    return frozenset(rng.sample(names, rng.randint(least, len(names))))


def draw(rng: random.Random, at: datetime) -> tuple[Child, Held, list[Item]]:
    """Births near an edge: at 12, 13, 14 and 18, give or take two days."""
    age = rng.choice([5, 12, 13, 14, 18, 18, 40])
    born = date(at.year - age, at.month, at.day) + timedelta(days=rng.randint(-2, 2))
    if rng.random() < 0.1:
        born = date(2008, 2, 29)
    kind = rng.choice(KINDS)
    held = Held(
        kind=kind,
        categories=some(rng, NAMES, 2),
        labels=some(rng, list(LABELS.by_name)),
        start=at + timedelta(days=rng.choice([-9, -9, -9, 0, 1])),
        end=rng.choice([None, at + timedelta(days=2)]),
        ended=rng.random() < 0.1,
        active=rng.random() < 0.95,
    )
    died = rng.random() < (0.8 if kind == "estate" else 0.05)
    child = Child(born, rng.choice(ZONES), rng.choice(STATES), died)
    items = [
        Item(
            some(rng, NAMES[:2]) if rng.random() < 0.9 else frozenset(),
            rng.choice([frozenset(), some(rng, list(LABELS.by_name)[:2])]),
            rng.random() < 0.1,
        )
        for _item in range(4)
    ]
    return child, held, items


def draw_people(
    rng: random.Random, child: Child, held: Held
) -> tuple[Child, list[Person], list[Item]]:
    """Two more items, which name people; now and then one belongs to the other.

    From lots of their own: what is drawn above stays what it was.
    """
    child = replace(child, signs_in=rng.random() < 0.8)
    hands = [hand for hand in HANDS if child.signs_in or hand not in ("child", "code")]
    signed = [one for one in SIGNED if child.signs_in or not one.endswith("child")]
    persons = [
        Person(
            who,
            tuple(rng.choices(hands, k=rng.choice([0, 1, 1, 1, 2]))),
            rng.choice(signed),
        )
        for who in NAMED
    ]
    kinds = frozenset(rng.sample(sorted(held.categories), 1))
    plain = {"categories": kinds, "labels": frozenset(), "only_me": False}
    one = Item(**plain, prescriber=rng.choice(persons))
    other = Item(**plain, author=rng.choice([None, *persons]))
    if rng.random() < 0.7:
        one, other = replace(one, beside=other), replace(other, beside=one)
    return child, persons, [one, other]


def compare(
    cast,
    user,
    rng: random.Random,
    people_rng: random.Random,
    tally: dict[str, int],
) -> None:
    at = cast.at
    child, held, items = draw(rng, at)
    child, persons, named = draw_people(people_rng, child, held)
    items += named
    patient = patient_actions.begin_record(
        name="C",
        birth_date=child.born,
        user=user if child.signs_in else None,
        at=at - timedelta(days=9),
        time_zone=child.zone,
        state=child.state,
        died_at=at if child.died else None,
    )
    party = relative(patient, f"R{tally['worlds']} R")
    party.user.is_active = held.active
    party.user.save(update_fields=["is_active"])
    Representative.objects.create(
        patient=patient,
        party=party,
        kind=held.kind,
        document="x",
        begins_how=BEGINS[held.kind],
        stated_by=cast.bram,
        categories=CATEGORIES.mask(*held.categories),
        labels=LABELS.mask(*held.labels),
        starts_at=held.start,
        ends_at=held.end,
        recorded_at=at,
        recorded_by=cast.ines,
        ended_at=at if held.ended else None,
        ended_by=cast.ines if held.ended else None,
    )
    for person in persons:
        brought_in(cast, patient, person, party.user)
    lineage, rows = uuid.uuid4(), []
    for item in items:
        rows.append(build(cast, patient, item, lineage if item.beside else None))
    edge = patient.majority_at
    for instant in (at, edge, edge - timedelta(microseconds=1)):
        if not held.start <= instant <= at + timedelta(days=3):
            instant = at
        for purpose in ("PWATRNY", "TREAT", "FAMRQT"):
            reader = Reader(party.user_id, purpose, instant)
            seen = set(permitted(MedicationStatement.objects.all(), reader))
            for row, item in zip(rows, items, strict=True):
                expected = may_act(child, held, item, purpose, instant)
                assert (row in seen) == expected, (child, held, item, purpose, instant)
                tally["cases"] += 1
                tally["permits"] += expected
    # The next child signs in with the same account.
    Patient.objects.filter(pk=patient.pk).update(user=None)


def brought_in(cast, patient, person: Person, parent) -> None:
    """Each membership but the last is over; so is a permit that says so."""
    party = getattr(cast, person.who)
    for number, hand in enumerate(person.hands):
        at = cast.at - timedelta(days=8 - number)
        by = {"child": patient.user, "parent": parent}.get(hand, party.user)
        if hand == "code":
            Invitation.objects.create(
                token_hash=uuid.uuid4().hex,
                patient=patient,
                sent_by=patient.user,
                sent_at=at,
                expires_at=at + timedelta(days=3),
                accepted_at=at,
                accepted_by=by,
                confirmed_at=at,
                confirmed_by=by,
            )
        member = actions.join(
            patient=patient, party=party, role="therapist", by=by, at=at
        )
        if number + 1 < len(person.hands):
            actions.leave(participant=member, by=by, at=at, reason="left")
    if not person.signed:
        return
    ended = person.signed.startswith("ended")
    signer = parent if person.signed.endswith("parent") else patient.user
    Consent.objects.create(
        patient=patient,
        recipient=party,
        decision="deny" if person.signed.startswith("deny") else "permit",
        categories=CATEGORIES["goals"],
        purposes=PURPOSES["TREAT"],
        starts_at=cast.at - timedelta(days=8),
        ends_at=cast.at + timedelta(days=8),
        signed_at=cast.at - timedelta(days=8),
        signed_by=signer,
        epoch=1,
        revoked_at=cast.at if ended else None,
        revoked_by=signer if ended else None,
        revoked_how="stopped" if ended else "",
    )


def build(cast, patient, item: Item, lineage: uuid.UUID | None) -> MedicationStatement:
    row = MedicationStatement(
        patient=patient,
        categories=CATEGORIES.mask(*item.categories),
        labels=LABELS.mask(*item.labels),
        lineage=lineage,
        author=item.author and getattr(cast, item.author.who),
        prescriber=item.prescriber and getattr(cast, item.prescriber.who),
        name="lithium",
        schedule="daily",
        occurred_at=cast.at - timedelta(days=5),
        recorded_at=cast.at - timedelta(days=5),
        recorded_by=cast.ines,
    )
    row._history_user, row._history_date = cast.ines, cast.at
    row.save()
    if item.only_me:
        ItemDeny.objects.create(
            patient=patient,
            lineage=row.lineage,
            created_at=cast.at,
            created_by=cast.ines,
        )
    return row


def run(cast, *, count: int, seed: int) -> dict[str, int]:
    rng, people_rng = random.Random(seed), random.Random(seed + PEOPLE)
    user = people.user("Child")
    tally = {"worlds": 0, "cases": 0, "permits": 0}
    for _world in range(count):
        compare(cast, user, rng, people_rng, tally)
        tally["worlds"] += 1
    return tally


@pytest.mark.slow
def test_rule_and_reference_agree(cast):
    tally = run(cast, count=WORLDS, seed=SEED)
    assert tally["permits"] >= WORLDS, tally


@pytest.mark.deep
def test_the_long_run_agrees(cast):
    run(cast, count=5000, seed=random.SystemRandom().randrange(10**9))


def forgets_the_birthday(monkeypatch):
    monkeypatch.setattr(
        representing,
        "in_force",
        lambda at: Representative.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=at),
            Q(patient__died_at=None) & ~Q(kind="estate")
            | Q(patient__died_at__isnull=False, kind="estate"),
            ended_at=None,
            starts_at__lte=at,
        ),
    )


def forgets_what_is_the_childs_own(monkeypatch):
    monkeypatch.setattr(representing, "childs_own", lambda *args: Q(pk__in=[]))


def forgets_what_is_kept_back(monkeypatch):
    monkeypatch.setattr(decisions, "_item_denied", lambda reader: decisions.NOTHING)


def forgets_whom_the_child_took_on(monkeypatch):
    monkeypatch.setattr(
        representing, "by_childs_own_people", lambda *args: decisions.NOTHING
    )


def forgets_the_code_that_the_child_gave(monkeypatch):
    monkeypatch.setattr(
        childs_people, "by_childs_hand", lambda: Q(started_by_id=F("patient__user_id"))
    )


def forgets_who_came_by_another_hand_too(monkeypatch):
    def once(party, _by_parent, *, up=1):
        memberships = CareTeamParticipant.objects.filter(
            childs_people.by_childs_hand(),
            patient_id=childs_people._outer("patient_id", up),
            party_id=childs_people._outer(party, up),
        )
        return Q(Exists(memberships))

    monkeypatch.setattr(childs_people, "_is_childs_own", once)


def forgets_who_prescribes(monkeypatch):
    monkeypatch.setattr(childs_people, "parties", lambda model: ["author_id"])
    monkeypatch.setattr(MedicationStatement, "NAMED", ())


def forgets_what_belongs_to_it(monkeypatch):
    monkeypatch.setattr(MedicationStatement, "NAMED", ())


def opens_every_entrance(monkeypatch):
    monkeypatch.setattr(representing, "PURPOSE", "TREAT")


TWINS = [
    forgets_the_birthday,
    forgets_what_is_the_childs_own,
    forgets_what_is_kept_back,
    forgets_whom_the_child_took_on,
    forgets_the_code_that_the_child_gave,
    forgets_who_came_by_another_hand_too,
    forgets_who_prescribes,
    forgets_what_belongs_to_it,
    opens_every_entrance,
]


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.__name__)
def test_a_rule_with_a_hole_is_noticed(cast, monkeypatch, twin):
    twin(monkeypatch)
    monkeypatch.setattr(ready, "_kept", {})
    with transaction.atomic(), pytest.raises(AssertionError):
        run(cast, count=WORLDS, seed=SEED)
