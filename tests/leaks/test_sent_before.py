"""The page "This was sent already" shows an author no more than every other page.

Found: it showed the text to its author without asking the rule. Whoever was blocked,
and taken back onto the team later, reads what they wrote before on no page; sending the
old form with another text showed it.
"""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from consents import actions as consents
from messaging.access import updates as loaders
from messaging.models import Update
from patients.actions import team
from tests.messaging.test_compose import post, slept
from tests.messaging.writing import signed_in, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

FIRST, OTHER = "CNRYfirst", "CNRYother"


def blocked_and_taken_back(cast) -> None:
    by = {"by": cast.amina.user, "at": cast.at}
    member = cast.amina.care_team.get(party=cast.chidi, ended_at=None)
    team.remove(participant=member, block=True, **by)
    consents.join(patient=cast.amina, party=cast.chidi, role="therapist", **by)


def sent_again(cast, *, meanwhile=lambda cast: None):
    """The form is sent, then sent with another text. Gives the browser and the page."""
    chidi, key = signed_in(cast, "chidi"), str(uuid.uuid4())
    first = post(chidi, cast, "send", form_key=key, what_changed=FIRST)
    assert first.status_code == 302
    meanwhile(cast)
    return chidi, post(chidi, cast, "send", form_key=key, what_changed=OTHER)


def whole(cast, chidi):
    one = [cast.amina.pk, Update.objects.earliest("recorded_at").pk]
    return chidi.get(reverse("messaging:update", args=one))


@pytest.mark.security("T26")
def test_who_was_blocked_does_not_read_the_own_text_on_the_page_of_another(cast):
    chidi, page = sent_again(cast, meanwhile=blocked_and_taken_back)
    assert whole(cast, chidi).status_code == 404
    assert FIRST not in page.content.decode()
    # Nothing is lost: what was typed is there, and can be sent as a new update.
    assert page.status_code == 409 and OTHER in page.content.decode()
    assert "You sent this form before. This text is not sent." in words(page)
    key = re.search(r'name="form_key" value="([^"]*)"', page.content.decode())[1]
    sent = post(chidi, cast, "send", form_key=key, what_changed=OTHER)
    assert sent.status_code == 302
    texts = {each.what_changed for each in Update.objects.all()}
    assert texts == {FIRST, OTHER}


def test_the_test_of_that_fails_where_the_rule_is_not_asked(cast, monkeypatch):
    """The vulnerable twin."""
    monkeypatch.setattr(
        loaders, "own_sent", lambda opened, pk: Update.objects.get(pk=pk)
    )
    with pytest.raises(AssertionError, match=FIRST):
        test_who_was_blocked_does_not_read_the_own_text_on_the_page_of_another(cast)


def test_an_author_reads_there_what_the_update_says_elsewhere(cast):
    slept(cast, 7, author=cast.chidi)
    chidi, page = sent_again(cast)
    assert page.status_code == 409 and FIRST in words(page)
    # "down from 7": what the author compared with, as on every other page.
    assert Update.objects.get().numbers.get().previous
    assert "down from" in words(page) and "down from" in words(whole(cast, chidi))
    assert "Send the new text as a correction" in words(page)
    assert FIRST in words(whole(cast, chidi))
