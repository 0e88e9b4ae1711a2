"""Sharing as a machine of states (T20): the real actions, and the same in words.

Each step is one real action on the database and one change of the reference's world.
After each step every door has to say what the reference says. The people, the things
and the clock stand still between steps; time passes only as a step.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar
from unittest import mock

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from consents import actions as consents
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, decide, permitted
from consents.models import Consent
from providers.models import CareTeamParticipant
from tests.cast import statement
from tests.consents import building, worlds
from tests.consents.reference import (
    LICENSED,
    KeptBack,
    Paper,
    Person,
    Stated,
    Thing,
    World,
    may_see,
)

NOON, TICK = building.NOON, worlds.TICK
DAY, HOURS = timedelta(days=1), timedelta(hours=4)
ASKED = ("TREAT", "COC", "ETREAT")
ROLES = ("psychiatrist", "therapist", "primary_care", "caregiver")
PEOPLE = tuple(
    Person(role=role, clinics=frozenset(clinics))
    for role, clinics in zip(ROLES, ([0], [1], [0], []), strict=True)
)


def thing(*categories: str, labels: tuple[str, ...] = (), **fields) -> Thing:
    fields = {"occurred": NOON - DAY} | fields
    return Thing(frozenset(categories), frozenset(labels), **fields)


THINGS = (
    thing("conditions", core="always", author_keeps=True),
    thing("conditions", labels=("substance_use",), core="always", author_keeps=True),
    thing("measures", dated=True, author_keeps=True, author=0),
    thing("history", dated=True, author=1),
    thing("medications", dated=True, core="recent"),
    thing("measures", "goals", dated=True, author_keeps=True, author=2),
)
# Drawn near the things, so that much is permitted.
KINDS = ("conditions", "measures", "history", "medications", "goals")
kinds = st.one_of(
    st.just(frozenset(KINDS)), st.frozensets(st.sampled_from(KINDS), min_size=1)
)
labels = st.sampled_from(
    [frozenset(), frozenset(["substance_use"]), frozenset(["hiv", "substance_use"])]
)
purposes = st.sampled_from(
    [frozenset(["TREAT", "COC"]), frozenset(["TREAT"]), frozenset(["COC", "ETREAT"])]
)
persons = st.integers(0, len(PEOPLE) - 1)
parties = st.one_of(
    st.tuples(st.just("person"), persons),
    st.tuples(st.just("clinic"), st.integers(0, 1)),
)
which = st.integers(0, 10_000)
numbers = st.integers(0, len(THINGS) - 1)


class Sharing(RuleBasedStateMachine):
    """One patient, four people, six things; set `stage` before it is run."""

    stage: ClassVar[building.Stage]
    tally: ClassVar[Counter] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.at, self.steps = NOON, 0
        self.world = World(PEOPLE, THINGS, roles=worlds.ROLE_CATEGORIES)
        self.patient = self.stage.patients[0]
        self.by = {"by": self.stage.owner}
        # As each was when it was signed: what another open tab still holds.
        self.papers: list[Consent] = []
        self.kept_open = ExitStack()
        self.kept_open.enter_context(transaction.atomic())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.kept_open.close()

    # What happens ---------------------------------------------------------------

    @initialize(to=parties, kinds=kinds, labels=labels)
    def begin(self, to, kinds, labels) -> None:
        """Most of what matters happens where something is shared."""
        clock = mock.patch("consents.backends.database_now", lambda: self.at)
        self.kept_open.enter_context(clock)
        (rows,) = building.build([self.world], self.stage)
        self.items = rows.items
        self._signs(to, "permit", kinds, labels, frozenset(["TREAT", "COC"]), 0, 2)

    @rule(
        to=parties,
        decision=st.sampled_from(["permit", "permit", "permit", "deny"]),
        kinds=kinds,
        labels=labels,
        purposes=purposes,
        begins=st.sampled_from([0, 0, 0, 1]),
        days=st.sampled_from([1, 2, 60]),
    )
    def sign(self, to, decision, kinds, labels, purposes, begins, days) -> None:
        self._signs(to, decision, kinds, labels, purposes, begins, days)

    def _signs(self, to, decision, kinds, labels, purposes, begins, days, old=None):
        start = self.at + begins * DAY
        paper = Paper(to, decision, kinds, labels, purposes, start, start + days * DAY)
        fields = {
            "patient": self.patient,
            "terms": self._terms(paper),
            "signature": consents.Signature("Stage 0", "password", "Yes.", "test"),
            "at": self.at,
            **self.by,
        }
        if decision == "deny":
            row = consents.deny(**fields)
        else:
            row = consents.grant(**fields, supersedes=old)
            if "medications" in kinds:
                paper = replace(paper, categories=kinds | {"allergies"})
        self.papers.append(row)
        self.world = replace(self.world, papers=(*self.world.papers, paper))

    def _terms(self, paper: Paper) -> consents.Terms:
        return consents.Terms(
            recipient=building.party_of(paper.to, self.stage),
            categories=CATEGORIES.mask(*paper.categories),
            labels=LABELS.mask(*paper.labels),
            purposes=PURPOSES.mask(*paper.purposes),
            starts_at=paper.start,
            ends_at=paper.end,
        )

    @precondition(lambda self: self._numbers("permit"))
    @rule(pick=which, kinds=kinds, labels=labels, days=st.sampled_from([1, 60]))
    def change(self, pick, kinds, labels, days) -> None:
        """In any tab: whoever changes what has ended already is told so."""
        number = self._one(pick, self._numbers("permit"))
        old = self.world.papers[number]
        said = (old.to, "permit", kinds, labels, old.purposes, 0, days)
        if not old.revoked:
            self._ended(number)
            self._signs(*said, old=self.papers[number])
            return
        try:
            with transaction.atomic():
                self._signs(*said, old=self.papers[number])
        except consents.RuleError:
            return
        raise AssertionError("what had ended was replaced")

    @precondition(lambda self: self.papers)
    @rule(pick=which)
    def stop(self, pick) -> None:
        """Also twice, and also a deny."""
        number = self._one(pick, range(len(self.papers)))
        consent = Consent.objects.get(pk=self.papers[number].pk)
        consents.revoke(consent=consent, at=self.at, **self.by)
        self._ended(number)

    @rule(to=parties)
    def stop_all(self, to) -> None:
        recipient = building.party_of(to, self.stage)
        consents.stop_sharing(
            patient=self.patient, recipient=recipient, at=self.at, **self.by
        )
        for number in self._numbers("permit"):
            if self.world.papers[number].to == to:
                self._ended(number)

    def _ended(self, number: int) -> None:
        papers = list(self.world.papers)
        papers[number] = replace(papers[number], revoked=True)
        self.world = replace(self.world, papers=tuple(papers))

    @rule(number=numbers, to=st.one_of(st.none(), parties))
    def keep_back(self, number, to) -> None:
        """ "Only me" is only me: whom it left in before is out."""
        self._items_deny(consents.keep_back, number, to)
        self._is_kept(KeptBack(number, to))

    @rule(number=numbers, but=st.frozensets(parties, max_size=3))
    def keep_back_but(self, number, but) -> None:
        """ "Only me, and …", said anew: exactly these."""
        named = [building.party_of(to, self.stage) for to in sorted(but)]
        consents.keep_back(item=self.items[number], but=named, at=self.at, **self.by)
        self._is_kept(KeptBack(number, but=but))

    @rule(number=numbers, to=parties)
    def leave_in(self, number, to) -> None:
        """One more, of what is kept back or is not."""
        self._items_deny(consents.exempt, number, to)
        for kept in self.world.kept_back:
            if kept.lineage == number and kept.to is None:
                self._is_kept(replace(kept, but=kept.but | {to}))

    def _is_kept(self, kept: KeptBack) -> None:
        others = tuple(
            each
            for each in self.world.kept_back
            if (each.lineage, each.to) != (kept.lineage, kept.to)
        )
        self.world = replace(self.world, kept_back=(*others, kept))

    @precondition(lambda self: self.world.kept_back)
    @rule(pick=which)
    def give_back(self, pick) -> None:
        kept = self._one(pick, self.world.kept_back)
        self._items_deny(consents.give_back, kept.lineage, kept.to)
        others = tuple(each for each in self.world.kept_back if each != kept)
        self.world = replace(self.world, kept_back=others)

    def _items_deny(self, act, number: int, to) -> None:
        party = building.party_of(to, self.stage) if to else None
        act(item=self.items[number], party=party, at=self.at, **self.by)

    @rule(number=numbers, labels=labels)
    def label(self, number, labels) -> None:
        """A permission never covers what was named only after it was signed."""
        mask = LABELS.mask(*labels)
        consents.set_labels(item=self.items[number], labels=mask, at=self.at, **self.by)
        things = list(self.world.things)
        things[number] = replace(things[number], labels=labels)
        self.world = replace(self.world, things=tuple(things))

    @precondition(lambda self: self._members())
    @rule(pick=which, reason=st.sampled_from(["left", "left", "blocked"]))
    def leave(self, pick, reason) -> None:
        who = self._one(pick, self._members())
        member = self._member(who)
        consents.leave(participant=member, reason=reason, at=self.at, **self.by)
        blocked = self.world.people[who].blocked or reason == "blocked"
        self._is(who, member=False, guardian=False, blocked=blocked)

    @precondition(lambda self: len(self._members()) < len(PEOPLE))
    @rule(pick=which)
    def join(self, pick) -> None:
        away = [who for who in range(len(PEOPLE)) if who not in self._members()]
        who = self._one(pick, away)
        consents.join(
            patient=self.patient,
            party=self.stage.parties[who],
            role=ROLES[who],
            at=self.at,
            **self.by,
        )
        self._is(who, member=True, guardian=True)

    def _is(self, who: int, **fields: bool) -> None:
        people = list(self.world.people)
        people[who] = replace(people[who], **fields)
        self.world = replace(self.world, people=tuple(people))

    @precondition(lambda self: self._members())
    @rule(pick=which)
    def state_emergency(self, pick) -> None:
        """Refused to whoever has no licence, and where the patient said no."""
        who = self._one(pick, self._members())
        try:
            row = consents.state_emergency(
                member=self._member(who),
                statement=statement(),
                by=self.stage.users[who],
                at=self.at,
            )
        except consents.RuleError:
            denied = any(paper.decision == "deny" for paper in self.world.papers)
            no = self.world.emergency_page is False
            assert no or denied or ROLES[who] not in LICENSED
            return
        assert ROLES[who] in LICENSED
        assert self.world.emergency_page is not False
        stated = Stated(who, row.opened_at, row.opened_at + HOURS)
        if stated not in self.world.stated:
            self.world = replace(self.world, stated=(*self.world.stated, stated))

    @precondition(lambda self: self.world.stated and self._members())
    @rule(pick=which)
    def end_emergency(self, pick) -> None:
        who = self._one(pick, self._members())
        consents.end_emergencies(
            member=self._member(who), by=self.stage.users[who], at=self.at
        )
        stated = tuple(
            replace(each, ended=each.ended or (each.who == who and self.at < each.end))
            for each in self.world.stated
        )
        self.world = replace(self.world, stated=stated)

    @rule(allowed=st.booleans())
    def choose(self, allowed) -> None:
        consents.choose_emergency(
            patient=self.patient, allowed=allowed, at=self.at, **self.by
        )
        self.world = replace(self.world, emergency_page=allowed)

    @rule(pick=which, ticks=st.sampled_from([-1, 0, 1]))
    def time_passes(self, pick, ticks) -> None:
        """To just before, at, or just after a start or an end; else an hour."""
        spans = (*self.world.papers, *self.world.stated)
        edges = {edge for each in spans for edge in (each.start, each.end)}
        ahead = sorted(
            edge + ticks * TICK for edge in edges if edge + ticks * TICK > self.at
        )
        self.at = self._one(pick, ahead or [self.at + timedelta(hours=1)])

    # What holds -----------------------------------------------------------------

    @invariant()
    def every_door_says_what_the_reference_says(self) -> None:
        """Two people after each step, in turns; and one of the items by itself."""
        step, self.steps = self.steps, self.steps + 1
        for who in (step % len(PEOPLE), (step + 2) % len(PEOPLE)):
            self._list_agrees(who, ASKED[(step // 2) % len(ASKED)])
        self._item_agrees(step % len(PEOPLE), step % len(THINGS), ASKED[step % 3])

    def _reader(self, who: int, purpose: str) -> Reader:
        return Reader(self.stage.users[who].pk, purpose, self.at)

    def _list_agrees(self, who: int, purpose: str) -> None:
        reader = self._reader(who, purpose)
        seen = {
            pk
            for model in building.FILLED
            for pk in permitted(
                model.objects.filter(patient=self.patient), reader
            ).values_list("pk", flat=True)
        }
        for number, item in enumerate(self.items):
            expected = may_see(self.world, who, number, purpose, self.at)
            assert (item.pk in seen) == expected.may, (who, number, purpose, expected)
            self.tally["permits"] += bool(expected.papers)
            self.tally["emergencies"] += bool(expected.stated)

    def _item_agrees(self, who: int, number: int, purpose: str) -> None:
        item, user = self.items[number], self.stage.users[who]
        decision = decide(item, self._reader(who, purpose))
        expected = may_see(self.world, who, number, purpose, self.at)
        assert decision.permitted == expected.may
        if decision.permitted and decision.consent_id:
            relied = [row.pk for row in self.papers].index(decision.consent_id)
            assert relied in expected.papers, "it relies on what does not stand"
        if self.steps % 3:
            return
        offered = user.has_perm(
            f"{item._meta.app_label}.view_{item._meta.model_name}", item
        )
        assert offered == any(
            may_see(self.world, who, number, each, self.at).may
            for each in PURPOSES.by_name
        )

    @invariant()
    def the_past_is_one_line(self) -> None:
        """One row for each signature, and each ended once, as it was done."""
        rows = Consent.objects.filter(patient=self.patient)
        ended = dict(rows.values_list("pk", "revoked_at"))
        assert [ended[row.pk] is not None for row in self.papers] == [
            paper.revoked for paper in self.world.papers
        ]
        assert len(ended) == len(self.papers)

    # Small words ----------------------------------------------------------------

    @staticmethod
    def _one(pick: int, found):
        return found[pick % len(found)]

    def _numbers(self, decision: str) -> list[int]:
        papers = enumerate(self.world.papers)
        return [number for number, paper in papers if paper.decision == decision]

    def _members(self) -> list[int]:
        return [i for i, person in enumerate(self.world.people) if person.member]

    def _member(self, who: int) -> CareTeamParticipant:
        return CareTeamParticipant.objects.current().get(
            patient=self.patient, party=self.stage.parties[who]
        )
