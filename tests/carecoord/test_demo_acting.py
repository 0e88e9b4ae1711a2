"""The demo's three who are acted for, and what should not wait: it is really there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from carecoord.clock import database_now
from carecoord.demo import acting, lee_park, signs, turning_18, world
from carecoord.demo.story import Stage
from carecoord.supervisor import DEMO_PEOPLE
from messaging.models import Notice
from patients.models import Patient, SideEffect, TimelineEvent
from tests.consents.views.pages import sign_in, text_of


@pytest.fixture
def stage(db, settings):
    settings.DEMO = True
    stage = Stage(database_now())
    world.professionals(stage)
    lee_park.play(stage)
    acting.play(stage)
    signs.play(stage)
    turning_18.play(stage)
    world.acknowledge(
        stage,
        (
            *("patient3", "teen", "parent", "representative"),
            *("almost18", "just18", "parent2"),
        ),
    )
    return stage


def reads(stage, key: str, name: str, patient: Patient) -> str:
    client = Client()
    sign_in(client, stage.users[key])
    return text_of(client.get(reverse(name, args=[patient.pk])))


def test_every_account_is_listed_and_each_story_stands(stage):
    assert {f"{key}@demo.example" for key in stage.users} <= set(DEMO_PEOPLE)
    maya = Patient.objects.get(name="Maya Reyes")
    assert "norethindrone" in reads(stage, "teen", "patients:medicines", maya)
    mother = reads(stage, "parent", "patients:medicines", maya)
    assert "fluoxetine" in mother and "norethindrone" not in mother
    assert "Sam Okafor" not in reads(stage, "parent", "consents:receipts", maya)
    theo = Patient.objects.get(name="Theo Reyes")
    assert theo.user is None
    for key in ("parent", "pcp"):
        assert "methylphenidate" in reads(stage, key, "patients:medicines", theo)
    walter = Patient.objects.get(name="Walter Quinn")
    assert "Dr. Pia Ortiz asks you to share" in reads(
        stage, "representative", "consents:sharing", walter
    )
    page = reads(stage, "patient3", "consents:representatives", walter)
    assert "Health care proxy, signed May 2, 2021" in page
    assert "Stop Nora Quinn acting for you" in page


def test_a_sign_that_may_be_dangerous_and_missed_doses_are_there(stage):
    walter = Patient.objects.get(name="Walter Quinn")
    (effect,) = SideEffect.objects.filter(patient=walter)
    asked = {"kwargs": {"patient_id": walter.pk, "medicine_id": effect.medicine_id}}
    client = Client()
    for key, reads_it in (("representative", True), ("psychiatrist", False)):
        sign_in(client, stage.users[key])
        page = text_of(client.get(reverse("patients:medicine_history", **asked)))
        assert "Fainting or an irregular heartbeat" in page
        assert ("Do not wait with this" in page) is reads_it
    at_once = effect.recorded_at + timedelta(minutes=15)
    told = Notice.objects.filter(patient=walter, created_at=at_once)
    assert stage.users["psychiatrist"] in {one.user for one in told}
    park = Patient.objects.get(name="Lee Park")
    assert "missed" in reads(stage, "patient2", "patients:medicines", park)
    missed = TimelineEvent.objects.filter(patient=park, kind="doses_missed")
    assert [one.detail for one in missed.order_by("recorded_at")] == ["", "Side effect"]


def test_one_turns_18_in_days_and_one_has_not_decided_yet(stage):
    father, iris, finn = (stage.users[key] for key in ("parent2", "almost18", "just18"))
    told = Notice.objects.filter(kind="coming_of_age", channel="in_app")
    assert [told.filter(user=user).count() for user in (iris, father)] == [3, 6]
    assert "you alone decide" in reads(
        stage, "almost18", "patients:chart", iris.patient
    )
    client = Client()
    sign_in(client, finn)
    page = text_of(client.get("/", follow=True))
    assert (
        "This is yours now" in page and page.count("Signed for you by Owen Vale") == 2
    )
    sign_in(client, father)
    for patient, status in ((iris.patient, 200), (finn.patient, 404)):
        chart = reverse("patients:chart", args=[patient.pk])
        assert client.get(chart).status_code == status
