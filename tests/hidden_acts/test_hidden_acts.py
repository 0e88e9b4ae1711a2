"""Noninterference: whatever is hidden from a reader happens, and they get the same.

Each reader looks around twice, from one standing: after an hour without the acts that
are hidden from them, and after the same hour with them, each at its own instant.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from unittest import mock

import pytest
from django.db.models import Q

from consents import representing, told
from consents.actions.terms import RuleError
from messaging import gathering
from messaging.access import updates as loaders
from patients.models import TimelineEvent
from patients.views.medicines import lists
from tests.hidden_acts import (
    childs_acts,
    childs_others,
    others_acts,
    record_acts,
    sharing_acts,
    walking,
)
from tests.hidden_acts.observing import undone
from tests.hidden_acts.standing import Stage, adult, family
from tests.hidden_acts.table import ACTS, CHILDS, Act

pytestmark = pytest.mark.django_db

# Each fills the table with its own.
PARTS = (record_acts, sharing_acts, others_acts, childs_acts, childs_others)
STAGES = {"adult": (adult, ACTS), "family": (family, CHILDS)}
# Whom attackers chose to be, and who reads the most pages that may tell.
READERS = [
    *(("adult", who) for who in ("chidi", "hana")),
    *(("family", who) for who in ("lina",)),
]
EVERYBODY = [
    *(("adult", who) for who in ("olu", "pat", "fatou", "dana", "kim", "lena")),
    *(("adult", who) for who in ("guest", "ines", "gus", "edo")),
    *(("family", who) for who in ("rosa", "sami", "guest", "gus")),
]
# Jon and Bram may read most of what happens: the table does not say yet which of it is
# theirs to know, so that a walk with them would say nothing.
# How many random walks the long run takes with each reader; and from which on.
WALKS = int(os.environ.get("CARECOORD_WALKS", "1"))
SEED = int(os.environ.get("CARECOORD_WALKS_FROM", "20261126"))


@pytest.fixture(autouse=True)
def still(monkeypatch, settings) -> Iterator[None]:
    settings.DEMO = True
    monkeypatch.setattr(
        "patients.documents.sheet.new_document_id", lambda: "ABCD-ABCD-ABCD"
    )
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def nothing_is_told(stage: Stage, who: str, slots: walking.Slots) -> None:
    if found := walking.differing(stage, who, slots):
        blamed = walking.to_blame(stage, who, slots, found)
        raise AssertionError({"pages": found, "by": blamed})


@pytest.mark.slow
@pytest.mark.security("T08", "T26", "L08")
@pytest.mark.parametrize("where, who", READERS)
def test_what_is_hidden_from_somebody_changes_nothing_for_them(where, who):
    build, acts = STAGES[where]
    nothing_is_told(build(), who, walking.all_hidden(acts, who))


@pytest.mark.deep
@pytest.mark.parametrize("where, who", EVERYBODY)
def test_nor_for_anybody_else(where, who):
    build, acts = STAGES[where]
    nothing_is_told(build(), who, walking.all_hidden(acts, who))


@pytest.mark.deep
@pytest.mark.parametrize("where, who", [*READERS, *EVERYBODY])
def test_nor_between_what_they_may_know_in_any_order(where, who):
    """CARECOORD_WALKS says how many; a failure names the seed of its walk."""
    build, acts = STAGES[where]
    stage = build()
    for seed in range(SEED, SEED + WALKS):
        slots = walking.drawn(acts, seed, len(acts) // 2)
        assert (seed, walking.differing(stage, who, slots)) == (seed, {})


@pytest.mark.slow
@pytest.mark.parametrize("where", STAGES)
def test_each_act_can_be_done(where):
    build, acts = STAGES[where]
    stage, refused = build(), {}
    for name, act in acts.items():
        try:
            with undone():
                act.do(stage)
        except RuleError as error:
            refused[name] = str(error)
    assert refused == {}


# Old leaks, put back: the walk finds each (vulnerable twins) ------------------------


def told_by(stage: Stage, who: str, page: str, *acts: Act) -> walking.Differing:
    chart = f"/patients/{stage.patient.pk}/"
    return walking.differing(stage, who, acts, [f"GET {chart}{page}"])


@pytest.mark.slow
def test_old_leaks_of_an_adult_that_are_put_back_are_found():
    stage = adult()
    update = f"updates/{stage.things['from_chidi'].pk}/"
    passed_on, keeps = ACTS["bram_passes_chidis_on"], ACTS["names_who_keeps_the_list"]
    assert not told_by(stage, "chidi", update, passed_on)
    with mock.patch.object(
        loaders, "_rows_shown", lambda opened, update, rows, *_: rows
    ):
        assert told_by(stage, "chidi", update, passed_on)
    assert not told_by(stage, "chidi", "list/", keeps)
    with mock.patch.object(lists, "_may_know_keeper", lambda opened: True):
        assert told_by(stage, "chidi", "list/", keeps)
    nevers = (ACTS["signs_a_never_about_a_topic"], ACTS["signs_a_never_for_fatou"])
    assert not told_by(stage, "lena", "sharing/receipts/", *nevers)
    for never in nevers:
        with mock.patch.object(told, "_reached", lambda *_: Q(signed_at__isnull=False)):
            assert told_by(stage, "lena", "sharing/receipts/", never)


@pytest.mark.slow
def test_a_mail_that_waits_for_what_is_hidden_is_found():
    stage = adult()
    late = [
        ACTS["adds_a_plain_medicine"],
        *[None] * 12,
        ACTS["adds_a_labelled_medicine"],
    ]
    assert not walking.differing(stage, "jon", late, [])

    def waits(patient_id, *, at) -> set:
        running = TimelineEvent.objects.filter(patient=patient_id, due_at__gt=at)
        return {stage.user("jon").pk} if running.exists() else set()

    with mock.patch.object(gathering, "_told_soon", waits):
        assert "mails" in walking.differing(stage, "jon", late, [])


@pytest.mark.slow
def test_old_leaks_of_a_child_that_are_put_back_are_found():
    stage = family()
    joins = CHILDS["takes_bram_on"]
    assert not told_by(stage, "rosa", "team/", joins)
    with mock.patch.object(representing, "known_members", lambda opened: Q()):
        assert told_by(stage, "rosa", "team/", joins)
    prescribed = CHILDS["adds_what_chidi_prescribed"]
    assert not told_by(stage, "rosa", "medicines/", prescribed)
