"""The preview is the rule: what it shows is what the signature then does."""

import random
import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consents import actions, gate, preview
from consents.codes import CATEGORIES, LABELS, PURPOSES
from consents.decisions import Reader, permitted
from consents.disclosable import registry
from consents.models import Consent
from messaging.access import purpose_between
from messaging.models import Reply, Update
from providers import actions as providers
from tests.cast import permit, signature
from tests.consents import building, worlds
from tests.consents.test_decisions import condition
from tests.messaging import writing

SIGNED = actions.Signature(name="x", how="password", text="x", text_version="test")


# The worlds are made of these; the other models have no rows there.
MODELS = list(worlds.KINDS.values())


def by_the_rule(party, patient, at) -> set:
    """Everything this party is permitted where a page opens it, item by item."""
    seen = set()
    for model in MODELS:
        for item in model.objects.filter(patient=patient).standing():
            reader = Reader(party.user_id, purpose_of(party, item), at)
            if permitted(model.objects.filter(pk=item.pk), reader).exists():
                seen.add((model._meta.label_lower, item.pk))
    return seen


def purpose_of(party, item) -> str:
    """A chart is for treatment; what comes from another place, for coordination."""
    if party.kind == "related_person":
        return "FAMRQT"
    if isinstance(item, (Update, Reply)) and item.author_id is not None:
        return purpose_between(party.user_id, item.author_id)
    return "TREAT"


def drawn_terms(rng: random.Random, stage, at) -> actions.Terms:
    categories = CATEGORIES.mask(*worlds.some(rng, worlds.CATEGORY_NAMES, 9)) or 1
    return actions.Terms(
        recipient=rng.choice(stage.parties),
        categories=categories,
        labels=LABELS.mask(*worlds.some(rng, worlds.LABEL_NAMES, 5)),
        purposes=PURPOSES.mask(*rng.choice([["TREAT"], ["COC"], ["TREAT", "COC"]])),
        starts_at=at,
        ends_at=at + timedelta(days=30),
        items_from=rng.choice([None, at, at - timedelta(days=1)]),
    )


@pytest.fixture
def stage(db):
    return building.stage(patients=1)


@pytest.mark.slow
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_what_is_shown_before_signing_is_what_is_seen_after(stage, seed):
    rng = random.Random(seed)
    with (
        transaction.atomic(),
        mock.patch.object(preview, "registry", lambda: MODELS),
    ):
        building.build(worlds.draw_batch(rng, size=1), stage)
        patient, at = stage.patients[0], building.NOON
        terms = drawn_terms(rng, stage, at)
        before = Consent.objects.count(), gate.epoch_of(patient.pk)
        shown = preview.proposed(
            patient=patient, terms=terms, by=stage.owner, at=at
        ).seen
        assert (Consent.objects.count(), gate.epoch_of(patient.pk)) == before
        actions.grant(
            patient=patient, terms=terms, signature=SIGNED, by=stage.owner, at=at
        )
        assert shown == by_the_rule(terms.recipient, patient, at)
        transaction.set_rollback(True)


def proposed(cast, party, **fields) -> preview.View:
    terms = actions.Terms(
        recipient=party,
        **{
            "categories": CATEGORIES["conditions"],
            "purposes": PURPOSES.mask("TREAT", "COC"),
            "starts_at": cast.at,
            "ends_at": cast.at + timedelta(days=30),
        }
        | fields,
    )
    return preview.proposed(
        patient=cast.amina, terms=terms, by=cast.amina.user, at=cast.at
    )


def test_the_lines_count_what_is_there_and_say_why_the_rest_is_not(cast):
    condition(cast)
    condition(cast, labels=LABELS["hiv"])
    kept = condition(cast)
    actions.keep_back(item=kept, by=cast.amina.user, at=cast.at)
    view = proposed(cast, cast.chidi)
    assert view.will_see() == ["Diagnoses: 1 diagnosis"]
    assert "HIV (1 diagnosis)" in view.will_not_see()
    assert "Kept back by your other choices (1 diagnosis)" in view.will_not_see()
    assert "Medicines" in view.will_not_too()


def test_what_somebody_wrote_stays_theirs_and_is_said(cast):
    condition(cast, author=cast.chidi)
    view = proposed(cast, cast.chidi, categories=CATEGORIES["goals"])
    assert "What Chidi Okafor wrote: 1 diagnosis" in view.will_see()


def test_an_organization_is_counted_by_the_staff_who_are_on_the_team(cast):
    condition(cast)
    view = proposed(cast, cast.oak.party)
    assert view.will_see() == ["Diagnoses: 1 diagnosis"]
    # What Bram and Jon see by name was not written by their clinic.
    view = proposed(cast, cast.harbor.party, categories=CATEGORIES["goals"])
    assert (
        "People there also see what they wrote or what you share with them by name: "
        "1 diagnosis"
    ) in view.will_see()


def test_a_deny_shows_in_the_preview_of_a_new_permission(cast):
    condition(cast)
    actions.deny(
        patient=cast.amina,
        terms=actions.Terms(
            recipient=cast.chidi,
            categories=CATEGORIES.all,
            purposes=PURPOSES.all,
            starts_at=cast.at,
            ends_at=cast.at + timedelta(days=900),
        ),
        signature=signature(cast.amina),
        by=cast.amina.user,
        at=cast.at,
    )
    view = proposed(cast, cast.chidi)
    assert view.seen == set() and view.will_see() == []


def test_the_difference_is_what_comes_and_what_goes(cast):
    condition(cast)
    before = preview.current(patient=cast.amina, party=cast.bram, at=cast.at)
    after = preview.without(
        consents=[cast.amina_to_bram],
        patient=cast.amina,
        party=cast.bram,
        by=cast.amina.user,
        at=cast.at,
    )
    newly, no_longer = preview.difference(before, after)
    assert newly == [] and "Diagnoses: 1 diagnosis" in no_longer
    cast.amina_to_bram.refresh_from_db()
    assert cast.amina_to_bram.revoked_at is None


def test_a_preview_changes_nothing_in_memory_either(cast):
    terms = actions.Terms(
        recipient=cast.bram,
        categories=1,
        purposes=1,
        starts_at=cast.at,
        ends_at=cast.at + timedelta(days=1),
    )
    preview.proposed(
        patient=cast.amina,
        terms=terms,
        by=cast.amina.user,
        at=cast.at,
        supersedes=cast.amina_to_bram,
    )
    assert cast.amina_to_bram.revoked_at is None


def test_every_clinical_model_has_words_to_be_counted_in():
    labels = {model._meta.label_lower for model in registry()}
    labels |= {f"{model._meta.label_lower}.past" for model in registry() if model.PAST}
    assert labels == set(preview.NOUNS)


@pytest.mark.parametrize("number", [1, 2])
def test_one_and_many_read_well(cast, number):
    for _ in range(number):
        condition(cast)
    permit(cast.amina, cast.chidi, at=cast.at)
    view = preview.current(patient=cast.amina, party=cast.chidi, at=cast.at)
    words = {1: "Diagnoses: 1 diagnosis", 2: "Diagnoses: 2 diagnoses"}[number]
    assert words in view.will_see()


def test_what_is_counted_together_is_named_in_plain_words(cast):
    """ "52 other entries" told nobody what is shared."""

    def rows(**numbers: int) -> list[preview.Row]:
        return [
            preview.Row(f"patients.{model}", uuid.uuid4(), 1, 0, cast.at, False, True)
            for model, number in numbers.items()
            for _ in range(number)
        ]

    three = rows(goal=1, symptom=2, testresult=1)
    assert preview.counted(three) == "2 symptoms, 1 test result, 1 goal"
    four = rows(goal=1, symptom=2, testresult=1, supplycount=5)
    said = "2 symptoms, 5 counts of supplies, 2 more: test results and goals"
    assert preview.counted(four) == said
    more = rows(symptom=1, testresult=1, goal=3, hospitalstay=2, condition=1, checkin=1)
    said = (
        "1 diagnosis, 1 symptom, 7 more: goals, hospital stays, answers after changes"
    )
    assert preview.counted(more) == f"{said} and others"


def test_of_somebody_on_paper_it_says_what_they_see_once_they_join(cast):
    """The counts are those of the rule, and they stay on paper."""
    condition(cast)
    kept = condition(cast)
    paper = providers.add_practitioner(name="Riley Chen", profession="psychiatrist")
    actions.join(
        patient=cast.amina,
        party=paper.party,
        role="psychiatrist",
        by=cast.amina.user,
        at=cast.at,
    )
    actions.keep_back(item=kept, by=cast.amina.user, at=cast.at)
    view = proposed(cast, paper.party)
    assert not view.can_sign_in and view.will_see() == ["Diagnoses: 1 diagnosis"]
    assert "Kept back by your other choices (1 diagnosis)" in view.will_not_see()
    paper.party.refresh_from_db()
    assert paper.party.user is None
    permit(cast.amina, paper.party, at=cast.at)
    standing = preview.current(patient=cast.amina, party=paper.party, at=cast.at)
    assert "Diagnoses: 1 diagnosis" in standing.will_see()


def test_coordination_alone_opens_no_chart(cast):
    """The list says what the pages then show: updates from elsewhere, no diagnosis."""
    condition(cast)
    update = writing.send(cast, "bram", "jon")
    kinds = CATEGORIES.all
    alone = proposed(cast, cast.chidi, categories=kinds, purposes=PURPOSES["COC"])
    assert {pk for _label, pk in alone.seen} == {update.pk}
    assert "Diagnoses (1 diagnosis)" in alone.will_not_see()
    treats = proposed(cast, cast.chidi, categories=kinds, purposes=PURPOSES["TREAT"])
    assert update.pk not in {pk for _label, pk in treats.seen}
    assert "Diagnoses: 1 diagnosis" in treats.will_see()
    elsewhere = "Updates from people elsewhere, or kept back by you (1 update)"
    assert elsewhere in treats.will_not_see()
