"""Laws of the rule that need no reference (SECURITY A5): metamorphic properties."""

import random

import pytest
from django.db import transaction

from consents.codes import Decision
from consents.decisions import Reader, decide, permitted
from consents.models import Consent, ItemDeny, ItemExemption
from tests.consents import building, worlds

PURPOSES = ("TREAT", "COC", "ETREAT", "THREAT")
# One of them on SQLite; all on what production uses, and in the long runs.
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]


@pytest.fixture
def stage(db):
    return building.stage(patients=4)


def built(stage, seed):
    """Four worlds in the database; the caller's transaction takes them back."""
    rng = random.Random(seed)
    batch = worlds.draw_batch(rng, size=4)
    return rng, batch, building.build(batch, stage)


def answers(stage) -> set:
    """Every (reader, purpose, item) that is permitted at noon."""
    return {
        (user.pk, purpose, pk)
        for user in stage.users
        for purpose in PURPOSES
        for model in building.FILLED
        for pk in permitted(
            model.objects.all(), Reader(user.pk, purpose, building.NOON)
        ).values_list("pk", flat=True)
    }


def copy(consent: Consent, **changes) -> Consent:
    """The same paper once more, as another row."""
    values = {
        field.attname: getattr(consent, field.attname)
        for field in Consent._meta.concrete_fields
        if field.attname not in ("id", "number", "supersedes_id")
    }
    return Consent(**(values | changes))


@pytest.mark.security("L09")
@pytest.mark.parametrize("seed", SEEDS)
def test_adding_a_deny_never_adds_access(stage, seed):
    with transaction.atomic():
        rng, _batch, rows = built(stage, seed)
        before = answers(stage)
        papers = [paper for world in rows for paper in world.papers]
        denies = [
            copy(paper, decision=Decision.DENY) for paper in rng.sample(papers, 6)
        ]
        Consent.objects.bulk_create(denies)
        assert answers(stage) <= before
        transaction.set_rollback(True)


@pytest.mark.parametrize("seed", SEEDS)
def test_leaving_one_in_opens_something_to_that_one_alone(stage, seed):
    """And never takes anything away, nor opens more than was open before "only me"."""
    with transaction.atomic():
        rng, _batch, rows = built(stage, seed)
        lineages = {item.lineage: item.patient_id for row in rows for item in row.items}
        standing = ItemDeny.objects.filter(party=None, lifted_at=None)
        standing.update(**lifted(stage))
        unhidden = answers(stage)
        denies = [
            ItemDeny(patient_id=patient, lineage=lineage, **said(stage))
            for lineage, patient in lineages.items()
        ]
        ItemDeny.objects.bulk_create(denies)
        before = answers(stage)
        who = rng.randrange(4)
        exemptions = ItemExemption.objects.bulk_create(
            ItemExemption(deny=deny, party=stage.parties[who], **said(stage))
            for deny in denies
        )
        after = answers(stage)
        assert before < after <= unhidden
        assert {user for user, *_ in after - before} == {stage.users[who].pk}
        ids = [each.pk for each in exemptions]
        ItemExemption.objects.filter(pk__in=ids).update(**lifted(stage))
        assert answers(stage) == before
        transaction.set_rollback(True)


def said(stage) -> dict:
    return {"created_at": building.NOON, "created_by": stage.owner}


def lifted(stage) -> dict:
    return {"lifted_at": building.NOON, "lifted_by": stage.owner}


@pytest.mark.parametrize("seed", SEEDS)
def test_revoking_a_permit_never_adds_access(stage, seed):
    with transaction.atomic():
        rng, _batch, rows = built(stage, seed)
        before = answers(stage)
        permits = [
            paper
            for world in rows
            for paper in world.papers
            if paper.decision == Decision.PERMIT and paper.revoked_at is None
        ]
        for paper in rng.sample(permits, 8):
            paper.revoked_at, paper.revoked_by = building.NOON, stage.owner
            paper.revoked_how = "stopped"
            paper.save(update_fields=Consent.REVOKED_FIELDS)
        assert answers(stage) <= before
        transaction.set_rollback(True)


@pytest.mark.security("L09")
@pytest.mark.parametrize("seed", SEEDS)
def test_order_and_duplicates_do_not_matter(stage, seed):
    with transaction.atomic():
        _rng, _batch, rows = built(stage, seed)
        before = answers(stage)
        # Every paper once more, in the other order and signed in the other order.
        papers = [paper for world in rows for paper in world.papers]
        newest = max(paper.signed_at for paper in papers)
        Consent.objects.bulk_create(
            copy(
                paper,
                signed_at=newest + (newest - paper.signed_at),
                any_discloser=paper.any_discloser,
            )
            for paper in reversed(papers)
            if paper.any_discloser
        )
        assert answers(stage) == before
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.security("T10")
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_list_is_the_items_that_are_permitted_one_by_one(stage, seed):
    """T10: list = { x : decide(x) }, and its length is its count."""
    with transaction.atomic():
        _rng, _batch, rows = built(stage, seed)
        for purpose in PURPOSES:
            reader = Reader(stage.users[0].pk, purpose, building.NOON)
            for model in building.FILLED:
                items = [
                    item
                    for world in rows
                    for item in world.items
                    if isinstance(item, model)
                ]
                listed = permitted(model.objects.all(), reader)
                one_by_one = {
                    item.pk for item in items if decide(item, reader).permitted
                }
                assert set(listed.values_list("pk", flat=True)) == one_by_one
                assert listed.count() == len(one_by_one)
        transaction.set_rollback(True)


@pytest.mark.slow
def test_a_rule_that_counts_papers_would_be_caught(stage, monkeypatch):
    """The vulnerable twin: a deny that a second permit outvotes."""
    from consents import decisions

    monkeypatch.setattr("consents.ready._kept", {})
    with transaction.atomic():
        _rng, _batch, rows = built(stage, 3)
        before = answers(stage)
        permits = [
            paper
            for world in rows
            for paper in world.papers
            if paper.decision == Decision.PERMIT
        ]
        Consent.objects.bulk_create(
            copy(paper, decision=Decision.DENY) for paper in permits
        )
        honest = answers(stage)
        monkeypatch.setattr("consents.ready._kept", {})
        original = decisions._denies
        monkeypatch.setattr(
            decisions, "_denies", lambda reader: original(reader).none()
        )
        assert honest < before and not answers(stage) <= honest
        transaction.set_rollback(True)
