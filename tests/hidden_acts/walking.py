"""The same hours twice: without what is hidden from a reader, and with it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from consents.actions import RuleError
from messaging.actions.acknowledgements import AlreadyTakenError
from messaging.sweeping import Sweep
from patients.actions.conflict import EditConflict
from patients.actions.invitations import InvitationError
from patients.actions.owners import NotOnTheTeam
from tests.hidden_acts.observing import Blank, Told, different, observe, undone
from tests.hidden_acts.standing import Stage
from tests.hidden_acts.table import Act

# Each act has an instant of its own, done or not; what is due is told in between.
APART = timedelta(seconds=20)
SWEEPS = (1, 4, 12, 13, 23, 31, 59)
LOOKS = timedelta(minutes=61)
REFUSALS = (
    *(RuleError, InvitationError, EditConflict, AlreadyTakenError),
    *(NotOnTheTeam, ObjectDoesNotExist),
)
# An act, or nothing at its instant.
Slots = Sequence[Act | None]
Differing = dict[str, str]


def live(stage: Stage, slots: Slots) -> datetime:
    """The acts in their order, and the sweeps; when the reader looks around."""
    began = stage.cast.at + timedelta(minutes=1)
    doing = [(began + number * APART, act) for number, act in enumerate(slots)]
    doing += [(began + timedelta(minutes=each), None) for each in SWEEPS]
    sweeps = {began + timedelta(minutes=each) for each in SWEEPS}
    for at, act in sorted(doing, key=lambda each: each[0]):
        with time_machine.travel(at, tick=False):
            if act:
                stage.at = at
                do(stage, act)
            elif at in sweeps:
                Sweep(now=lambda at=at: at).run()  # type: ignore[misc]
    return began + LOOKS


def do(stage: Stage, act: Act) -> None:
    """What an act before it made impossible is refused, and not done."""
    with suppress(*REFUSALS), transaction.atomic():
        act.do(stage)


def world(
    stage: Stage, who: str, slots: Slots, blank: Blank, only: list[str] | None = None
) -> Told:
    """What this reader gets in the world with these acts, which is undone again."""
    with undone():
        looks = live(stage, slots)
        return observe(stage.eyes[who], looks, blank, only=only)


def without_hidden(slots: Slots, who: str) -> Slots:
    return [None if act and act.hidden_from(who) else act for act in slots]


def differing(
    stage: Stage, who: str, slots: Slots, only: list[str] | None = None
) -> Differing:
    """What the hidden ones of these acts change for this reader."""
    blank = Blank()
    return different(
        world(stage, who, without_hidden(slots, who), blank, only),
        world(stage, who, slots, blank, only),
    )


def to_blame(
    stage: Stage, who: str, slots: Slots, found: Iterable[str]
) -> dict[str, Differing]:
    """Which hidden acts change the pages that differed with all of them."""
    pages = [name for name in found if name.startswith("GET ")]
    blank = Blank()
    before = world(stage, who, without_hidden(slots, who), blank, pages)

    def search(some: Slots) -> dict[str, Differing]:
        hidden = [act for act in some if act and act.hidden_from(who)]
        if not hidden:
            return {}
        kept = [act if act in hidden or not _hides(act, who) else None for act in slots]
        told = different(before, world(stage, who, kept, blank, pages))
        if not told or len(hidden) == 1:
            return {hidden[0].name: told} if told else {}
        half = len(hidden) // 2
        return search(hidden[:half]) | search(hidden[half:])

    return search(slots)


def _hides(act: Act | None, who: str) -> bool:
    return bool(act and act.hidden_from(who))


def all_hidden(acts: Mapping[str, Act], who: str) -> Slots:
    """One after the other, in the order of the table."""
    return [act for act in acts.values() if act.hidden_from(who)]


def drawn(acts: Mapping[str, Act], seed: int, count: int) -> Slots:
    """Of all acts, what everybody may know among them, in any order."""
    lot = random.Random(seed)
    return lot.sample(list(acts.values()), min(count, len(acts)))
