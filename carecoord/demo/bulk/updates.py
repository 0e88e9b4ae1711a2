"""Two years of updates, in the order of time, the patients mixed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from carecoord.demo.bulk.people import Team, World
from consents.codes import CATEGORIES, LABELS
from consents.models import ItemDeny
from messaging.codes import Ask, RecipientStatus, SuicidalThoughts, Urgency
from messaging.models import Update, UpdateNumber, UpdateRecipient
from patients.codes import Measure

DAYS = 730
BATCH = 5_000
# Older ones are closed, so that a worklist is as long as a real one.
WAITING_DAYS = 14
KEPT_BACK = 0.01
LABELLED = ((0.08, LABELS["substance_use"]), (0.10, LABELS["hiv"]))
TEXT = (
    "Sleeps less since the change of dose, about five hours, and is up at night. "
    "Mood a little better in the afternoons. Two panic attacks this week, both on "
    "the way to work. Appetite as before. Takes the medicines as agreed, missed one "
    "evening. We worked on the plan for the mornings and on calling the sister "
    "earlier. Next session in one week."
)


@dataclass
class _Batch:
    updates: list[Update] = field(default_factory=list)
    numbers: list[UpdateNumber] = field(default_factory=list)
    recipients: list[UpdateRecipient] = field(default_factory=list)
    denies: list[ItemDeny] = field(default_factory=list)

    def save(self) -> None:
        Update.objects.bulk_create(self.updates)
        UpdateNumber.objects.bulk_create(self.numbers)
        UpdateRecipient.objects.bulk_create(self.recipients)
        ItemDeny.objects.bulk_create(self.denies)


def make(
    world: World,
    count: int,
    *,
    chance: random.Random,
    at: datetime,
    say: Callable[[str], object],
) -> None:
    """`count` updates from one clinician of a team to another."""
    apart = timedelta(days=DAYS) / max(1, count)
    start = at - timedelta(days=DAYS)
    for first in range(0, count, BATCH):
        say(f"Updates: {first:,} of {count:,} …")
        batch = _Batch()
        for number in range(first, min(first + BATCH, count)):
            team = chance.choice(world.teams)
            _add(batch, world, team, chance, sent_at=start + number * apart, now=at)
        batch.save()


def _add(
    batch: _Batch,
    world: World,
    team: Team,
    chance: random.Random,
    *,
    sent_at: datetime,
    now: datetime,
) -> None:
    author, recipient = chance.sample(list(team.members.values()), 2)
    update = _update(team, author, chance, at=sent_at)
    batch.updates.append(update)
    if update.categories & CATEGORIES["measures"]:
        value = Decimal(chance.randint(3, 9))
        row = UpdateNumber(update=update, measure=Measure.SLEEP, value=value)
        batch.numbers.append(row)
    purpose = "TREAT" if world.are_colleagues(author, recipient) else "COC"
    batch.recipients.append(_received(update, recipient, purpose, now=now))
    if chance.random() < KEPT_BACK:
        deny = ItemDeny(patient=team.patient, lineage=update.lineage)
        deny.created_at, deny.created_by = sent_at, team.patient.account
        batch.denies.append(deny)


def _update(team: Team, author, chance: random.Random, *, at: datetime) -> Update:
    pk = uuid.uuid4()
    named = CATEGORIES["updates"]
    if chance.random() < 0.5:
        named |= CATEGORIES["measures"]
    drawn = chance.random()
    labels = next((label for below, label in LABELLED if drawn < below), 0)
    return Update(
        id=pk,
        lineage=pk,
        patient=team.patient,
        author=author,
        categories=named,
        labels=labels,
        occurred_at=at,
        recorded_at=at,
        recorded_by=author.user,
        urgency=chance.choice([Urgency.INFORMATION, Urgency.NEXT_VISIT]),
        suicidal_thoughts=SuicidalThoughts.NONE,
        ask=Ask.NOTHING,
        what_changed=TEXT,
    )


def _received(update: Update, party, purpose: str, *, now: datetime) -> UpdateRecipient:
    row = UpdateRecipient(
        update=update,
        party=party,
        purpose=purpose,
        status=RecipientStatus.SENT,
        sent_at=update.occurred_at,
    )
    if update.occurred_at < now - timedelta(days=WAITING_DAYS):
        row.status = RecipientStatus.CLOSED
        row.closed_at = update.occurred_at + timedelta(days=3)
        row.closed_by = party.user
    return row
