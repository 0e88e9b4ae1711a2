"""The privacy officer corrects the state of a patient who has no sign-in."""

import pytest
from django.urls import reverse

from consents.codes import LABELS
from consents.decisions import decide
from tests.consents.acting import record, relative, small_child
from tests.consents.test_decisions import condition
from tests.consents.test_representatives import reads
from tests.consents.views.pages import sign_in, text_of


@pytest.fixture
def young(cast, settings):
    """13, without a sign-in: in some states HIV is hers from 12, in others from 14."""
    settings.DEMO = True
    return small_child(cast, 13)


@pytest.mark.capability("X1")
def test_the_officer_reads_first_what_a_state_opens(client, cast, young):
    rosa = relative(young, "Rosa Haddad")
    record(cast, young, rosa, "parent")
    item = condition(cast, patient=young, labels=LABELS["hiv"], recorded_by=cast.ines)
    asks = reads(rosa, cast.at)
    assert not decide(item, asks).permitted
    sign_in(client, cast.ines)
    found = reverse("consents:acting_patient", args=[young.pk])
    address = reverse("patients:state_correct", args=[young.pk])
    assert address in text_of(client.get(found))
    asked = text_of(client.post(address, {"state": "WA"}))
    assert "A parent who acts will then see: HIV" in asked
    young.refresh_from_db()
    assert young.state == "" and not decide(item, asks).permitted
    client.post(address, {"state": "WA", "sure": "sure-WA"})
    young.refresh_from_db()
    assert young.state == "WA"
    assert young.history.first().history_user == cast.ines
    item.refresh_from_db()
    assert decide(item, asks).permitted


def test_whoever_signs_in_says_it_alone(client, cast):
    sign_in(client, cast.ines)
    address = reverse("patients:state_correct", args=[cast.amina.pk])
    answer = client.post(address, {"state": "WA", "sure": "sure-WA"})
    cast.amina.refresh_from_db()
    assert answer.status_code == 302 and cast.amina.state != "WA"


def test_nobody_else_corrects_it(client, cast, young):
    address = reverse("patients:state_correct", args=[young.pk])
    for user in (cast.amina.user, cast.user("bram"), cast.user("hana")):
        sign_in(client, user)
        assert client.get(address).status_code == 404
        assert client.post(address, {"state": "WA"}).status_code == 404
