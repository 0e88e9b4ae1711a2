"""Updates as tests send them, and pages as people read them."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from html import unescape

from django.db.models import Max
from django.test import Client

from consents.codes import LABELS
from messaging.actions import acknowledgements, drafts, replies, updates
from messaging.actions.acknowledgements import Choice
from messaging.actions.replies import Answer
from messaging.actions.updates import Content, Number
from messaging.models import Update, UpdateRecipient

TWO_DAYS = timedelta(days=2)
SLEPT = Number("sleep_hours", Decimal(4), Decimal(7))


def content(**changes: object) -> Content:
    """An update that asks for a review, with one number, and mentions nothing."""
    said = {
        "urgency": "two_days",
        "suicidal_thoughts": "none",
        "ask": "review_dose",
        "labels": 0,
        "what_changed": "Sleep has dropped to 4 hours since Nov 3.",
        "numbers": (SLEPT,),
    }
    return Content(**said | changes)


def information(**changes: object) -> Content:
    return content(urgency="information", ask="nothing", **changes)


def send(
    cast,
    author: str,
    *to: str,
    at=None,
    patient: str = "amina",
    corrects: Update | None = None,
    form_key: uuid.UUID | None = None,
    said: Content | None = None,
) -> Update:
    """Sends as one of the cast, to others of it, by first name."""
    return updates.send(
        patient=getattr(cast, patient),
        author=getattr(cast, author),
        content=said or content(),
        recipients=[getattr(cast, who) for who in to],
        form_key=form_key or uuid.uuid4(),
        by=cast.user(author),
        at=at or cast.at,
        corrects=corrects,
    )


def row(update: Update, cast, who: str) -> UpdateRecipient:
    return update.recipients.get(party=getattr(cast, who))


def take(cast, update: Update, who: str, plan: str, at=None, **said: object):
    """Acknowledges as one of the cast."""
    return acknowledgements.acknowledge(
        row=row(update, cast, who),
        choice=Choice(plan, **said),
        by=cast.user(who),
        at=at or cast.at,
    )


def answer(cast, update: Update, who: str, at=None, **said: object):
    return replies.reply(
        update=update,
        author=getattr(cast, who),
        answer=Answer(**said),
        form_key=uuid.uuid4(),
        by=cast.user(who),
        at=at or cast.at,
    )


def signed_in(cast, who: str) -> Client:
    """A browser of one of the cast, past the page on non-urgent needs."""
    client = Client()
    client.force_login(cast.user(who))
    drafts.note_safety_notice(by=cast.user(who), at=cast.at)
    return client


def words(response) -> str:
    """What stands in the main part of the page, without marks."""
    html = response.content.decode()
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", " ", main[0] if main else html))
    return " ".join(text.split())


CHANGING = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*"|data-shown="[^"]*"|'
    rb"Last checked [^<]*|name=\"form_key\" value=\"[^\"]*\"|"
    rb'value="[0-9a-f-]{36}" id="id_(decided_)?form_key"'
)


def bytes_of(response) -> bytes:
    """The page, but for what is new on each request: tokens, keys, the clock."""
    return CHANGING.sub(b"", response.content)


def typed(cast, *to: str, **changes: object) -> dict:
    """The composer as filled in by a hurried therapist."""
    said = {
        "to": [str(getattr(cast, who).pk) for who in to or ("bram",)],
        "urgency": "two_days",
        "sleep_hours": "4",
        "suicidal_thoughts": "none",
        "what_changed": "Sleep has dropped to 4 hours since Nov 3.",
        "ask": "review_dose",
        "mentions": ["none"],
        "form_key": str(uuid.uuid4()),
    }
    return {name: value for name, value in (said | changes).items() if value != ""}


def carried(response) -> str:
    """The typed text that a page without the form carries along."""
    found = re.search(r'name="typed" value="([^"]*)"', response.content.decode())
    return unescape(found[1])


def newest() -> Update:
    last = Update.objects.aggregate(at=Max("recorded_at"))["at"]
    return Update.objects.get(recorded_at=last)


SUBSTANCE = LABELS["substance_use"]
