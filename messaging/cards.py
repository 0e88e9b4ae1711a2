"""An update in the words of a page: the same card wherever it is read.

Three headings, always in this order: what I ask, what changed, numbers (SCREENS A3.1).
Built once from rows that the rule has let through; knows nothing of permission.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from carecoord import zones
from messaging import due, headlines
from messaging.codes import (
    PRESENT,
    Appetite,
    Plan,
    RecipientStatus,
    SuicidalThoughts,
    Urgency,
)
from patients.codes import Measure, MissedWhy
from patients.safe_text import safe

if TYPE_CHECKING:
    from messaging.models import Reply, Update, UpdateNumber, UpdateRecipient
    from providers.models import Party

# How urgent it looks. A colour never stands without its words.
TONES = {
    Urgency.TODAY: "urgent",
    Urgency.TWO_DAYS: "warn",
    Urgency.NEXT_VISIT: "act",
    Urgency.INFORMATION: "info",
}


@dataclass(frozen=True)
class NumberLine:
    """One row of the numbers: "Sleep, hours a night", "4", "down from 7"."""

    label: str
    value: str
    trend: str


@dataclass(frozen=True)
class Card:
    """Everything a reader of the update is shown, as text."""

    update: Update
    headline: str
    ask: str
    what_changed: str
    numbers: list[NumberLine]
    facts: list[tuple[str, str]]
    thoughts: str
    thoughts_present: bool
    urgency: str
    tone: str
    answer_by: str
    sent: str
    sent_iso: str
    by: str
    role: str

    @property
    def is_ask(self) -> bool:
        return bool(self.ask)

    @property
    def says_more(self) -> bool:
        """Whether the text says more than the heading does already."""
        return headlines.in_brief(self.what_changed) not in self.headline


def card(
    update: Update, numbers: Iterable[UpdateNumber] | None = None, *, zone: str
) -> Card:
    """The card of one update; `numbers` when they are not stored (the preview)."""
    numbers = list(update.numbers.all() if numbers is None else numbers)
    numbers.sort(key=lambda number: MEASURE_ORDER[number.measure])
    return Card(
        update=update,
        headline=headlines.headline(update, numbers),
        ask=_ask(update),
        what_changed=safe(update.what_changed),
        numbers=[number_line(number) for number in numbers],
        facts=_facts(update),
        thoughts=str(SuicidalThoughts(update.suicidal_thoughts).label),
        thoughts_present=update.suicidal_thoughts in PRESENT,
        urgency=str(Urgency(update.urgency).label),
        tone=TONES[Urgency(update.urgency)],
        answer_by=weekday(update.answer_by_date),
        # A correction is of an older day, and was sent on its own.
        sent=moment(update.recorded_at, zone),
        sent_iso=update.recorded_at.isoformat(),
        by=update.writer.name,
        role=role(update.writer),
    )


MEASURE_ORDER = {measure: place for place, measure in enumerate(Measure.values)}


def number_line(number: UpdateNumber) -> NumberLine:
    return NumberLine(
        label=str(Measure(number.measure).label),
        value=headlines.plain(number.value),
        trend=headlines.trend(number),
    )


def _ask(update: Update) -> str:
    asked = headlines.asked(update)
    detail = safe(update.ask_detail)
    if not asked or not detail or detail in asked:
        return asked
    return f"{asked}: {detail}"


def _facts(update: Update) -> list[tuple[str, str]]:
    """What stands under the numbers, where it was filled in."""
    rows = (
        (_("Since"), weekday(update.since_date)),
        (_("Missed because"), _label(MissedWhy, update.missed_why)),
        (_("Appetite"), _label(Appetite, _asked_appetite(update))),
    )
    return [(label, value) for label, value in rows if value]


def _asked_appetite(update: Update) -> str:
    return "" if update.appetite == Appetite.NOT_ASKED else update.appetite


def _label(codes: type, value: str) -> str:
    return str(codes(value).label) if value else ""


def role(party: Party) -> str:
    """ "therapist": what this clinician is, in one word or two."""
    practitioner = getattr(party, "practitioner", None)
    return practitioner.get_profession_display() if practitioner else ""


def phone(party: Party) -> str:
    practitioner = getattr(party, "practitioner", None)
    return practitioner.phone if practitioner else ""


def weekday(day: date | None) -> str:
    """ "Thu, Nov 20, 2026"; empty for nothing."""
    return date_format(day, "D, M j, Y") if day else ""


def moment(at: datetime | None, zone: str) -> str:
    """ "Nov 20, 2026, 2:14 pm" in the reader's zone; empty for nothing."""
    if at is None:
        return ""
    return zones.instant_words(at, zone)


def clock(at: datetime, zone: str) -> str:
    """ "2:14 pm" in the reader's zone."""
    return zones.time_words(at, zone)


# What became of it, for one recipient ---------------------------------------------


@dataclass(frozen=True)
class RowState:
    """The state of an update for one recipient, in the words of SCREENS E5."""

    row: UpdateRecipient
    name: str
    role: str
    tag: str
    tone: str
    lines: list[str] = field(default_factory=list)
    phone: str = ""
    is_held: bool = False


def row_state(
    row: UpdateRecipient,
    update: Update,
    *,
    at: datetime,
    zone: str,
    with_receipts: bool,
) -> RowState:
    """Sent, opened, acknowledged with its plan, late: what this reader may know."""
    shared: dict[str, Any] = {
        "row": row,
        "name": row.party.name,
        "role": role(row.party),
    }
    if row.status == RecipientStatus.HELD:
        return RowState(
            **shared,
            tag=_("NOT SENT"),
            tone="urgent",
            phone=phone(row.party),
            is_held=True,
        )
    sent = _("Sent %(when)s") % {"when": moment(row.sent_at, zone)}
    if not with_receipts:
        return RowState(**shared, tag=_("Sent"), tone="info", lines=[sent])
    tag, tone = _tag(row)
    late = due.overdue_since(row, update, at=at)
    if late:
        tag = _("Overdue since %(day)s") % {"day": weekday(late)}
        tone = "urgent"
    return RowState(
        **shared,
        tag=tag,
        tone=tone,
        lines=[sent, *_what_happened(row, update, zone)],
        phone=phone(row.party) if late else "",
    )


def _tag(row: UpdateRecipient) -> tuple[str, str]:
    if row.status == RecipientStatus.SENT:
        opened = getattr(row, "opening", None)
        return (_("Opened"), "info") if opened else (_("Sent"), "info")
    words = {
        RecipientStatus.ACKNOWLEDGED: (_("Acknowledged"), "ok"),
        RecipientStatus.REPLIED: (_("Replied"), "ok"),
        RecipientStatus.CLOSED: (_("Closed"), "plain"),
    }
    return words[RecipientStatus(row.status)]


def _what_happened(row: UpdateRecipient, update: Update, zone: str) -> list[str]:
    opening = getattr(row, "opening", None)
    lines = []
    if opening:
        who = {"name": opening.opened_by.name, "when": moment(opening.opened_at, zone)}
        lines.append(_("Opened by %(name)s, %(when)s") % who)
    if row.acknowledged_at and row.acknowledged_by:
        who = {
            "name": row.acknowledged_by.name,
            "when": moment(row.acknowledged_at, zone),
            "plan": plan_words(row),
        }
        lines.append(_("%(name)s, %(when)s: %(plan)s") % who)
    elif row.status == RecipientStatus.SENT and update.answer_by_date:
        lines.append(_("Reply by %(day)s") % {"day": weekday(update.answer_by_date)})
    if row.closed_at:
        lines.append(_("Closed %(when)s") % {"when": moment(row.closed_at, zone)})
    return lines


def plan_words(row: UpdateRecipient) -> str:
    """ "I will call by Thu, Nov 20, 2026" as a statement about somebody else."""
    day = {"day": weekday(row.plan_date)}
    words = {
        Plan.CALL_BY: _("will call by %(day)s") % day,
        Plan.DECIDE_AT: _("will decide at the visit on %(day)s") % day,
        Plan.DECIDED: _("decided"),
        Plan.SEEN: _("seen"),
    }
    if row.plan == Plan.NOT_MINE:
        to = row.passed_to.name if row.passed_to else ""
        return _("not mine, passed to %(name)s") % {"name": to}
    return words[Plan(row.plan)]


@dataclass(frozen=True)
class ReplyCard:
    """An answer, as text."""

    by: str
    role: str
    when: str
    iso: str
    text: str
    decision: str
    watch_for: str
    watch_until: str


def reply_card(reply: Reply, *, zone: str) -> ReplyCard:
    return ReplyCard(
        by=reply.writer.name,
        role=role(reply.writer),
        when=moment(reply.occurred_at, zone),
        iso=reply.occurred_at.isoformat(),
        text=reply.text,
        decision=reply.decision,
        watch_for=reply.watch_for,
        watch_until=_weeks(reply.watch_weeks),
    )


def _weeks(weeks: int | None) -> str:
    if not weeks:
        return ""
    return _("1 week") if weeks == 1 else _("%(n)d weeks") % {"n": weeks}
