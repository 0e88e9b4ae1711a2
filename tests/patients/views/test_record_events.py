"""What an item of the record tells the team, and what its form refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest

from patients import models
from patients.actions import timeline
from patients.codes import EventKind
from patients.models import TimelineEvent
from tests.patients.views.test_record import add, only, where

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
HIV = 4

# Events -------------------------------------------------------------------------------


def test_a_diagnosis_found_this_year_is_told_and_an_old_one_is_not(client, cast):
    add(client, cast, "conditions")
    event = TimelineEvent.objects.get(kind=EventKind.CONDITION_FOUND)
    assert event.title == "Diagnosis: asthma"
    assert event.due_at == event.recorded_at + timeline.GATHER
    add(client, cast, "conditions", name="eczema", since_year="2001")
    old = TimelineEvent.objects.get(about__isnull=False, due_at=None)
    assert old.title == "Diagnosis: eczema"


def test_an_old_hospital_stay_stands_on_the_timeline_and_tells_nobody(client, cast):
    add(client, cast, "hospital")
    event = TimelineEvent.objects.get(kind=EventKind.HOSPITAL)
    assert event.due_at is None
    add(client, cast, "hospital", when="yesterday")
    assert TimelineEvent.objects.exclude(due_at=None).count() == 1


def test_the_event_of_a_kept_back_item_is_kept_back_too(client, cast):
    add(client, cast, "conditions", keep=["me"], mark=["hiv"])
    event = TimelineEvent.objects.get()
    saved = only("conditions")
    assert (event.lineage, event.labels) == (saved.pk, HIV)


def test_a_mistake_before_anyone_was_told_is_told_to_nobody(client, cast):
    add(client, cast, "conditions")
    saved = only("conditions")
    client.post(where(cast, "conditions", f"{saved.pk}/mistake/"), {"version": "1"})
    event = TimelineEvent.objects.get()
    assert event.cancelled_by == cast.amina.user


def test_a_mistake_that_was_told_is_corrected(client, cast):
    add(client, cast, "conditions")
    saved = only("conditions")
    TimelineEvent.objects.update(fanned_out_at=cast.at)
    client.post(where(cast, "conditions", f"{saved.pk}/mistake/"), {"version": "1"})
    correction = TimelineEvent.objects.get(corrects__isnull=False)
    assert correction.title == "Entered by mistake: Diagnosis: asthma"
    assert correction.lineage == saved.pk


# Numbers, days, texts -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "value", "words"),
    [
        ("sleep_hours", "25", "Enter a number from 0 to 24."),
        ("phq9", "28", "Enter a number from 0 to 27."),
        ("systolic", "12", "Enter a number from 40 to 300."),
    ],
)
def test_a_number_nobody_could_mean_is_asked_again(client, cast, measure, value, words):
    answer = add(client, cast, "numbers", measure=measure, value=value)
    assert words in answer.content.decode()
    assert not models.Observation.objects.exists()


def test_a_number_of_yesterday_is_of_yesterday(client, cast):
    add(client, cast, "numbers", day="yesterday")
    saved = only("numbers")
    assert saved.value == Decimal("4.5")
    assert timedelta(hours=1) < saved.recorded_at - saved.occurred_at
    assert saved.recorded_at - saved.occurred_at < timedelta(hours=48)


def test_a_number_of_tomorrow_is_asked_again(client, cast):
    answer = add(client, cast, "numbers", day="Jan 1, 2099")
    assert "not in the future" in answer.content.decode()


def test_a_stay_counts_from_its_own_day_for_permissions(client, cast):
    add(client, cast, "hospital")
    assert only("hospital").occurred_at.year == 2019


@pytest.mark.parametrize("year", ["1899", "2999", "last year"])
def test_a_year_that_cannot_be_is_asked_again(client, cast, year):
    answer = add(client, cast, "conditions", since_year=year)
    assert "Enter a year" in answer.content.decode()


def test_a_hidden_character_is_refused(client, cast):
    answer = add(client, cast, "goals", what="sleep \N{RIGHT-TO-LEFT OVERRIDE}4")
    assert "hidden character" in answer.content.decode()


def test_a_text_longer_than_the_paper_carries_is_refused_with_its_limit(client, cast):
    answer = add(client, cast, "symptoms", better="x" * 241)
    assert "Use at most 240 letters here." in answer.content.decode()
