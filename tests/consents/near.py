"""Worlds in which each thing is permitted but for one condition: the near misses.

A fault in any single condition of the rule shows in the first such world: next to each
refusal stands what would be permitted without it (every condition by itself, as MC/DC
wants it). No condition is left out, and none is named after a fault.
"""

import random
from dataclasses import replace
from datetime import timedelta

from tests.consents.building import NOON
from tests.consents.reference import KeptBack, Paper, Person, Thing, World
from tests.consents.worlds import CATEGORY_NAMES, LABEL_NAMES, ROLE_CATEGORIES, TICK

DAY = timedelta(days=1)
START, END = NOON - 30 * DAY, NOON + DAY
GOOD, LEFT, BLOCKED, UNGUARDED = range(4)


def draw_near(rng: random.Random, accounts: list[Person]) -> World:
    """One good reader with a near miss of each kind; three who miss by themselves."""
    good = [replace(each, role="psychiatrist") for each in accounts]
    good[LEFT] = replace(good[LEFT], member=False)
    good[BLOCKED] = replace(good[BLOCKED], blocked=True)
    good[UNGUARDED] = replace(good[UNGUARDED], guardian=False)
    names = rng.sample([n for n in CATEGORY_NAMES if n != "measures"], len(MISSES) - 1)
    label = rng.choice(LABEL_NAMES)
    pairs = [
        miss(name, label, names[0])
        for miss, name in zip(MISSES, [*names, "measures"], strict=True)
    ]
    beside = pairs[MISSES.index(kept_back)][0]
    things = [each for each, _papers in pairs] + [beside] * len(LEFT_IN)
    papers = [paper for _thing, given in pairs for paper in given]
    plain = permit(names[0])
    papers += [replace(plain, to=("person", who)) for who in (LEFT, UNGUARDED)]
    papers += [replace(plain, to=("guest", 0))]
    kept = [KeptBack(lineage=MISSES.index(kept_back))]
    for number, given in enumerate(LEFT_IN, len(MISSES)):
        kept += [replace(each, lineage=number) for each in given]
    rng.shuffle(papers)
    return World(
        tuple(good),
        tuple(things),
        tuple(papers),
        tuple(kept),
        ROLE_CATEGORIES,
        edges=tuple(rng.sample([END, END - TICK, START], 3)),
    )


def thing(name: str, **more) -> Thing:
    return Thing(
        **{
            "categories": frozenset([name]),
            "labels": frozenset(),
            "occurred": NOON,
            "core": "always",
            "author_keeps": True,
        }
        | more
    )


def permit(name: str, **more) -> Paper:
    return Paper(
        **{
            "to": ("person", GOOD),
            "decision": "permit",
            "categories": frozenset([name]),
            "labels": frozenset(),
            "purposes": frozenset(["TREAT", "COC"]),
            "start": START,
            "end": END,
        }
        | more
    )


def nothing(name, label, other):
    return thing(name), [permit(name)]


def revoked(name, label, other):
    return thing(name), [permit(name, revoked=True)]


def denied(name, label, other):
    return thing(name), [permit(name), permit(name, decision="deny")]


def unlabelled(name, label, other):
    return thing(name, labels=frozenset([label])), [permit(name)]


def half_covered(name, label, other):
    return thing(name, categories=frozenset([name, other])), [permit(name)]


def for_another(name, label, other):
    return thing(name), [permit(name, to=("guest", 1))]


def for_something_else(name, label, other):
    return thing(name), [permit(name, purposes=frozenset(["FAMRQT"]))]


def by_another(name, label, other):
    """Also the text of somebody who is blocked."""
    return thing(name, author=BLOCKED), [permit(name, disclosers=frozenset([LEFT]))]


def kept_back(name, label, other):
    return thing(name), [permit(name)]


def not_begun(name, label, other):
    return thing(name), [permit(name, start=START + TICK)]


def too_old(name, label, other):
    dated = thing(name, dated=True, core="never")
    return dated, [permit(name, items_from=NOON + TICK)]


# "Only me" on more things of one kind, all covered: whom each leaves in, or did once.
ME, OTHER = ("person", GOOD), ("person", LEFT)
LEFT_IN = (
    [KeptBack(0, but=frozenset([ME]))],
    [KeptBack(0, but=frozenset([OTHER, ("guest", 0)]))],
    [KeptBack(0, once=frozenset([ME]))],
    [KeptBack(0, but=frozenset([ME])), KeptBack(0, to=ME)],
    [KeptBack(0, lifted=True), KeptBack(0, to=OTHER)],
    [KeptBack(0, to=ME, lifted=True), KeptBack(0, but=frozenset([ME, OTHER]))],
)
# The last has "measures", which has a window.
MISSES = (
    nothing,
    revoked,
    denied,
    unlabelled,
    half_covered,
    for_another,
    for_something_else,
    by_another,
    kept_back,
    not_begun,
    too_old,
)
