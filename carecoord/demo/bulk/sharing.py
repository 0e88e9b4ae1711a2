"""What the patients of a large world allow: every kind of answer, in fixed shares."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from carecoord.demo.bulk.people import BATCH, Team, World
from consents.codes import CATEGORIES, LABELS, PURPOSES, Decision, EndedHow
from consents.models import Consent
from consents.presets import preset
from providers.models import Party

CARE = PURPOSES.mask("TREAT", "COC")
COORDINATION = CATEGORIES.mask(*preset("coordination").categories)
LIST_ONLY = CATEGORIES.mask("medications", "allergies")


@dataclass(frozen=True)
class Kind:
    """One kind of permission, and how many of a hundred are like it."""

    share: int
    categories: int = COORDINATION
    labels: int = 0
    window_days: int | None = None
    ended: bool = False
    stopped: bool = False


KINDS = (
    Kind(57),
    Kind(14, labels=LABELS.all),
    Kind(6, window_days=365),
    Kind(5, categories=LIST_ONLY),
    Kind(10, ended=True),
    Kind(8, stopped=True),
)
DENIES = 0.03


def make(world: World, *, chance: random.Random, at: datetime) -> None:
    """A permission for everyone on each team, and here and there a deny.

    The first patient allows everyone the usual: there is always something to see.
    """
    weights = [kind.share for kind in KINDS]
    first, *others = world.teams
    rows = [_permit(first, party, KINDS[0], at=at) for _, party in first.everyone]
    for team in others:
        for _, party in team.everyone:
            kind = chance.choices(KINDS, weights)[0]
            rows.append(_permit(team, party, kind, at=at))
            if chance.random() < DENIES:
                rows.append(_deny(team, party, at=at))
    Consent.objects.bulk_create(rows, BATCH)


def _permit(team: Team, party: Party, kind: Kind, *, at: datetime) -> Consent:
    signed_at = at - timedelta(days=750)
    ends_at = at - timedelta(days=30) if kind.ended else at + timedelta(days=300)
    consent = _signed(team, party, Decision.PERMIT, at=signed_at, ends_at=ends_at)
    consent.categories, consent.labels = kind.categories, kind.labels
    if kind.window_days:
        consent.items_from = at - timedelta(days=kind.window_days)
    if kind.stopped:
        consent.revoked_at = at - timedelta(days=20)
        consent.revoked_by = team.patient.user
        consent.revoked_how = EndedHow.STOPPED
    return consent


def _deny(team: Team, party: Party, *, at: datetime) -> Consent:
    signed_at, ends_at = at - timedelta(days=100), at + timedelta(days=300)
    consent = _signed(team, party, Decision.DENY, at=signed_at, ends_at=ends_at)
    consent.categories = CATEGORIES.mask("updates", "measures")
    consent.labels = LABELS["substance_use"]
    return consent


def _signed(
    team: Team, party: Party, decision: str, *, at: datetime, ends_at: datetime
) -> Consent:
    return Consent(
        patient=team.patient,
        recipient=party,
        decision=decision,
        purposes=CARE,
        starts_at=at,
        ends_at=ends_at,
        text_version="synthetic",
        text="A synthetic permission.",
        signed_name=team.patient.name,
        signed_at=at,
        signed_by=team.patient.user,
        signed_how="synthetic",
        epoch=1,
    )
