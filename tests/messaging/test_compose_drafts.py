"""What is sent goes once; what was typed is never lost, whatever happens."""

import uuid

import pytest
from django.urls import reverse

from messaging.actions import updates
from messaging.models import Update, UpdateDraft
from tests.messaging.test_compose import address, post
from tests.messaging.writing import (
    carried,
    signed_in,
    typed,
    words,
)


@pytest.fixture
def chidi(cast):
    return signed_in(cast, "chidi")


# Once, and never lost -----------------------------------------------------------------


@pytest.mark.security("T70")
def test_sending_twice_sends_once(cast, chidi):
    checked = post(chidi, cast, "check")
    again = {"typed": carried(checked), "action": "send"}
    first, second = (chidi.post(address(cast), again) for _click in range(2))
    assert first.url == second.url
    assert Update.objects.count() == 1


def test_going_back_and_sending_another_text_offers_a_correction(cast, chidi):
    key = str(uuid.uuid4())
    post(chidi, cast, "send", form_key=key)
    other = post(chidi, cast, "send", form_key=key, what_changed="5 hours since Nov 9.")
    assert other.status_code == 409
    assert "This was sent already" in words(other)
    again = chidi.post(address(cast), {"typed": carried(other), "action": "change"})
    assert "5 hours since Nov 9." in again.content.decode()
    assert "Correct an update" in words(again)


def test_a_draft_is_saved_without_javascript_and_comes_back(cast, chidi):
    saved = post(chidi, cast, "save", what_changed="Half a thought")
    assert saved.status_code == 302
    assert "Half a thought" in chidi.get(address(cast)).content.decode()
    chidi.post(address(cast), {"action": "discard"})
    assert "Half a thought" not in chidi.get(address(cast)).content.decode()


def test_the_page_saves_by_itself(cast, chidi):
    draft = reverse("messaging:update_draft", args=[cast.amina.pk])
    response = chidi.post(draft, typed(cast, what_changed="Half a thought"))
    assert response.content.decode().startswith("Draft saved")
    assert "Half a thought" in chidi.get(address(cast)).content.decode()
    stranger = signed_in(cast, "dana").post(draft, typed(cast))
    assert stranger.status_code == 404


def test_a_draft_belongs_to_its_author(cast, chidi):
    post(chidi, cast, "save", what_changed="Half a thought")
    bram = signed_in(cast, "bram")
    assert "Half a thought" not in bram.get(address(cast)).content.decode()


def test_an_error_on_our_side_keeps_what_was_typed(cast, chidi, monkeypatch):
    def fails(**_kwargs):
        raise RuntimeError("the disk is full")

    chidi.raise_request_exception = False
    monkeypatch.setattr(updates, "send", fails)
    response = post(chidi, cast, "send", what_changed="All of this")
    assert response.status_code == 500
    assert not Update.objects.exists()
    assert "All of this" in chidi.get(address(cast)).content.decode()


def test_after_sending_the_draft_is_gone(cast, chidi):
    post(chidi, cast, "check")
    assert UpdateDraft.objects.exists()
    post(chidi, cast, "send")
    assert not UpdateDraft.objects.exists()


@pytest.mark.security("T09", "T57")
@pytest.mark.parametrize(
    "carry",
    [
        *("[]", "not json", "{}", '{"urgency": "today"}', '{"corrects": []}'),
        *('{"what_changed": ["\\ud800"]}', '{"what_changed": [{"a": null}]}'),
    ],
)
def test_carried_text_that_was_tampered_with_sends_nothing(cast, chidi, carry):
    for action in ("send", "check"):
        response = chidi.post(address(cast), {"typed": carry, "action": action})
        assert response.status_code == 200
    assert not Update.objects.exists()
    # What was kept as a draft is shown again.
    assert chidi.get(address(cast)).status_code == 200


@pytest.mark.security("T29")
def test_a_recipient_outside_the_team_cannot_be_chosen(cast, chidi):
    response = post(chidi, cast, "send", "dana")
    assert "Choose someone from the list." in words(response)
    assert not Update.objects.exists()


def test_going_back_and_sending_to_others_is_not_said_to_be_sent(cast, chidi):
    key = str(uuid.uuid4())
    for _click in range(2):
        sent = post(chidi, cast, "send", form_key=key, to=[str(cast.bram.pk)])
        assert sent.status_code == 302
    people = [str(cast.bram.pk), str(cast.jon.pk)]
    for to in (people, people[1:]):
        other = post(chidi, cast, "send", form_key=key, to=to)
        assert other.status_code == 409 and "This was sent already" in words(other)
