"""The piece "acts for the patient" in SQL, against a naive reference; worlds at random.

The reference reads the policy text alone: it knows nothing of the columns, and counts
birthdays day by day in the child's own zone.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from consents import decisions, representing
from consents.codes import CATEGORIES, LABELS
from consents.decisions import Reader, permitted
from consents.models import Representative
from patients.actions import patients as patient_actions
from patients.models import Condition
from tests.consents.acting import relative
from tests.consents.test_decisions import condition

ZONES = ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
STATES = ["", "WA", "TX"]
OWN_FROM = {("WA", "hiv"): 14, ("WA", "substance_use"): 13}
NAMES = ["medications", "conditions", "goals", "updates"]
KINDS = ["agent", "guardian", "parent", "parent", "estate"]
# Enough for each fault below to be noticed.
WORLDS = 40
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


@dataclass(frozen=True)
class Item:
    categories: frozenset[str]
    labels: frozenset[str]
    only_me: bool


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
    if not item.categories or item.only_me:
        return False
    if not item.categories <= held.categories or not item.labels <= held.labels:
        return False
    if held.kind != "parent":
        return True
    if years(child, at.astimezone(ZoneInfo(child.zone)).date()) >= 18:
        return False
    latest_day = (at + timedelta(hours=14)).date()
    return not any(
        years(child, latest_day) >= OWN_FROM.get((child.state, label), 12)
        for label in item.labels
    )


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


def compare(cast, rng: random.Random, tally: dict[str, int]) -> None:
    at = cast.at
    child, held, items = draw(rng, at)
    patient = patient_actions.begin_record(
        name="C",
        birth_date=child.born,
        user=None,
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
    rows = [build(cast, patient, item) for item in items]
    edge = patient.majority_at
    for instant in (at, edge, edge - timedelta(microseconds=1)):
        if not held.start <= instant <= at + timedelta(days=3):
            instant = at
        for purpose in ("PWATRNY", "TREAT", "FAMRQT"):
            reader = Reader(party.user_id, purpose, instant)
            seen = set(permitted(Condition.objects.all(), reader))
            for row, item in zip(rows, items, strict=True):
                expected = may_act(child, held, item, purpose, instant)
                assert (row in seen) == expected, (child, held, item, purpose, instant)
                tally["cases"] += 1
                tally["permits"] += expected


def build(cast, patient, item: Item) -> Condition:
    from consents.models import ItemDeny

    row = condition(
        cast,
        patient=patient,
        categories=CATEGORIES.mask(*item.categories),
        labels=LABELS.mask(*item.labels),
        recorded_by=cast.ines,
    )
    if item.only_me:
        ItemDeny.objects.create(
            patient=patient,
            lineage=row.lineage,
            created_at=cast.at,
            created_by=cast.ines,
        )
    return row


def run(cast, *, count: int, seed: int) -> dict[str, int]:
    rng = random.Random(seed)
    tally = {"worlds": 0, "cases": 0, "permits": 0}
    for _world in range(count):
        compare(cast, rng, tally)
        tally["worlds"] += 1
    return tally


@pytest.mark.slow
def test_rule_and_reference_agree(cast):
    tally = run(cast, count=WORLDS, seed=20261125)
    assert tally["permits"] >= WORLDS, tally


@pytest.mark.deep
def test_the_long_run_agrees(cast):
    run(cast, count=5000, seed=random.SystemRandom().randrange(10**9))


def forgets_the_birthday(monkeypatch):
    from django.db.models import Q

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
    from django.db.models import Q

    monkeypatch.setattr(representing, "childs_own", lambda *args: Q(pk__in=[]))


def forgets_what_is_kept_back(monkeypatch):
    monkeypatch.setattr(decisions, "_item_denied", lambda reader: decisions.NOTHING)


def opens_every_entrance(monkeypatch):
    monkeypatch.setattr(representing, "PURPOSE", "TREAT")


TWINS = [
    forgets_the_birthday,
    forgets_what_is_the_childs_own,
    forgets_what_is_kept_back,
    opens_every_entrance,
]


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.__name__)
def test_a_rule_with_a_hole_is_noticed(cast, monkeypatch, twin):
    twin(monkeypatch)
    with transaction.atomic(), pytest.raises(AssertionError):
        run(cast, count=WORLDS, seed=20261125)
