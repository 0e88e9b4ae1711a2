"""The demo's three who are acted for: what each log-in shows is really there."""

import pytest
from django.test import Client
from django.urls import reverse

from carecoord.clock import database_now
from carecoord.demo import acting, world
from carecoord.demo.story import Stage
from carecoord.supervisor import DEMO_PEOPLE
from patients.models import Patient
from tests.consents.views.pages import sign_in, text_of


@pytest.fixture
def stage(db, settings):
    settings.DEMO = True
    stage = Stage(database_now())
    world.professionals(stage)
    acting.play(stage)
    world.acknowledge(stage, ("patient3", "teen", "parent", "representative"))
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
    assert "FLUoxetine" in mother and "norethindrone" not in mother
    assert "Sam Okafor" not in reads(stage, "parent", "consents:receipts", maya)
    theo = Patient.objects.get(name="Theo Reyes")
    assert theo.user is None
    for key in ("parent", "pcp"):
        assert "methylphenidate" in reads(stage, key, "patients:medicines", theo)
    walter = Patient.objects.get(name="Walter Quinn")
    assert "Dr. Pia Ortiz asks to see more" in reads(
        stage, "representative", "consents:sharing", walter
    )
    page = reads(stage, "patient3", "consents:representatives", walter)
    assert "Health care proxy, signed May 2, 2021" in page
    assert "Stop Nora Quinn acting for you" in page
