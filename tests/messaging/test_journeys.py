"""Therapist to psychiatrist and back, through the pages."""

import re
import uuid
from html import unescape

import pytest
from django.urls import reverse

from messaging.actions import drafts
from messaging.models import Update, UpdateRecipient
from tests.cast import permit


@pytest.fixture(autouse=True)
def demo(settings):
    """Clinicians sign in without a second factor here."""
    settings.DEMO = True


@pytest.fixture
def bram(cast, client_class):
    return signed_in(cast, client_class, "bram")


@pytest.fixture
def chidi(cast, client_class):
    return signed_in(cast, client_class, "chidi")


@pytest.fixture
def client_class():
    from django.test import Client

    return Client


def signed_in(cast, client_class, who):
    client = client_class()
    client.force_login(cast.user(who))
    drafts.note_safety_notice(by=cast.user(who), at=cast.at)
    return client


def page(response) -> str:
    """What stands on the page, without marks."""
    text = unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(text.split())


def typed(cast, **changes):
    said = {
        "to": [str(cast.bram.pk)],
        "urgency": "two_days",
        "sleep_hours": "4",
        "suicidal_thoughts": "none",
        "what_changed": "Sleep has dropped to 4 hours since Nov 3.",
        "ask": "review_dose",
        "mentions": ["none"],
        "form_key": str(uuid.uuid4()),
    }
    return said | changes


def test_the_therapist_writes_the_psychiatrist_decides_the_therapist_learns(
    cast, chidi, bram
):
    permit(cast.amina, cast.chidi, at=cast.at)
    new = reverse("messaging:update_new", args=[cast.amina.pk])
    opened = chidi.get(new)
    assert "Amina can read this." in page(opened)
    checked = chidi.post(new, typed(cast) | {"action": "check"})
    assert "Review dose or timing: sleep 4 hours" in page(checked)
    assert not Update.objects.exists()
    carried = re.search(r'name="typed" value="([^"]*)"', checked.content.decode())
    sent = chidi.post(new, {"typed": unescape(carried[1]), "action": "send"})
    update = Update.objects.get()
    assert sent.url == reverse("messaging:update", args=[cast.amina.pk, update.pk])

    work = bram.get(reverse("messaging:worklist"))
    assert "Amina Diallo: Review dose or timing: sleep 4 hours" in page(work)
    acknowledge = reverse("messaging:acknowledge", args=[cast.amina.pk, update.pk])
    taken = bram.post(acknowledge, {"plan": "call_by", "plan_date": "2031-01-07"})
    assert taken.url == reverse("messaging:worklist")
    assert "You will call by Tue, Jan 7, 2031" in page(bram.get(taken.url))

    reply = reverse("messaging:reply", args=[cast.amina.pk, update.pk])
    answered = bram.post(
        reply,
        {
            "decision": "quetiapine 150 mg at bedtime from today",
            "watch_for": "sleepiness in the morning",
            "watch_weeks": "2",
            "mentions": ["none"],
            "form_key": str(uuid.uuid4()),
        },
    )
    assert answered.status_code == 302
    learned = page(chidi.get(reverse("messaging:worklist")))
    assert "Decided: quetiapine 150 mg at bedtime" in learned
    assert "Watch for (2 weeks): sleepiness in the morning" in learned
    chidi.post(reverse("messaging:close", args=[cast.amina.pk, update.pk]))
    assert UpdateRecipient.objects.get().status == "closed"
