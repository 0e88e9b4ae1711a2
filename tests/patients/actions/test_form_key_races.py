"""One form, sent four times at the same moment, is one item (PostgreSQL)."""

from __future__ import annotations

import uuid

import pytest

from carecoord.form_keys import FormUsedError
from patients.actions import events, record
from patients.actions.medicine_terms import Keep
from patients.models import Condition, Goal, TimelineEvent
from tests import cast as people
from tests.messaging.test_at_once import race

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def cast(transactional_db):
    return people.build()


def add(cast, key: uuid.UUID, keep: Keep) -> str:
    said = {"what": "ride the bus", "target": "daily"}
    about = {"patient": cast.amina, "model": Goal, "categories": 1, "labels": 0}
    by = {"by": cast.amina.user, "at": cast.at}
    try:
        return str(record.add(key=key, keep=keep, columns=said, **about, **by).pk)
    except FormUsedError:
        return "used"


def test_four_clicks_add_one_item(cast):
    key = uuid.uuid4()
    assert len(set(race(lambda _n: add(cast, key, Keep())))) == 1
    assert Goal.objects.count() == 1


def test_of_four_with_other_answers_one_is_saved_and_the_others_are_told(cast):
    key = uuid.uuid4()
    keeps = [Keep(), Keep(only_me=True), Keep(), Keep(only_me=True)]
    found = race(lambda number: add(cast, key, keeps[number]))
    assert Goal.objects.count() == 1
    assert found.count("used") == 2


def test_four_clicks_tell_one_diagnosis(cast):
    key = uuid.uuid4()
    said = events.Happening(kind="condition_found", what="Gout")
    by = {"patient": cast.amina, "by": cast.amina.user, "at": cast.at}
    race(lambda _n: events.record(happening=said, form_key=key, **by).pk)
    assert Condition.objects.count() == TimelineEvent.objects.count() == 1
