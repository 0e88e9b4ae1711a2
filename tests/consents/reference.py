"""The rule once more, naively, from the policy text alone (DESIGN 2). No ORM.

Plain tuples and loops; slow on purpose. It must never import consents.decisions.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

# Emergency access (DESIGN 2): who gets it, and what its core is.
MEDICAL = {"psychiatrist", "telepsychiatrist", "primary_care"}
LICENSED = MEDICAL | {"therapist"}
CORE = {"medications", "allergies", "conditions", "safety", "contacts"}
CORE_WITH_LABELS = {"medications", "allergies"}
# From this age on each label is a child's own, where no state is known.
OWN_FROM, OF_AGE = 12, 18


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
    """A consent: `to` is ("person", i), ("clinic", i) or ("guest", i)."""

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
    # "never", "always" or "recent": whether its kind belongs to the ER core.
    core: str = "never"
    version: int = 1


@dataclass(frozen=True)
class KeptBack:
    """ "Only me" (to nobody) or "not for" a person or clinic, on a lineage.

    `but`: whom an "only me" leaves in; `once`: whom it left in until it was ended.
    """

    lineage: int
    to: tuple[str, int] | None = None
    lifted: bool = False
    but: frozenset[tuple[str, int]] = frozenset()
    once: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True)
class Stated:
    """An emergency that a person stated."""

    who: int
    start: datetime
    end: datetime
    ended: bool = False


@dataclass(frozen=True)
class Told:
    """A content of an exceptional case: items, each in one version, to people."""

    to: frozenset[int]
    things: frozenset[tuple[int, int]]
    start: datetime
    end: datetime
    closed: bool = False
    withdrawn: bool = False
    # Whoever signed it; None: nobody of these people.
    by: int | None = None


@dataclass(frozen=True)
class Acting:
    """Who acts for the patient, by a document."""

    who: int
    kind: str
    categories: frozenset[str]
    labels: frozenset[str]
    start: datetime
    end: datetime | None = None
    ended: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer, and all that would each suffice for it."""

    may: bool
    papers: tuple[int, ...] = ()
    stated: tuple[int, ...] = ()
    told: tuple[int, ...] = ()
    acting: tuple[int, ...] = ()


@dataclass(frozen=True)
class World:
    people: tuple[Person, ...]
    things: tuple[Thing, ...]
    papers: tuple[Paper, ...] = ()
    kept_back: tuple[KeptBack, ...] = ()
    roles: dict[str, frozenset[str]] = field(default_factory=dict)
    stated: tuple[Stated, ...] = ()
    told: tuple[Told, ...] = ()
    # What the patient said when well; None if never asked.
    emergency_page: bool | None = None
    # For whom the privacy officer closed it.
    shut_out: frozenset[int] = frozenset()
    acting: tuple[Acting, ...] = ()
    born: date = date(1990, 1, 1)
    # Instants to ask at; none: drawn near whatever the world holds.
    edges: tuple[datetime, ...] = ()


def may_see(
    world: World, reader: int, thing: int, purpose: str, at: datetime
) -> Answer:
    """The rule, branch by branch: own text, consent, emergency, exceptional."""
    person, item = world.people[reader], world.things[thing]
    if not person.active:
        return Answer(False)
    wrote_it = item.author_keeps and item.author == reader
    if wrote_it and not person.blocked:
        return Answer(True)
    papers = papers_for(world, reader, thing, purpose, at)
    if papers:
        return Answer(True, papers=papers)
    stated = emergencies_for(world, reader, thing, purpose, at)
    if stated:
        return Answer(True, stated=stated)
    acting = acting_for(world, reader, thing, purpose, at)
    if acting:
        return Answer(True, acting=acting)
    told = told_for(world, reader, thing, purpose, at)
    return Answer(bool(told), told=told)


def may_guest_see(
    world: World, guest: int, thing: int, purpose: str, at: datetime
) -> Answer:
    """Somebody with a code: the permission says it all, and a deny still beats it.

    No team, no role, no text of their own, no emergency, nobody acted for.
    """
    item = world.things[thing]
    if not item.categories:
        return Answer(False)
    papers = []
    for index, paper in enumerate(world.papers):
        if paper.to != ("guest", guest) or not stands(paper, at):
            continue
        if paper.decision == "deny" and denies(paper, item):
            return Answer(False)
        if paper.decision == "permit" and covers(paper, item, purpose):
            papers.append(index)
    for kept in world.kept_back:
        me = ("guest", guest)
        ours = kept.to == me if kept.to else me not in kept.but
        if ours and not kept.lifted and kept.lineage == lineage_of(world, thing):
            return Answer(False)
    return Answer(bool(papers), papers=tuple(papers))


def acting_for(world, reader, thing, purpose, at) -> tuple[int, ...]:
    """The documents by which this reader sees the item for the patient."""
    item = world.things[thing]
    if purpose != "PWATRNY" or not item.categories:
        return ()
    if is_kept_back(world, reader, thing) or is_denied(world, reader, item, at):
        return ()
    return tuple(
        index
        for index, each in enumerate(world.acting)
        if each.who == reader and acts(world, each, item, at)
    )


def acts(world: World, each: Acting, item: Thing, at: datetime) -> bool:
    if each.ended or at < each.start or (each.end and at >= each.end):
        return False
    if not item.categories <= each.categories or not item.labels <= each.labels:
        return False
    if each.kind != "parent":
        return True
    age = years(world.born, at.date())
    return age < OF_AGE and (age < OWN_FROM or not item.labels)


def years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def papers_for(world, reader, thing, purpose, at) -> tuple[int, ...]:
    """The consents that each would suffice."""
    person, item = world.people[reader], world.things[thing]
    if not (person.member and person.guardian):
        return ()
    if not item.categories:
        return ()
    for category in item.categories:
        if category not in world.roles[person.role]:
            return ()
    # As family nobody treats: what is for treatment is for whoever treats.
    if person.role == "caregiver" and purpose in {"TREAT", "COC"}:
        return ()
    if is_kept_back(world, reader, thing) or is_denied(world, reader, item, at):
        return ()
    return tuple(
        index
        for index, paper in enumerate(world.papers)
        if paper.decision == "permit"
        and stands(paper, at)
        and is_for(world, paper.to, reader)
        and covers(paper, item, purpose)
    )


def emergencies_for(world, reader, thing, purpose, at) -> tuple[int, ...]:
    """The emergencies of this reader that open the item."""
    person, item = world.people[reader], world.things[thing]
    if purpose != "ETREAT" or world.emergency_page is False:
        return ()
    if reader in world.shut_out or is_own_child(world, reader, at):
        return ()
    if not (person.member and person.guardian):
        return ()
    if not is_in_core(person.role, item, at):
        return ()
    if is_kept_back(world, reader, thing) or is_denied(world, reader, item, at):
        return ()
    return tuple(
        index
        for index, each in enumerate(world.stated)
        if each.who == reader and not each.ended and each.start <= at < each.end
    )


def is_own_child(world: World, reader: int, at: datetime) -> bool:
    """Whether the patient is a child, and the reader acts or acted as the parent."""
    parents = {each.who for each in world.acting if each.kind == "parent"}
    return reader in parents and years(world.born, at.date()) < OF_AGE


def is_in_core(role: str, item: Thing, at: datetime) -> bool:
    if role not in LICENSED or not item.categories:
        return False
    if item.core == "never":
        return False
    if item.core == "recent" and item.occurred < at - timedelta(days=90):
        return False
    for category in item.categories:
        if category not in CORE:
            return False
        if item.labels and role not in MEDICAL:
            return False
        if item.labels and category not in CORE_WITH_LABELS:
            return False
    return True


def told_for(world, reader, thing, purpose, at) -> tuple[int, ...]:
    """The contents that name this reader and this version of the item."""
    if purpose != "THREAT":
        return ()
    wanted = (thing, world.things[thing].version)
    return tuple(
        index
        for index, each in enumerate(world.told)
        if (reader in each.to or reader == each.by)
        and wanted in each.things
        and not each.closed
        and not each.withdrawn
        and each.start <= at < each.end
    )


def stands(paper: Paper, at: datetime) -> bool:
    return not paper.revoked and paper.start <= at and at < paper.end


def is_for(world: World, to: tuple[str, int], reader: int) -> bool:
    kind, index = to
    if kind == "person":
        return index == reader
    if kind == "guest":
        return False
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
        if denies(paper, item):
            return True
    return False


def denies(paper: Paper, item: Thing) -> bool:
    touches = paper.categories & item.categories
    return bool(touches and (not paper.labels or paper.labels & item.labels))


def lineage_of(world: World, thing: int) -> int:
    lineage = world.things[thing].lineage
    return thing if lineage is None else lineage


def is_kept_back(world: World, reader: int, thing: int) -> bool:
    lineage = lineage_of(world, thing)
    for kept in world.kept_back:
        if kept.lineage != lineage or kept.lifted:
            continue
        if kept.to is not None and is_for(world, kept.to, reader):
            return True
        if kept.to is None and not is_left_in(world, kept, reader):
            return True
    return False


def is_left_in(world: World, kept: KeptBack, reader: int) -> bool:
    return any(is_for(world, to, reader) for to in kept.but)
