"""A form that was sent before, with other words: a calm page, and nothing is lost.

Found: "I decided", sent with the key of an answer to another update, was a 500; an
answer sent twice with other words said "Sent" and kept the first words alone.
"""

from __future__ import annotations

import uuid

import pytest

from messaging.models import Reply
from tests.messaging.writing import row, send, signed_in, words

pytestmark = pytest.mark.django_db


def post(client, update, page: str, **said: str):
    address = f"/patients/{update.patient_id}/updates/{update.pk}/{page}/"
    return client.post(address, {"mentions": ["none"], **said})


def decide(client, update, key, text="150 mg"):
    said = {"plan": "decided", "text": text, "form_key": str(key)}
    return post(client, update, "acknowledge", **said)


def test_a_decision_with_the_key_of_another_answer_asks_for_the_form_again(cast):
    first, second = send(cast, "chidi", "bram"), send(cast, "chidi", "bram")
    bram, key = signed_in(cast, "bram"), uuid.uuid4()
    assert decide(bram, first, key).status_code == 302
    again = decide(bram, second, key, text="No change for now.")
    assert again.status_code == 409
    assert "Open the form again" in words(again)
    assert "No change for now." in words(again)
    assert row(second, cast, "bram").status == "sent"
    assert Reply.objects.count() == 1


def test_the_same_decision_twice_is_no_conflict_and_another_text_is(cast):
    update, key = send(cast, "chidi", "bram"), uuid.uuid4()
    bram = signed_in(cast, "bram")
    assert [decide(bram, update, key).status_code for _click in range(2)] == [302, 302]
    assert decide(bram, update, key, text="Stop it.").status_code == 409
    assert "150" in Reply.objects.get().decision


def test_an_answer_sent_again_with_other_words_is_not_said_to_be_sent(cast):
    update, key = send(cast, "chidi", "bram"), str(uuid.uuid4())
    bram = signed_in(cast, "bram")
    for _click in range(2):
        sent = post(bram, update, "reply", text="Yes.", form_key=key)
        assert sent.status_code == 302
    other = post(bram, update, "reply", text="No, wait.", form_key=key)
    assert other.status_code == 409
    assert "No, wait." in words(other) and "Yes." not in words(other)
    assert Reply.objects.get().text == "Yes."


def test_the_key_of_somebody_elses_answer_shows_nothing_of_it(cast):
    update, key = send(cast, "chidi", "bram", "jon"), str(uuid.uuid4())
    post(signed_in(cast, "bram"), update, "reply", text="Yes.", form_key=key)
    page = post(signed_in(cast, "jon"), update, "reply", text="Mine.", form_key=key)
    assert page.status_code == 409
    assert "Mine." in words(page) and "Yes." not in words(page)
