"""Updates as plain text, for a clinician's own chart or a patient's own folder."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from carecoord.plain_text import Section, as_plain_text
from consents import lines
from messaging import cards
from patients.safe_text import safe

if TYPE_CHECKING:
    from consents.part2 import Part2Notice
    from messaging.access.updates import OpenUpdate
    from patients.models import Patient


def update_text(
    found: OpenUpdate,
    *,
    patient: Patient,
    zone: str,
    at: datetime,
    notice: Part2Notice | None = None,
) -> str:
    """The update and its answers as this reader may see them, safe to paste.

    Amounts are in the safe form of the ISMP table, whatever was typed before.
    """
    card = cards.card(found.update, zone=zone)
    born = cards.weekday(patient.birth_date).partition(", ")[2] or _("not recorded")
    about = {"name": patient.name, "born": born}
    sections = [
        Section(
            _("What I ask"),
            [card.ask or _("Nothing, for information"), *_by(card)],
        ),
        Section(_("What changed"), [card.what_changed or _("Nothing written")]),
        Section(_("Suicidal thoughts"), [card.thoughts]),
        Section(_("Numbers"), _numbers(card) or [_("No numbers")]),
        *(_answer(cards.reply_card(reply, zone=zone)) for reply in found.replies),
    ]
    text = as_plain_text(
        title=card.headline,
        head=[
            _("%(name)s, born %(born)s") % about,
            _("From %(name)s, %(role)s, %(when)s")
            % {"name": card.by, "role": card.role, "when": card.sent},
            *_corrected(found, zone),
        ],
        sections=sections,
        foot=[
            lines.choice(),
            *(notice.lines if notice else ()),
            _("Copied %(when)s") % {"when": cards.moment(at, zone)},
        ],
    )
    return safe(text)


def _by(card: cards.Card) -> list[str]:
    found = [safe(card.update.if_then)] if card.update.if_then else []
    if card.answer_by:
        found.insert(0, _("Reply by %(day)s") % {"day": card.answer_by})
    return found


def _numbers(card: cards.Card) -> list[str]:
    counted = [
        f"{line.label}: {line.value}" + (f" ({line.trend})" if line.trend else "")
        for line in card.numbers
    ]
    return counted + [f"{label}: {value}" for label, value in card.facts]


def _answer(reply: cards.ReplyCard) -> Section:
    weeks = f" ({reply.watch_until})" if reply.watch_until else ""
    watch = _("Watch for") + weeks
    parts = (
        (_("Decided"), reply.decision),
        (watch, reply.watch_for),
        ("", reply.text),
    )
    heading = _("Answer from %(name)s, %(when)s") % {
        "name": reply.by,
        "when": reply.when,
    }
    return Section(
        heading,
        [f"{label}: {text}" if label else text for label, text in parts if text],
    )


def _corrected(found: OpenUpdate, zone: str) -> list[str]:
    if not found.corrected_by:
        return []
    when = cards.moment(found.corrected_by.recorded_at, zone)
    return [_("Corrected on %(when)s. Read the new version.") % {"when": when}]
