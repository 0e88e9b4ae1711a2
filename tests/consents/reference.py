"""The rule once more, naively, from the policy text alone (DESIGN 2). No ORM.

Plain tuples and loops; slow on purpose. It must never import consents.decisions.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """A reader. `clinics` are indexes of organizations this person acts for now."""

    role: str
    member: bool = True
    guardian: bool = True
    active: bool = True
    blocked: bool = False
    clinics: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Paper:
    """A consent: `to` is ("person", i) or ("clinic", i)."""

    to: tuple[str, int]
    decision: str
    categories: frozenset[str]
    labels: frozenset[str]
    purposes: frozenset[str]
    start: datetime
    end: datetime
    revoked: bool = False
    items_from: datetime | None = None
    # Empty: any member of the care team may disclose.
    disclosers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Thing:
    """An item of the record. `author` is an index of a person, or the patient."""

    categories: frozenset[str]
    labels: frozenset[str]
    occurred: datetime
    author: int | None = None
    dated: bool = False
    author_keeps: bool = False
    lineage: int | None = None


@dataclass(frozen=True)
class KeptBack:
    """ "Only me" (to nobody) or "not for" a person or clinic, on a lineage."""

    lineage: int
    to: tuple[str, int] | None = None
    lifted: bool = False


@dataclass(frozen=True)
class World:
    people: tuple[Person, ...]
    things: tuple[Thing, ...]
    papers: tuple[Paper, ...] = ()
    kept_back: tuple[KeptBack, ...] = ()
    roles: dict[str, frozenset[str]] = field(default_factory=dict)


def may_see(
    world: World, reader: int, thing: int, purpose: str, at: datetime
) -> tuple[bool, tuple[int, ...]]:
    """The answer, and the papers that each would suffice for it."""
    person, item = world.people[reader], world.things[thing]
    if not person.active:
        return False, ()
    wrote_it = item.author_keeps and item.author == reader
    if wrote_it and not person.blocked:
        return True, ()
    if not (person.member and person.guardian):
        return False, ()
    if not item.categories:
        return False, ()
    for category in item.categories:
        if category not in world.roles[person.role]:
            return False, ()
    if is_kept_back(world, reader, thing) or is_denied(world, reader, item, at):
        return False, ()
    papers = tuple(
        index
        for index, paper in enumerate(world.papers)
        if paper.decision == "permit"
        and stands(paper, at)
        and is_for(world, paper.to, reader)
        and covers(paper, item, purpose)
    )
    return bool(papers), papers


def stands(paper: Paper, at: datetime) -> bool:
    return not paper.revoked and paper.start <= at and at < paper.end


def is_for(world: World, to: tuple[str, int], reader: int) -> bool:
    kind, index = to
    if kind == "person":
        return index == reader
    return index in world.people[reader].clinics


def covers(paper: Paper, item: Thing, purpose: str) -> bool:
    for category in item.categories:
        if category not in paper.categories:
            return False
    for label in item.labels:
        if label not in paper.labels:
            return False
    if purpose not in paper.purposes:
        return False
    windowed = item.dated and item.categories & {"updates", "measures", "documents"}
    if windowed and paper.items_from and item.occurred < paper.items_from:
        return False
    by_patient = item.author is None
    return by_patient or not paper.disclosers or item.author in paper.disclosers


def is_denied(world: World, reader: int, item: Thing, at: datetime) -> bool:
    for paper in world.papers:
        if paper.decision != "deny" or not stands(paper, at):
            continue
        if not is_for(world, paper.to, reader):
            continue
        touches = paper.categories & item.categories
        if touches and (not paper.labels or paper.labels & item.labels):
            return True
    return False


def is_kept_back(world: World, reader: int, thing: int) -> bool:
    lineage = world.things[thing].lineage
    lineage = thing if lineage is None else lineage
    for kept in world.kept_back:
        if kept.lineage != lineage or kept.lifted:
            continue
        if kept.to is None or is_for(world, kept.to, reader):
            return True
    return False
