"""T12: the rule in SQL, one item and many, against a naive reference."""

import os
import random
from collections import Counter
from unittest import mock

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consents import decisions
from consents.decisions import Reader, Reason, decide, permitted
from tests.consents import worlds
from tests.consents.reference import World, may_see

PURPOSES = ["TREAT", "COC"]
DEEP = os.environ.get("CARECOORD_DEEP") == "1"
CASES_QUICK, CASES_DEEP = 3_000, int(os.environ.get("CARECOORD_CASES", "200000"))
# Every case goes through permitted(); every so many also through decide().
DECIDE_EVERY = 61


class Disagreement(AssertionError):
    """The SQL and the reference differ on a case."""


def compare(batch: list[World], rng: random.Random, stage) -> Counter:
    """All readers × things × purposes × instants of a batch of worlds."""
    tally: Counter = Counter()
    with transaction.atomic():
        built = worlds.build(batch, stage)
        for at in worlds.instants(rng, batch):
            for purpose in PURPOSES:
                for who in range(len(stage.users)):
                    asked = (who, purpose, at)
                    compare_reader(batch, built, stage, asked, tally)
        transaction.set_rollback(True)
    return tally


def compare_reader(batch, built, stage, asked, tally) -> None:
    who, purpose, at = asked
    reader = Reader(user_id=stage.users[who].pk, purpose=purpose, at=at)
    seen = listed(reader)
    for world, rows in zip(batch, built, strict=True):
        for index, item in enumerate(rows.items):
            expected, papers = may_see(world, who, index, purpose, at)
            if (item.pk in seen) != expected:
                raise Disagreement((who, index, purpose, at, expected, world))
            tally["cases"] += 1
            tally["permits"] += expected
            if tally["cases"] % DECIDE_EVERY == 0:
                compare_decision(item, reader, expected, papers, rows)


def listed(reader: Reader) -> set:
    return {
        pk
        for model in worlds.FILLED
        for pk in permitted(model.objects.all(), reader).values_list("pk", flat=True)
    }


def compare_decision(item, reader, expected, papers, built) -> None:
    decision = decide(item, reader)
    if decision.permitted != expected:
        raise Disagreement((decision, expected))
    if decision.reason == Reason.CONSENT:
        # The newest that suffices decides.
        assert decision.consent_id == built.papers[max(papers)].pk


@pytest.fixture
def stage(db):
    return worlds.stage()


def run(stage, *, cases: int, seed: int) -> Counter:
    rng = random.Random(seed)
    tally: Counter = Counter()
    while tally["cases"] < cases:
        tally += compare(worlds.draw_batch(rng), rng, stage)
    return tally


def test_thousands_of_biased_cases_agree(stage):
    tally = run(stage, cases=CASES_QUICK, seed=20261122)
    assert tally["permits"] >= tally["cases"] * 0.2


@pytest.mark.deep
def test_the_long_run_agrees(stage):
    tally = run(stage, cases=CASES_DEEP, seed=random.SystemRandom().randrange(10**9))
    assert tally["permits"] >= tally["cases"] * 0.2


@settings(
    max_examples=2_000 if DEEP else 10,
    # The stage stands still: every example rolls its own rows back.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_hypothesis_finds_no_world_in_which_they_differ(stage, seed):
    rng = random.Random(seed)
    compare(worlds.draw_batch(rng, size=2), rng, stage)


# Faults that published systems really had; each must be noticed (vulnerable twins) ----


def without_denies(original):
    return lambda reader: original(reader).none()


def labels_ignored(original):
    return lambda field: original(field) if field == "categories" else Q()


def window_ignored(original):
    return lambda: Q()


def discloser_ignored(original):
    return lambda: Q()


def role_ignored(original):
    return lambda reader: decisions._on_team(reader)


def item_deny_ignored(original):
    return lambda reader: decisions.NOTHING


def ended_members_stay(original):
    from providers.models import CareTeamParticipant

    return lambda reader: CareTeamParticipant.objects.filter(
        party__user_id=reader.user_id
    )


FAULTS = {
    "_denies": without_denies,
    "_covers": labels_ignored,
    "_inside_window": window_ignored,
    "_discloser_named": discloser_ignored,
    "_role_allows": role_ignored,
    "_item_denied": item_deny_ignored,
    "_memberships": ended_members_stay,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found_within_a_thousand_cases(stage, name):
    fault = FAULTS[name](getattr(decisions, name))
    with mock.patch.object(decisions, name, fault), pytest.raises(Disagreement):
        run(stage, cases=2_000, seed=7)


def in_force_past_the_end(at):
    return Q(starts_at__lte=at, ends_at__gte=at)


def test_a_consent_that_lasts_one_tick_too_long_is_found(stage):
    with (
        mock.patch("consents.querysets.in_force_q", in_force_past_the_end),
        pytest.raises(Disagreement),
    ):
        run(stage, cases=2_000, seed=7)
