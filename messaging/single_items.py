"""Updates and answers one by one, in full words (consents/describing.py)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from consents import describing
from consents.describing import Described
from messaging import cards
from messaging.models import Reply, Update
from patients.safe_text import safe


def hand_in() -> None:
    """Once, when the app starts."""
    describing.provide("messaging.update", _update)
    describing.provide("messaging.reply", _reply)


def _update(item: Update, zone: str) -> Described:
    card = cards.card(item, zone=zone)
    numbers = [f"{line.label}: {line.value}" for line in card.numbers]
    said = [
        _("Suicidal thoughts: %(answer)s") % {"answer": card.thoughts},
        card.what_changed,
        *numbers,
        *(f"{label}: {text}" for label, text in card.facts),
        _("Asked: %(ask)s") % {"ask": card.ask} if card.ask else "",
    ]
    title = _("Update by %(name)s, %(when)s") % {"name": card.by, "when": card.sent}
    return Described(title, tuple(safe(line) for line in said if line))


def _reply(item: Reply, zone: str) -> Described:
    reply = cards.reply_card(item, zone=zone)
    said = (reply.decision, reply.watch_for, reply.text)
    title = _("Answer by %(name)s, %(when)s") % {"name": reply.by, "when": reply.when}
    return Described(title, tuple(safe(line) for line in said if line))
