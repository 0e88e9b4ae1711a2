"""Worlds for the differential test, drawn with a bias (built in building.py).

Half of the instants sit on a boundary, and consents are drawn near the items, so
that a good part of the cases are permits.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from consents.codes import CATEGORIES, LABELS
from providers.roles import ROLES
from tests.consents.building import BATCH, CLINICS, GUESTS, KINDS, NOON
from tests.consents.reference import (
    CORE,
    Acting,
    KeptBack,
    Paper,
    Person,
    Stated,
    Thing,
    Told,
    World,
)

TICK = timedelta(microseconds=1)
CATEGORY_NAMES = list(CATEGORIES.by_name)
LABEL_NAMES = list(LABELS.by_name)
PURPOSE_NAMES = ["TREAT", "COC", "FAMRQT"]
ROLE_CATEGORIES = {role.code: frozenset(role.categories) for role in ROLES.values()}
CONDITION, CHANGE = (False, True, "always"), (True, False, "recent")
HOUR = timedelta(hours=1)
# An adult; children for whom everything, or nothing, is their own yet.
BORN = (date(1990, 1, 1), date(2016, 1, 1), date(2011, 1, 1), date(2012, 1, 1))


def draw_batch(
    rng: random.Random,
    size: int = BATCH,
    draw_one: Callable[[random.Random, list[Person]], World] | None = None,
) -> list[World]:
    """Worlds that share their people's accounts and clinics, one patient each."""
    accounts = [draw_account(rng) for _ in range(4)]
    return [(draw_one or draw)(rng, accounts) for _ in range(size)]


def draw_account(rng: random.Random) -> Person:
    return Person(
        role="",
        active=rng.random() < 0.97,
        clinics=frozenset(i for i in range(CLINICS) if rng.random() < 0.5),
    )


def draw(rng: random.Random, accounts: list[Person]) -> World:
    """A small world: 4 people, 2 guests, 5 things, 9 to 15 papers."""
    people = tuple(draw_member(rng, account) for account in accounts)
    things = tuple(draw_thing(rng, people) for _ in range(5))
    papers = tuple(draw_paper(rng, things) for _ in range(rng.randint(9, 15)))
    kept = tuple(draw_kept_back(rng) for _ in range(rng.choice([0, 0, 0, 1, 2])))
    return World(
        people,
        things,
        papers,
        unique(kept),
        ROLE_CATEGORIES,
        stated=tuple(draw_stated(rng) for _ in range(rng.choice([3, 6, 8]))),
        told=tuple(draw_told(rng, things) for _ in range(rng.choice([1, 2, 3]))),
        born=rng.choice(BORN),
        acting=tuple(draw_acting(rng, who) for who in range(4) if rng.random() < 0.9),
        emergency_page=rng.choice([None, None, None, True, True, True, True, False]),
        shut_out=frozenset(who for who in range(4) if rng.random() < 0.05),
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
            [("person", rng.randrange(4))] * 4
            + [("clinic", 0), ("clinic", 1)]
            + [("guest", rng.randrange(GUESTS))] * 2
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


def draw_acting(rng: random.Random, who: int) -> Acting:
    start = NOON + rng.choice([-9, -9, -9, 0, 1]) * timedelta(days=1)
    return Acting(
        who=who,
        kind=rng.choice(["agent", "guardian", "parent", "parent"]),
        categories=frozenset(rng.sample(CATEGORY_NAMES, rng.choice([4, 13, 13]))),
        labels=rng.choice([frozenset(LABEL_NAMES)] * 2 + [some(rng, LABEL_NAMES, 5)]),
        start=start,
        end=rng.choice([None, None, start + timedelta(days=9)]),
        ended=rng.random() < 0.1,
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
    named = [*(("person", who) for who in range(4)), ("clinic", 0), ("guest", 0)]
    to = rng.choice([None, *rng.sample(named, 3)])
    left = [] if to else rng.sample(named, rng.choice([0, 1, 2, 3]))
    over = rng.choice([0, 0, 1])
    return KeptBack(
        lineage=rng.randrange(5),
        to=to,
        lifted=rng.random() < 0.3,
        but=frozenset(left[over:]),
        once=frozenset(left[:over]),
    )


def unique(kept: tuple[KeptBack, ...]) -> tuple[KeptBack, ...]:
    """At most one in force for an item and a person: the database says so too."""
    seen: dict = {}
    for item in kept:
        seen.setdefault((item.lineage, item.to), item)
    return tuple(seen.values())


def instants(rng: random.Random, batch: list[World]) -> list[datetime]:
    """Three instants; more than half of them on an edge, or a tick beside it."""
    if batch[0].edges:
        return list(batch[0].edges)
    kinds = ("papers", "papers", "stated", "told")
    dated = [each for world in batch for each in getattr(world, rng.choice(kinds))]
    near = rng.choice(dated or list(batch[0].papers))
    edge = rng.choice([near.start, near.end])
    return [edge, edge + rng.choice([-TICK, TICK]), NOON]
