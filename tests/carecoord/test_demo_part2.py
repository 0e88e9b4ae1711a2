"""The demo's word from a substance use programme: the notice and the scope go along."""

import pytest
from django.test import Client
from django.urls import reverse

from carecoord.clock import database_now
from carecoord.demo import world
from carecoord.demo.jordan import programme, sharing, team
from carecoord.demo.story import Stage
from consents import part2
from messaging.models import Update
from tests.consents.views.pages import sign_in, text_of

SCOPE = "Allowed by name: treatment for alcohol or drug use."
NAME = "Riverside Recovery"


@pytest.fixture
def stage(db, settings):
    settings.DEMO = True
    stage = Stage(database_now())
    world.professionals(stage)
    jordan = team.arrive(stage)
    sharing.share(stage, jordan)
    programme.pass_on(stage, jordan)
    world.acknowledge(stage, ("patient", "caregiver"))
    return stage


@pytest.mark.slow
@pytest.mark.security("T88")
@pytest.mark.capability("S16")
def test_the_notice_and_the_scope_stand_wherever_it_is_read(stage):
    update = Update.objects.get(part2_origin=True)
    jordan = update.patient
    notice = part2.notice_text()

    def reads(key: str, name: str, *args) -> tuple[int, str]:
        client = Client()
        sign_in(client, stage.users[key])
        answer = client.get(reverse(name, args=[jordan.pk, *args]))
        return answer.status_code, " ".join(text_of(answer).split())

    for name, args in (
        ("messaging:update", [update.pk]),
        ("messaging:update_text", [update.pk]),
        ("patients:summary", []),
        ("patients:summary_text", []),
    ):
        status, said = reads("psychiatrist", name, *args)
        assert status == 200 and notice in said and SCOPE in said, name
    assert NAME in reads("psychiatrist", "messaging:update", update.pk)[1]
    # Whoever is not allowed the topic reads as if it had never been written.
    assert reads("pcp", "messaging:update", update.pk)[0] == 404
    for name in ("patients:chart", "patients:summary_text", "messaging:updates"):
        said = reads("pcp", name)[1]
        assert NAME not in said and notice not in said and "down from 4" not in said, (
            name
        )
